// The event stream (ui.md 5.7): the leading tab reads it and hands each event to all tabs; a tab that takes over
// resumes after the last one that it saw. Events of the log have a dense id and come once; live ones have none.
import {signal} from '@preact/signals';
import {whenLeader} from './leader';

export interface LogEvent {
    seq: number;
    id: string;
    type: string;
    conversation_id: string | null;
    channel_id: string | null;
    message_id: string | null;
    actor: string;
    actor_id: string | null;
    occurred_at: string;
    data: Record<string, unknown>;
}

export interface LiveEvent {
    type: string;
    [member: string]: unknown;
}

export type LinkState = 'connecting' | 'live' | 'reconnecting';

type Message = {log: LogEvent} | {live: LiveEvent} | {state: LinkState} | {reset: true} | {ask: true};

export const linkState = signal<LinkState>('connecting');

const SILENCE_MS = 40_000;
const RETRY_MS = 1000;

export interface Listener {
    log?: (event: LogEvent) => void;
    live?: (event: LiveEvent) => void;
    reset?: () => void; // what was missed cannot be had: load again
}

const listeners = new Set<Listener>();

export function listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

let last = 0;

function take(message: Message): void {
    if ('state' in message) {
        linkState.value = message.state;
    } else if ('log' in message) {
        if (message.log.seq <= last) return;
        last = message.log.seq;
        for (const listener of listeners) listener.log?.(message.log);
    } else if ('live' in message) {
        for (const listener of listeners) listener.live?.(message.live);
    } else if ('reset' in message) {
        for (const listener of listeners) listener.reset?.();
    }
}

function readOnce(signal: AbortSignal, tell: (message: Message) => void): Promise<void> {
    return new Promise((resolve) => {
        const source = new EventSource(`/api/v1/events?since=${last}`);
        let heard = Date.now();
        const end = () => {
            clearInterval(watch);
            source.close();
            resolve();
        };
        const watch = setInterval(() => Date.now() - heard > SILENCE_MS && end(), 5000);
        signal.addEventListener('abort', end);
        source.onopen = () => {
            heard = Date.now();
            tell({state: 'live'});
        };
        source.onmessage = (event) => {
            heard = Date.now();
            tell({log: {...(JSON.parse(event.data) as LogEvent), seq: Number(event.lastEventId)}});
        };
        source.addEventListener('live', (event) => {
            heard = Date.now();
            tell({live: JSON.parse((event as MessageEvent<string>).data) as LiveEvent});
        });
        source.addEventListener('reset', () => tell({reset: true}));
        source.addEventListener('bye', end);
        source.onerror = end;
    });
}

let isBegun = false;

// Once for the page, whichever screen is first to know the sequence of what it shows.
export function beginStream(after: number): void {
    if (isBegun) return;
    isBegun = true;
    startStream(after);
}

// Begins after the sequence of what was loaded; ends with the returned function.
export function startStream(after: number): () => void {
    last = after;
    const channel = 'BroadcastChannel' in window ? new BroadcastChannel('dialogd-events') : null;
    const tell = (message: Message) => {
        take(message);
        channel?.postMessage(message);
    };
    let isLeading = false;
    if (channel) {
        channel.onmessage = ({data}: MessageEvent<Message>) => {
            if ('ask' in data) isLeading && channel.postMessage({state: linkState.value});
            else take(data);
        };
        channel.postMessage({ask: true});
    }
    const stop = whenLeader(async (signal) => {
        isLeading = true;
        while (!signal.aborted) {
            await readOnce(signal, tell);
            if (signal.aborted) break;
            tell({state: 'reconnecting'});
            await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (0.5 + Math.random())));
        }
        isLeading = false;
    });
    return () => {
        stop();
        channel?.close();
    };
}
