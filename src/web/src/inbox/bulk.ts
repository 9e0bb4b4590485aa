// One change for many: those that are picked, or all that the list's view and search find, as a job of the server
// that tells how far it is and can be undone.
import {signal} from '@preact/signals';
import {Problem, post} from '../api/http';
import {t} from '../i18n/text';
import {listen} from '../live/stream';
import type {ChangeBody} from '../state/conversation';
import {listQuery, rows, touchRow} from '../state/list';
import {submit} from '../state/pending';
import {problemText} from '../state/problems';
import {say} from '../state/toasts';
import {clearPicks, picked, picksAll} from './selection';

export interface Job {
    id: string;
    state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone';
    total: number;
    changed: number;
    failed: number;
    undone: number;
    undo_until: string | null;
}

interface OpsItem {
    id: string;
    changed: boolean;
    version?: number;
    undo?: ChangeBody | null;
    detail?: string;
}

export const job = signal<Job | null>(null);

listen({
    live: ({type, bulk}) => {
        if (type === 'bulk' && job.value?.id === (bulk as Job).id) job.value = bulk as Job;
    },
});

function putBack(items: readonly OpsItem[]): void {
    for (const item of items)
        submit({
            lane: item.id,
            method: 'PATCH',
            path: `/api/v1/conversations/${item.id}`,
            body: item.undo,
            version: () => item.version,
            done: () => touchRow(item.id),
            failed: (problem) => say(problemText(problem), {kind: 'failed'}),
        });
}

function settled(items: readonly OpsItem[]): void {
    const changed = items.filter((item) => item.changed);
    const refused = items.find((item) => !item.changed && item.detail);
    for (const {id} of changed) touchRow(id);
    say(t('bulk.done', {count: changed.length}), {undo: () => putBack(changed.filter(({undo}) => undo))});
    if (refused) say(refused.detail!, {kind: 'failed'});
}

const OPS_MAX = 200;

function changePicked(change: ChangeBody): void {
    const ids = [...picked.value];
    if (change.status) rows.value = rows.value.filter(({id}) => !picked.value.has(id));
    for (let at = 0; at < ids.length; at += OPS_MAX)
        submit({
            lane: 'bulk',
            method: 'POST',
            path: '/api/v1/conversations/ops',
            body: {ids: ids.slice(at, at + OPS_MAX), change},
            done: (data) => settled((data as {items: OpsItem[]}).items),
            failed: (problem) => {
                for (const id of ids) touchRow(id);
                say(problemText(problem), {kind: 'failed'});
            },
        });
}

async function ask(path: string, body: unknown): Promise<void> {
    try {
        job.value = await post<Job>(path, body);
    } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        say(problemText(problem), {kind: 'failed'});
    }
}

export function changeMany(change: ChangeBody): void {
    if (picksAll.value) {
        const {view, q} = listQuery();
        void ask('/api/v1/conversations/ops', {view, query: q, change});
    } else changePicked(change);
    clearPicks();
}

export const undoJob = (id: string): Promise<void> => ask(`/api/v1/bulk/${id}/undo`, {});
export const cancelJob = (id: string): Promise<void> => ask(`/api/v1/bulk/${id}/cancel`, {});
