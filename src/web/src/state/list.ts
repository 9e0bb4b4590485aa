// The list of conversations in the middle: a window of rows around what is shown, loaded by keyset pages; far rows
// are dropped. Rows that come or change by events keep their place while they are looked at: newcomers wait behind a
// count until the reader asks for them.
import {computed, signal} from '@preact/signals';
import {get, query} from '../api/http';
import type {Conversation, Page} from '../api/types';

const PAGE = 100;

export interface ListQuery {
    view: string;
    q: string;
    sort: string;
}

export type ListState = 'loading' | 'ready' | 'failed';

export const rows = signal<readonly Conversation[]>([]);
export const listState = signal<ListState>('loading');
export const hasMore = computed(() => next.value !== null);
export const waitingRows = signal(0); // newer ones that are not shown yet
export const loadedAt = signal<string | null>(null);

const next = signal<string | null>(null);
let asked: ListQuery = {view: 'open', q: '', sort: ''};
let loading: AbortController | null = null;
let isLoadingMore = false;

const path = (cursor: string | null): string =>
    query('/api/v1/conversations', {view: asked.view, q: asked.q, sort: asked.sort, limit: PAGE, cursor});

// Gives the sequence that the page stands at, for the stream.
export async function loadList(wanted: ListQuery): Promise<number | null> {
    loading?.abort();
    loading = new AbortController();
    const isOther = wanted.view !== asked.view || wanted.q !== asked.q || wanted.sort !== asked.sort;
    asked = wanted;
    if (isOther) rows.value = [];
    listState.value = rows.value.length > 0 ? 'ready' : 'loading';
    try {
        const page = await get<Page<Conversation>>(path(null), {signal: loading.signal});
        rows.value = page.items;
        next.value = page.next;
        waitingRows.value = 0;
        loadedAt.value = new Date().toISOString();
        listState.value = 'ready';
        return page.event_seq ?? null;
    } catch (error) {
        if ((error as Error).name !== 'AbortError') listState.value = 'failed';
        return null;
    }
}

export const listQuery = (): ListQuery => asked;
export const reloadList = (): Promise<number | null> => loadList(asked);

export async function loadMore(): Promise<void> {
    if (isLoadingMore || next.value === null) return;
    isLoadingMore = true;
    try {
        const page = await get<Page<Conversation>>(path(next.value));
        const known = new Set(rows.value.map(({id}) => id));
        rows.value = [...rows.value, ...page.items.filter(({id}) => !known.has(id))];
        next.value = page.next;
    } catch {
        listState.value = rows.value.length > 0 ? 'ready' : 'failed';
    } finally {
        isLoadingMore = false;
    }
}

export function replaceRow(row: Conversation): void {
    const at = rows.value.findIndex(({id}) => id === row.id);
    if (at < 0) return;
    const copy = rows.value.slice();
    copy[at] = row;
    rows.value = copy;
}

export function removeRow(id: string): void {
    rows.value = rows.value.filter((row) => row.id !== id);
}

export function insertRow(row: Conversation, at: number): void {
    const copy = rows.value.filter(({id}) => id !== row.id);
    copy.splice(at, 0, row);
    rows.value = copy;
}

// Conversations that events named, asked for together once a frame or so.
const touched = new Set<string>();
let timer = 0;

export function touchRow(id: string): void {
    touched.add(id);
    if (timer === 0) timer = window.setTimeout(refreshTouched, 150);
}

async function refreshTouched(): Promise<void> {
    const ids = [...touched].slice(0, 200);
    touched.clear();
    timer = 0;
    const shown = new Set(rows.value.map(({id}) => id));
    const known = ids.filter((id) => shown.has(id));
    waitingRows.value += ids.length - known.length;
    if (known.length === 0) return;
    try {
        const page = await get<Page<Conversation>>(query('/api/v1/conversations', {ids: known.join(',')}));
        for (const row of page.items) replaceRow(row);
    } catch {
        // shown as it was; the next event or load brings it
    }
}
