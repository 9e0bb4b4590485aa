// What agents do with conversations by key, button or palette.

import type {Conversation} from '../api/types';
import {t} from '../i18n/text';
import {change, conversation, forget} from '../state/conversation';
import {insertRow, rows} from '../state/list';
import {afterResolve} from '../state/preferences';
import {agentName, me} from '../state/session';
import {say} from '../state/toasts';
import {neighbourOf, openRow} from './selection';

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
