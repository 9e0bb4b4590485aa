// All that can be done from the keyboard, as one table: it feeds the keys, the palette, the help sheet and the
// tooltips of buttons. Screens add their commands while they are shown.
import {computed, signal} from '@preact/signals';
import type {Key} from '../i18n/text';

export interface Command {
    id: string;
    title: Key;
    keys: string[]; // "j", "ArrowDown", "Shift+E", "Mod+K", "g i" (a chord)
    group: 'go' | 'list' | 'conversation' | 'composer' | 'general';
    isHidden?: boolean; // not in palette and help: a second way
    inFields?: boolean; // also while typing (only Mod+... and Escape)
    when?: () => boolean;
    run: () => void;
}

const layers = signal<readonly (readonly Command[])[]>([]);

// The commands that stand now; a later layer hides those of the same id.
export const commands = computed<readonly Command[]>(() => {
    const byId = new Map<string, Command>();
    for (const layer of layers.value) for (const command of layer) byId.set(command.id, command);
    return [...byId.values()];
});

const known = signal<ReadonlyMap<string, Command>>(new Map());

// All that there are, whatever screen is shown: for choosing keys.
export const knownCommands = computed<readonly Command[]>(() => [...known.value.values()]);

// For screens whose commands stand as a table: known before the screen is shown.
export function declareCommands<T extends readonly Command[]>(layer: T): T {
    known.value = new Map([...known.value, ...layer.map((command) => [command.id, command] as const)]);
    return layer;
}

export function addCommands(layer: readonly Command[]): () => void {
    declareCommands(layer);
    layers.value = [...layers.value, layer];
    return () => {
        layers.value = layers.value.filter((other) => other !== layer);
    };
}

// What the reader changed: command id to keys; an empty list switches it off. Kept in this browser.
const STORED = 'dialogd-keys';

interface Bindings {
    singles: boolean; // single keys may be switched off (WCAG 2.1.4)
    keys: Record<string, string[]>;
}

function readBindings(): Bindings {
    try {
        return {singles: true, keys: {}, ...(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Bindings>)};
    } catch {
        return {singles: true, keys: {}};
    }
}

export const bindings = signal<Bindings>(readBindings());

export function setBindings(value: Bindings): void {
    bindings.value = value;
    localStorage.setItem(STORED, JSON.stringify(value));
}

export const keysOf = (command: Command): string[] => bindings.value.keys[command.id] ?? command.keys;

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

// "Mod+K" as people see it: "Ctrl K", "⌘ K".
export function showKeys(keys: string): string {
    return keys
        .replace('Mod+', isMac ? '⌘ ' : 'Ctrl ')
        .replace('Shift+', isMac ? '⇧ ' : 'Shift ')
        .replace('Enter', '⏎')
        .replace('ArrowDown', '↓')
        .replace('ArrowUp', '↑');
}

export function runCommand(id: string): boolean {
    const command = commands.value.find((one) => one.id === id);
    if (!command || command.when?.() === false) return false;
    command.run();
    return true;
}
