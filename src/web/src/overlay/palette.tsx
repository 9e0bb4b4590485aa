// All commands by name: type a few letters, Enter runs.
import {signal} from '@preact/signals';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {t} from '../i18n/text';
import {type Command, commands, keysOf, showKeys} from '../keys/commands';
import {Dialog} from '../ui/dialog';

export const paletteIsOpen = signal(false);

// The letters in order, anywhere; the tighter, the better. null: not at all.
export function matchScore(text: string, wanted: string): number | null {
    let at = -1;
    let score = 0;
    for (const letter of wanted.toLowerCase()) {
        const next = text.toLowerCase().indexOf(letter, at + 1);
        if (next < 0) return null;
        score += next - at - 1;
        at = next;
    }
    return score;
}

function found(wanted: string): Command[] {
    return commands.value
        .filter((command) => !command.isHidden && command.id !== 'palette' && command.when?.() !== false)
        .map((command) => ({command, score: matchScore(t(command.title), wanted)}))
        .filter((one): one is {command: Command; score: number} => one.score !== null)
        .sort((one, other) => one.score - other.score)
        .slice(0, 12)
        .map(({command}) => command);
}

export function Palette(): JSX.Element {
    const [wanted, setWanted] = useState('');
    const [at, setAt] = useState(0);
    const list = found(wanted);
    const close = () => {
        paletteIsOpen.value = false;
    };
    const run = (command: Command | undefined) => {
        close();
        if (command) setTimeout(command.run);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step !== 0) setAt((at + step + list.length) % Math.max(1, list.length));
        else if (event.key === 'Enter') run(list[at]);
        else return;
        event.preventDefault();
    };
    return (
        <Dialog title={t('command.palette')} onClose={close}>
            <input
                class="palette-input"
                role="combobox"
                aria-label={t('palette.label')}
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant={list[at] ? `command-${list[at].id}` : undefined}
                placeholder={t('palette.placeholder')}
                autocomplete="off"
                value={wanted}
                onInput={(event) => {
                    setWanted(event.currentTarget.value);
                    setAt(0);
                }}
                onKeyDown={onKeyDown}
            />
            <div id="palette-list" role="listbox" aria-label={t('palette.list')} class="palette-list">
                {list.map((command, index) => (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
                    <div
                        key={command.id}
                        id={`command-${command.id}`}
                        role="option"
                        tabIndex={-1}
                        aria-selected={index === at}
                        onClick={() => run(command)}
                    >
                        <span>{t(command.title)}</span>
                        {keysOf(command)[0] && <kbd>{showKeys(keysOf(command)[0]!)}</kbd>}
                    </div>
                ))}
            </div>
        </Dialog>
    );
}
