// Which row is current, which are picked, and moving between them. The first press opens at once; a key that is held
// moves the mark alone and opens where it stops (ui.md 4.2).
import {signal} from '@preact/signals';
import {place, setQuery} from '../router';
import {close, open, openId, prefetch} from '../state/conversation';
import {rows} from '../state/list';

export const current = signal<string | null>(null);
export const picked = signal<ReadonlySet<string>>(new Set());

const FAST_MS = 150;
const SETTLE_MS = 120;
let movedAt = 0;
let settling = 0;

// In one step, so that whoever goes on typing writes to the conversation that is marked.
export function show(id: string | null): void {
    current.value = id;
    if (id === null) close();
    else if (openId.value !== id) void open(id);
}

// The conversation in the address bar is the one that is shown.
export function openRow(id: string | null): void {
    clearTimeout(settling);
    show(id);
    if (place.value.query.get('c') !== id) setQuery({c: id});
    const at = rows.value.findIndex((row) => row.id === id);
    const next = rows.value[at + 1];
    if (at >= 0 && next) setTimeout(() => prefetch(next.id), 50);
}

export function move(by: number): void {
    const at = rows.value.findIndex(({id}) => id === current.value);
    const to = Math.min(rows.value.length - 1, Math.max(0, at < 0 ? 0 : at + by));
    const row = rows.value[to];
    if (!row) return;
    const isFast = performance.now() - movedAt < FAST_MS;
    movedAt = performance.now();
    if (!isFast) {
        openRow(row.id);
        return;
    }
    current.value = row.id;
    clearTimeout(settling);
    settling = window.setTimeout(() => openRow(row.id), SETTLE_MS);
}

// After a row went: the one that stands in its place now, else the one before.
export function neighbourOf(id: string): string | null {
    const at = rows.value.findIndex((row) => row.id === id);
    return (rows.value[at + 1] ?? rows.value[at - 1])?.id ?? null;
}

export function pick(id: string): void {
    const next = new Set(picked.value);
    if (!next.delete(id)) next.add(id);
    picksAll.value = false;
    picked.value = next;
}

// All that the view holds, also what is not loaded.
export const picksAll = signal(false);

export function clearPicks(): void {
    picked.value = new Set();
    picksAll.value = false;
}

export function pickLoaded(): void {
    picked.value = new Set(rows.value.map(({id}) => id));
}

// The current row and the one that the step leads to.
export function extendPick(by: number): void {
    const next = new Set(picked.value);
    const at = rows.value.findIndex(({id}) => id === current.value);
    const to = rows.value[Math.min(rows.value.length - 1, Math.max(0, at + by))];
    if (current.value !== null) next.add(current.value);
    if (to) next.add(to.id);
    picked.value = next;
    if (to) current.value = to.id;
}

export const isOpen = (): boolean => openId.value !== null;
