// Replies and notes on their way: what was written goes at once, and comes back whole when it is refused or taken back.
import {signal} from '@preact/signals';
import {newKey, type Problem} from '../api/http';
import type {Conversation, Message} from '../api/types';
import {t} from '../i18n/text';
import {forget, messages, open, openId} from '../state/conversation';
import {bringBack, draftSent, dropStored, type Mode, takeDraft, type Written} from '../state/draft';
import {mentionsIn} from '../state/mentions';
import {submit} from '../state/pending';
import {problemText} from '../state/problems';
import {agents, channels, teams} from '../state/session';
import {say} from '../state/toasts';
import {resolved} from './actions';
import {openRow} from './selection';

// What somebody wrote that the writer had not seen when the reply was to go.
export interface Newer {
    conversation: string;
    messages: readonly Message[];
    seen: string;
    resolves: boolean;
}

export const newer = signal<Newer | null>(null);

const UNDO_SECONDS: Record<string, number> = {email: 10};
const sent = new Map<string, Written>(); // by client key, for taking back

export const leaves = new Map<string, number>(); // when what was sent here goes out, by message

function refresh(id: string): void {
    forget(id);
    if (openId.value === id) void open(id);
}

// key: the client's key or the id of the message.
export function takeBack(conversation: string, key: string, otherwise: string): void {
    submit({
        lane: conversation,
        method: 'DELETE',
        path: `/api/v1/messages/${key}`,
        done: () => {
            bringBack(conversation, 'reply', sent.get(key) ?? {text: otherwise, files: []});
            refresh(conversation);
            if (openId.value !== conversation) openRow(conversation);
        },
        failed: (problem) => {
            refresh(conversation);
            say(problemText(problem), {kind: 'failed'});
        },
    });
}

function refused(row: Conversation, kind: Mode, what: Written, resolves: boolean, problem: Problem): void {
    bringBack(row.id, kind, what);
    if (openId.value !== row.id) openRow(row.id);
    if (problem.code !== 'newer_messages') {
        say(problemText(problem), {kind: 'failed'});
        return;
    }
    const {messages: unseen, seen} = problem.body as unknown as {messages: Message[]; seen: string};
    newer.value = {conversation: row.id, messages: unseen, seen, resolves};
    refresh(row.id);
}

function bodyOf(what: Written, more: {key: string; undo: number; seen: string | undefined; draft: string | null}) {
    return {
        text: what.text.trim(),
        client_key: more.key,
        undo_seconds: more.undo,
        ...(what.files.length > 0 ? {attachments: what.files.map(({id}) => ({upload: id}))} : {}),
        ...(more.seen ? {seen: more.seen} : {}),
        ...(more.draft ? {draft: more.draft} : {}),
    };
}

export async function sendReply(row: Conversation, what: Written, resolves: boolean, seen?: string): Promise<void> {
    const undo = UNDO_SECONDS[channels.value.get(row.channel_id)?.kind ?? ''] ?? 0;
    const key = newKey();
    const last = seen ?? messages.value.at(-1)?.id;
    newer.value = null;
    sent.set(key, what);
    if (resolves) resolved(row);
    const draft = await takeDraft(row.id, 'reply');
    submit({
        lane: row.id,
        method: 'POST',
        path: `/api/v1/conversations/${row.id}/replies`,
        body: {...bodyOf(what, {key, undo, seen: last, draft}), ...(resolves ? {status: 'resolved'} : {})},
        done: (data) => {
            const {id, received_at: made} = data as Message;
            sent.set(id, what);
            leaves.set(id, Date.parse(made) + undo * 1000);
            draftSent(row.id, 'reply', what);
            refresh(row.id);
            say(
                t(resolves ? 'composer.sent_resolved' : 'composer.sent'),
                undo > 0 ? {undo: () => takeBack(row.id, key, what.text)} : {},
            );
        },
        failed: (problem) => refused(row, 'reply', what, resolves, problem),
    });
}

export async function addNote(row: Conversation, what: Written): Promise<void> {
    const draft = await takeDraft(row.id, 'note');
    submit({
        lane: row.id,
        method: 'POST',
        path: `/api/v1/conversations/${row.id}/notes`,
        body: {
            text: what.text.trim(),
            mentions: mentionsIn(what.text, agents.value.values(), teams.value.values()),
        },
        done: () => {
            draftSent(row.id, 'note', what);
            if (draft) dropStored(row.id);
            refresh(row.id);
        },
        failed: (problem) => refused(row, 'note', what, false, problem),
    });
}
