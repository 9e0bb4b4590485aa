// Changes on their way to the server: one after another for each conversation, tried again with the same key while
// the line is down, told to whoever made them when they fail (ui.md 5.8).
import {computed, signal} from '@preact/signals';
import {newKey, Problem, send} from '../api/http';

export interface Change {
    lane: string; // what it is about: changes of one lane keep their order
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
    path: string;
    body?: unknown;
    version?: () => number | undefined; // asked when it is sent
    done: (data: unknown, version: number | null) => void;
    failed: (problem: Problem) => void;
}

interface Queued extends Change {
    key: string;
    tries: number;
}

const lanes = new Map<string, Queued[]>();
const count = signal(0);

// How many wait, and whether the last try found no server.
export const pendingCount = computed(() => count.value);
export const isOffline = signal(false);

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;

function pause(tries: number): Promise<void> {
    const base = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** tries);
    return new Promise((resolve) => {
        const stop = () => {
            clearTimeout(timer);
            window.removeEventListener('online', stop);
            resolve();
        };
        const timer = setTimeout(stop, base * (0.5 + Math.random()));
        window.addEventListener('online', stop);
    });
}

// TRUE when it has its end, good or bad.
async function attempt(change: Queued): Promise<boolean> {
    try {
        const version = change.version?.();
        const answer = await send<unknown>(change.method, change.path, {
            key: change.key,
            ...(change.body === undefined ? {} : {body: change.body}),
            ...(version === undefined ? {} : {version}),
        });
        isOffline.value = false;
        change.done(answer.data, answer.version);
        return true;
    } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        isOffline.value = problem.status === 0;
        if (problem.isPassing || problem.status === 401) return false;
        change.failed(problem);
        return true;
    }
}

async function work(lane: string): Promise<void> {
    const queue = lanes.get(lane)!;
    while (queue.length > 0) {
        const change = queue[0]!;
        if (await attempt(change)) {
            queue.shift();
            count.value--;
        } else {
            await pause(change.tries++);
        }
    }
    lanes.delete(lane);
}

export function submit(change: Change): void {
    const queue = lanes.get(change.lane);
    const queued = {...change, key: newKey(), tries: 0};
    count.value++;
    if (queue) {
        queue.push(queued);
        return;
    }
    lanes.set(change.lane, [queued]);
    void work(change.lane);
}

window.addEventListener('beforeunload', (event) => {
    if (count.value > 0) event.preventDefault();
});
