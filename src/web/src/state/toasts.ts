// Short remarks at the edge: what was done, with a way back. Never for what needs a decision.
import {signal} from '@preact/signals';

export interface Toast {
    id: number;
    text: string;
    undo?: () => void;
    kind: 'done' | 'failed';
}

const SHOWN_MS = 8000;
let next = 1;

export const toasts = signal<readonly Toast[]>([]);

export function dropToast(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function say(text: string, {undo, kind = 'done'}: {undo?: () => void; kind?: Toast['kind']} = {}): number {
    const id = next++;
    toasts.value = [...toasts.value.slice(-2), {id, text, kind, ...(undo ? {undo} : {})}];
    setTimeout(() => dropToast(id), SHOWN_MS);
    return id;
}

// z: the newest that can be undone.
export function undoLast(): boolean {
    const toast = [...toasts.value].reverse().find((one) => one.undo);
    if (!toast) return false;
    dropToast(toast.id);
    toast.undo?.();
    return true;
}
