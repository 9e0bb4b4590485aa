// A dialog that picks one of many by typing: agents, tags, teams, canned replies. The combobox pattern of the ARIA
// practices; the list may come from the server.
import type {JSX} from 'preact';
import {useLayoutEffect, useState} from 'preact/hooks';
import {t} from '../i18n/text';
import {Dialog} from './dialog';

export interface Option {
    id: string;
    text: string;
    detail?: string | undefined;
    isPicked?: boolean;
}

interface PickerProps {
    title: string;
    placeholder?: string;
    // Options for what was typed; at once or later. The newest question wins.
    find: (wanted: string) => readonly Option[] | Promise<readonly Option[]>;
    onPick: (option: Option, wanted: string) => void;
    onClose: () => void;
    staysOpen?: boolean; // several may be picked
}

function useOptions(find: PickerProps['find'], wanted: string, turn: number): readonly Option[] {
    const [options, setOptions] = useState<readonly Option[]>([]);
    useLayoutEffect(() => {
        let isNewest = true;
        void Promise.resolve(find(wanted)).then(
            (found) => {
                if (isNewest) setOptions(found.slice(0, 50));
            },
            () => {},
        );
        return () => {
            isNewest = false;
        };
    }, [wanted, turn]);
    return options;
}

export function Picker({title, placeholder, find, onPick, onClose, staysOpen}: PickerProps): JSX.Element {
    const [wanted, setWanted] = useState('');
    const [at, setAt] = useState(0);
    const [turn, setTurn] = useState(0);
    const options = useOptions(find, wanted, turn);
    const pick = (option: Option | undefined) => {
        if (!option) return;
        if (!staysOpen) onClose();
        onPick(option, wanted);
        setTurn(turn + 1);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step !== 0) setAt((at + step + options.length) % Math.max(1, options.length));
        else if (event.key === 'Enter') pick(options[at]);
        else return;
        event.preventDefault();
    };
    return (
        <Dialog title={title} onClose={onClose}>
            <input
                class="palette-input"
                role="combobox"
                aria-label={title}
                aria-expanded="true"
                aria-controls="picker-list"
                aria-activedescendant={options[at] ? `option-${options[at].id}` : undefined}
                placeholder={placeholder ?? t('picker.placeholder')}
                autocomplete="off"
                value={wanted}
                onInput={(event) => {
                    setWanted(event.currentTarget.value);
                    setAt(0);
                }}
                onKeyDown={onKeyDown}
            />
            <div id="picker-list" role="listbox" aria-label={title} class="palette-list">
                {options.map((option, index) => (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
                    <div
                        key={option.id}
                        id={`option-${option.id}`}
                        role="option"
                        tabIndex={-1}
                        aria-selected={index === at}
                        onClick={() => pick(option)}
                    >
                        <span>
                            {option.isPicked ? '✓ ' : ''}
                            <bdi>{option.text}</bdi>
                        </span>
                        {option.detail && (
                            <small>
                                <bdi>{option.detail}</bdi>
                            </small>
                        )}
                    </div>
                ))}
            </div>
        </Dialog>
    );
}

// For lists that are here already: the words anywhere, without regard to case.
export function filterOptions(options: readonly Option[], wanted: string): readonly Option[] {
    const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return options.filter(({text, detail}) => {
        const all = `${text} ${detail ?? ''}`.toLocaleLowerCase();
        return words.every((word) => all.includes(word));
    });
}
