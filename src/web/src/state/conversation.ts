// The conversation that is open: its row, its messages (the newest page, older ones on demand), and what agents do
// to it. Changes show at once and go back with a reason when the server refuses.
import {signal} from '@preact/signals';
import {get, type Problem, query} from '../api/http';
import type {Conversation, Message, Page} from '../api/types';
import {removeRow, replaceRow, rows} from './list';
import {submit} from './pending';
import {problemText} from './problems';
import {say} from './toasts';

export const openId = signal<string | null>(null);
export const conversation = signal<Conversation | null>(null);
export const messages = signal<readonly Message[]>([]);
export const older = signal<string | null>(null); // cursor
export const problem = signal<Problem | null>(null);

interface Loaded {
    row: Conversation;
    page: Page<Message>;
    at: number;
}

// What was fetched ahead: the next conversation opens at once.
const ahead = new Map<string, Promise<Loaded>>();
const AHEAD_MS = 20_000;

async function fetchConversation(id: string): Promise<Loaded> {
    const [row, page] = await Promise.all([
        get<Conversation>(`/api/v1/conversations/${id}`),
        get<Page<Message>>(query(`/api/v1/conversations/${id}/messages`, {limit: 30})),
    ]);
    return {row, page, at: Date.now()};
}

export function prefetch(id: string): void {
    if (ahead.has(id)) return;
    const loading = fetchConversation(id);
    loading.catch(() => ahead.delete(id));
    ahead.set(id, loading);
    setTimeout(() => ahead.delete(id), AHEAD_MS);
}

export const forget = (id: string): boolean => ahead.delete(id);

export async function open(id: string): Promise<void> {
    if (openId.value !== id) {
        openId.value = id;
        conversation.value = rows.value.find((row) => row.id === id) ?? null;
        messages.value = [];
        older.value = null;
    }
    problem.value = null;
    try {
        const loaded = await (ahead.get(id) ?? fetchConversation(id));
        if (openId.value !== id) return;
        conversation.value = loaded.row;
        messages.value = loaded.page.items;
        older.value = loaded.page.previous ?? null;
        replaceRow(loaded.row);
    } catch (error) {
        const isKept = (error as Problem).isPassing && messages.value.length > 0; // what was read stays readable
        if (openId.value === id && !isKept) problem.value = error as Problem;
    }
}

export function close(): void {
    openId.value = null;
    conversation.value = null;
    messages.value = [];
}

export async function loadOlder(): Promise<void> {
    const id = openId.value;
    if (id === null || older.value === null) return;
    const page = await get<Page<Message>>(
        query(`/api/v1/conversations/${id}/messages`, {limit: 30, cursor: older.value}),
    );
    if (openId.value !== id) return;
    messages.value = [...page.items, ...messages.value];
    older.value = page.previous ?? null;
}

export type ChangeBody = Partial<
    Pick<Conversation, 'status' | 'assignee_id' | 'team_id' | 'priority' | 'subject' | 'snoozed_until'>
> & {add_tags?: string[]; remove_tags?: string[]; no_reply_needed?: boolean};

function preview(row: Conversation, body: ChangeBody): Conversation {
    const {add_tags = [], remove_tags = [], no_reply_needed: _, ...fields} = body;
    const tags = [...new Set([...row.tags, ...add_tags])].filter((tag) => !remove_tags.includes(tag));
    return {...row, ...fields, tags};
}

function show(row: Conversation): void {
    if (conversation.value?.id === row.id) conversation.value = row;
    replaceRow(row);
}

// Shown at once; done gets what the server made of it. leaves: the row goes out of the list.
export function change(
    row: Conversation,
    body: ChangeBody,
    {leaves = false, done}: {leaves?: boolean; done?: (row: Conversation) => void} = {},
): void {
    const before = rows.value;
    show(preview(row, body));
    if (leaves) removeRow(row.id);
    submit({
        lane: row.id,
        method: 'PATCH',
        path: `/api/v1/conversations/${row.id}`,
        body,
        done: (data) => {
            show(data as Conversation);
            forget(row.id);
            done?.(data as Conversation);
        },
        failed: (refused) => {
            show(row);
            if (leaves) rows.value = before;
            say(problemText(refused), {kind: 'failed'});
        },
    });
}
