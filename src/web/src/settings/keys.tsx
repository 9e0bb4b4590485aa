// Keys of one's own: each command's key can be another or none, and single keys can be switched off altogether
// (WCAG 2.1.4). Kept in this browser.
import type {JSX} from 'preact';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {t} from '../i18n/text';
import {bindings, type Command, keysOf, knownCommands, setBindings, showKeys} from '../keys/commands';
import {keyName} from '../keys/dispatch';
import {CheckInput} from '../ui/form';
import {Button} from '../ui/parts';
import {DataTable} from '../ui/table';

const CHORD_MS = 1200;
const groups: readonly Command['group'][] = ['go', 'list', 'conversation', 'composer', 'general'];

function setKeys(id: string, keys: string[] | null): void {
    const {[id]: _, ...others} = bindings.value.keys;
    setBindings({...bindings.value, keys: keys === null ? others : {...others, [id]: keys}});
}

// Another command that has one of these keys, or begins with it.
function clashOf(command: Command): Command | undefined {
    const own = keysOf(command);
    return knownCommands.value.find(
        (other) =>
            other.id !== command.id &&
            keysOf(other).some((keys) =>
                own.some((mine) => mine === keys || keys.startsWith(`${mine} `) || mine.startsWith(`${keys} `)),
            ),
    );
}

// Takes the next key, or two one after the other; Escape and Tab leave all as it was.
function Capture({onDone}: {onDone: (keys: string | null) => void}): JSX.Element {
    const element = useRef<HTMLButtonElement>(null);
    const first = useRef<string | null>(null);
    const timer = useRef(0);
    const [shown, setShown] = useState('');
    // Before the next key press.
    useLayoutEffect(() => {
        element.current?.focus();
        return () => clearTimeout(timer.current);
    }, []);
    const take = (event: KeyboardEvent) => {
        const name = keyName(event);
        event.stopPropagation();
        if (name === 'Tab' || name === 'Shift+Tab') return;
        event.preventDefault();
        if (name === null) return;
        clearTimeout(timer.current);
        if (name === 'Escape') onDone(null);
        else if (first.current) onDone(`${first.current} ${name}`);
        else if (name.startsWith('Mod+')) onDone(name);
        else {
            first.current = name;
            setShown(name);
            timer.current = window.setTimeout(() => onDone(name), CHORD_MS);
        }
    };
    return (
        <button ref={element} type="button" class="button capture" onKeyDown={take} onBlur={() => onDone(null)}>
            {shown ? <kbd>{showKeys(shown)}</kbd> : t('keys.press')}
        </button>
    );
}

function Keys({command}: {command: Command}): JSX.Element {
    const clash = clashOf(command);
    const keys = keysOf(command);
    return (
        <>
            {keys.length === 0 ? t('keys.none') : keys.map((one) => <kbd key={one}>{showKeys(one)}</kbd>)}
            {clash && <span class="clash"> {t('keys.clash', {command: t(clash.title)})}</span>}
        </>
    );
}

function Change({command}: {command: Command}): JSX.Element {
    const [isTaking, setTaking] = useState(false);
    const isChanged = command.id in bindings.value.keys;
    if (isTaking)
        return (
            <Capture
                onDone={(keys) => {
                    setTaking(false);
                    if (keys) setKeys(command.id, [keys]);
                }}
            />
        );
    const of = t(command.title);
    return (
        <div class="buttons">
            <Button onClick={() => setTaking(true)}>
                {t('keys.change')}
                <span class="hidden"> {of}</span>
            </Button>
            {keysOf(command).length > 0 && (
                <Button onClick={() => setKeys(command.id, [])}>
                    {t('keys.off')}
                    <span class="hidden"> {of}</span>
                </Button>
            )}
            {isChanged && (
                <Button onClick={() => setKeys(command.id, null)}>
                    {t('keys.reset')}
                    <span class="hidden"> {of}</span>
                </Button>
            )}
        </div>
    );
}

export default function KeySettings(): JSX.Element {
    return (
        <>
            <p class="explanation">{t('keys.why')}</p>
            <CheckInput
                label={t('keys.singles')}
                help={t('keys.singles_help')}
                value={bindings.value.singles}
                onChange={(singles) => setBindings({...bindings.value, singles})}
            />
            {groups.map((group) => {
                const list = knownCommands.value.filter((one) => one.group === group && !one.isHidden);
                return (
                    list.length > 0 && (
                        <section key={group} class="part">
                            <DataTable
                                caption={t(`help.${group}`)}
                                rows={list}
                                keyOf={({id}) => id}
                                columns={[
                                    {title: t('keys.command'), cell: (command) => t(command.title)},
                                    {title: t('keys.keys'), cell: (command) => <Keys command={command} />},
                                    {title: t('table.actions'), cell: (command) => <Change command={command} />},
                                ]}
                            />
                        </section>
                    )
                );
            })}
            {Object.keys(bindings.value.keys).length > 0 && (
                <p class="buttons">
                    <Button onClick={() => setBindings({...bindings.value, keys: {}})}>{t('keys.reset_all')}</Button>
                </p>
            )}
        </>
    );
}
