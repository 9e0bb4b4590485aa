// From key presses to commands (ui.md 5.5): matched on what the key writes, so that every layout works; nothing with
// Alt or AltGr, nothing while a text is composed, no single keys in fields.
import {signal} from '@preact/signals';
import {bindings, type Command, commands, keysOf} from './commands';

const CHORD_MS = 1200;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

// The first key of a chord while the second is awaited, for the screen.
export const chord = signal<string | null>(null);
let chordTimer = 0;

function setChord(key: string | null): void {
    clearTimeout(chordTimer);
    chord.value = key;
    if (key !== null) chordTimer = window.setTimeout(() => setChord(null), CHORD_MS);
}

// "Shift+E", "Mod+Enter", "j"; null for what is never ours.
export function keyName(event: KeyboardEvent): string | null {
    const mod = isMac ? event.metaKey : event.ctrlKey;
    const other = isMac ? event.ctrlKey : event.metaKey;
    if (event.altKey || other || event.isComposing || event.keyCode === 229) return null;
    if (event.getModifierState('AltGraph') || event.key === 'Dead' || event.key === 'Shift') return null;
    const isLetter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
    const isNamed = event.key.length > 1;
    const shift = event.shiftKey && (isLetter || isNamed || mod) ? 'Shift+' : '';
    const key = isLetter ? (shift || mod ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
    return (mod ? 'Mod+' : '') + shift + key;
}

function isField(target: EventTarget | null): boolean {
    const element = target as HTMLElement | null;
    if (!element?.closest) return false;
    return (
        element.isContentEditable ||
        element.closest('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null
    );
}

function find(name: string): {command?: Command; isStart: boolean} {
    const isSingle = !name.startsWith('Mod+') && name !== 'Escape';
    if (isSingle && !bindings.value.singles) return {isStart: false};
    let isStart = false;
    for (const command of [...commands.value].reverse()) {
        if (command.when?.() === false) continue;
        for (const keys of keysOf(command)) {
            if (keys === name) return {command, isStart};
            if (keys.startsWith(`${name} `)) isStart = true;
        }
    }
    return {isStart};
}

function handle(event: KeyboardEvent): void {
    const name = keyName(event);
    if (event.defaultPrevented || name === null) return;
    const full = chord.value !== null ? `${chord.value} ${name}` : name;
    const found = find(full);
    const inField = isField(event.target);
    setChord(null);
    const isForFields = name.startsWith('Mod+') || name === 'Escape'; // whatever a command's other keys are
    if (found.command && (!inField || (found.command.inFields && isForFields))) {
        event.preventDefault();
        found.command.run();
    } else if (found.isStart && !inField) {
        event.preventDefault();
        setChord(full);
    }
}

export function startKeys(): () => void {
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
}
