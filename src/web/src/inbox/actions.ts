// What agents do with conversations by key, button or palette.

import {post, put, remove} from '../api/http';
import type {Conversation} from '../api/types';
import {t, withTexts} from '../i18n/text';
import {type ChangeBody, change, conversation, forget} from '../state/conversation';
import {insertRow, replaceRow, rows} from '../state/list';
import {afterResolve} from '../state/preferences';
import {agentName, me} from '../state/session';
import {say} from '../state/toasts';
import {current, neighbourOf, openRow, picked} from './selection';

// Where to after a conversation left the list: by the reader's choice.
function moveOn(id: string): void {
    if (afterResolve.value === 'next') openRow(neighbourOf(id));
    else if (afterResolve.value === 'list') openRow(null);
}

// A reply took the status with it.
export function resolved(row: Conversation): void {
    moveOn(row.id);
}

export function resolve(stays = false): void {
    const row = conversation.value;
    if (!row || row.status === 'resolved') return;
    const before = row.status;
    const at = rows.value.findIndex(({id}) => id === row.id);
    if (!stays) moveOn(row.id);
    const leaves = !stays && at >= 0;
    const undo = () => {
        if (leaves) insertRow({...row, status: 'resolved'}, at);
        change({...row, status: 'resolved'}, {status: before});
        openRow(row.id);
    };
    forget(row.id);
    change(row, {status: 'resolved'}, {leaves});
    say(t('done.resolved', {name: row.customer.name || row.subject}), {undo});
}

export function reopen(): void {
    const row = conversation.value;
    if (row) change(row, {status: 'open'});
}

export function assign(agent: string | null): void {
    const row = conversation.value;
    if (!row || row.assignee_id === agent) return;
    const before = row.assignee_id;
    change(row, {assignee_id: agent});
    say(t(agent ? 'done.assigned' : 'done.unassigned', {name: agentName(agent)}), {
        undo: () => change({...row, assignee_id: agent}, {assignee_id: before}),
    });
}

export function assignToMe(): void {
    if (me.value?.id) assign(me.value.id);
}

export function setPriority(priority: number): void {
    const row = conversation.value;
    if (!row) return;
    const before = row.priority;
    change(row, {priority});
    say(t('done.priority'), {undo: () => change({...row, priority}, {priority: before})});
}

// The one that a change is for; null while several are picked.
export function subject(): Conversation | null {
    if (picked.value.size > 0) return null;
    return conversation.value ?? rows.value.find(({id}) => id === current.value) ?? null;
}

export const hasSubject = (): boolean => picked.value.size > 0 || subject() !== null;

function inverse(row: Conversation, body: ChangeBody): ChangeBody {
    const {add_tags = [], remove_tags = [], no_reply_needed: _, ...fields} = body;
    const before = Object.fromEntries(Object.keys(fields).map((name) => [name, row[name as keyof typeof fields]]));
    const back = remove_tags.filter((tag) => row.tags.includes(tag));
    const away = add_tags.filter((tag) => !row.tags.includes(tag));
    if (row.status !== 'snoozed') delete before['snoozed_until'];
    return {
        ...before,
        ...(back.length ? {add_tags: back} : {}),
        ...(away.length ? {remove_tags: away} : {}),
    };
}

// A change of what is picked, else of the one that is open or current; with a way back.
export function act(body: ChangeBody, text: string): void {
    if (picked.value.size > 0) {
        void withTexts(import('./bulk')).then(({changeMany}) => changeMany(body));
        return;
    }
    const row = subject();
    if (!row) return;
    const at = rows.value.findIndex(({id}) => id === row.id);
    const leaves = at >= 0 && body.status !== undefined && body.status !== 'open' && body.status !== row.status;
    if (leaves) moveOn(row.id);
    change(row, body, {leaves});
    say(text, {
        undo: () => {
            if (leaves) insertRow({...row}, at);
            change({...row, ...pickFields(body)}, inverse(row, body));
        },
    });
}

function pickFields(body: ChangeBody): Partial<Conversation> {
    const {add_tags: _add, remove_tags: _remove, no_reply_needed: _no, ...fields} = body;
    return fields as Partial<Conversation>;
}

export function markUnread(): void {
    const row = subject();
    if (!row) return;
    openRow(null);
    replaceRow({...row, unread: true});
    post(`/api/v1/conversations/${row.id}/unread`, {}).catch(() => replaceRow(row));
}

export function markRead(row: Conversation): void {
    replaceRow({...row, unread: false});
    post(`/api/v1/conversations/${row.id}/read`, {}).catch(() => {});
}

export function nextUnread(): void {
    const at = rows.value.findIndex(({id}) => id === current.value);
    const next = [...rows.value.slice(at + 1), ...rows.value.slice(0, Math.max(0, at))].find(({unread}) => unread);
    if (next) openRow(next.id);
    else say(t('done.no_unread'));
}

export async function follow(): Promise<void> {
    const row = conversation.value;
    const own = me.value?.id;
    if (!row || !own) return;
    const follows = row.followers?.includes(own);
    const path = `/api/v1/conversations/${row.id}/followers/${own}`;
    await (follows ? remove(path) : put(path, {}));
    const others = (row.followers ?? []).filter((id) => id !== own);
    if (conversation.value?.id === row.id)
        conversation.value = {...conversation.value, followers: follows ? others : [...others, own]};
    say(t(follows ? 'done.unfollowed' : 'done.followed'));
}

export async function copyLink(): Promise<void> {
    const row = subject();
    if (!row) return;
    const link = `${window.location.origin}/app/inbox/all?c=${row.id}`;
    try {
        await navigator.clipboard.writeText(link);
        say(t('done.link_copied'));
    } catch {
        say(link);
    }
}
