// Where answers and notes are written: the field, what hangs on it, and what must be known before one sends.
import type {ComponentType, JSX} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import type {Conversation} from '../api/types';
import {shortTime} from '../i18n/format';
import {t, withTexts} from '../i18n/text';
import {addCommands} from '../keys/commands';
import {
    changed,
    clash,
    closeDraft,
    files,
    type Mode,
    mode,
    openDraft,
    others,
    place,
    setMode,
    settle,
    text,
} from '../state/draft';
import {agentName, may} from '../state/session';
import {say} from '../state/toasts';
import {Icon} from '../ui/icons';
import {Button} from '../ui/parts';
import {addFiles, FileButton, FileTiles} from './files';
import {addNote, newer, sendReply} from './sending';

// Focused at once: the letters that are typed next must land in the text, not among the commands.
export function write(wanted: Mode): void {
    setMode(wanted);
    document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
}

function sendNow(row: Conversation, resolves: boolean, seen?: string): void {
    const what = {text: text.value, files: files.value};
    const isReply = mode.value === 'reply';
    if (!what.text.trim() || (isReply && !may('message_send'))) return;
    if (what.files.some((file) => file.progress !== undefined)) say(t('file.wait'), {kind: 'failed'});
    else if (isReply) void sendReply(row, what, resolves, seen);
    else void addNote(row, what);
}

// Two versions of one draft: both stand here until one is chosen.
function Clash(): JSX.Element | null {
    const stored = clash.value;
    if (!stored) return null;
    return (
        <div class="remark warn" role="alert">
            <p>
                <Icon name="warning" /> {t('draft.clash', {time: shortTime(stored.updated_at)})}
            </p>
            <blockquote dir="auto">{stored.text}</blockquote>
            <p class="buttons">
                <Button onClick={() => settle(true)}>{t('draft.keep_mine')}</Button>
                <Button onClick={() => settle(false)}>{t('draft.take_stored')}</Button>
            </p>
        </div>
    );
}

function Newer({row}: {row: Conversation}): JSX.Element | null {
    const unseen = newer.value;
    if (unseen?.conversation !== row.id) return null;
    return (
        <div class="remark warn" role="alert">
            <p>
                <Icon name="warning" /> {t('newer.title', {count: unseen.messages.length})}
            </p>
            {unseen.messages.map((message) => (
                <blockquote key={message.id} dir="auto">
                    <b>
                        <bdi>{message.agent_id ? agentName(message.agent_id) : message.name || message.address}</bdi>
                    </b>{' '}
                    {message.text}
                </blockquote>
            ))}
            <p class="buttons">
                <Button kind="main" onClick={() => sendNow(row, unseen.resolves, unseen.seen)}>
                    {t('newer.send')}
                </Button>
                <Button
                    onClick={() => {
                        newer.value = null;
                    }}
                >
                    {t('newer.edit')}
                </Button>
            </p>
        </div>
    );
}

function Begun(): JSX.Element | null {
    if (others.value.length === 0) return null;
    const names = others.value.map(({agent_id: id}) => agentName(id)).join(', ');
    return (
        <p class="begun">
            <Icon name="note" /> {t('draft.by', {names})}
        </p>
    );
}

type InsertPart = ComponentType<{
    sign: '/' | '@';
    conversation: string;
    insert: (words: string) => void;
    onClose: () => void;
}>;

// A picker for the sign that was typed at the start or after space; what is picked takes the sign's place.
function useInsert(row: Conversation, area: {current: HTMLTextAreaElement | null}) {
    const [part, setPart] = useState<{Part: InsertPart; sign: '/' | '@'; at: number} | null>(null);
    const begin = (sign: '/' | '@', at: number) =>
        void withTexts(import('./insert')).then(
            (module) => setPart({Part: module.default, sign, at}),
            () => say(t('state.chunk_failed'), {kind: 'failed'}),
        );
    const insert = (words: string) => {
        if (!part) return;
        const from = text.value[part.at] === part.sign ? part.at + 1 : part.at;
        changed({text: text.value.slice(0, part.at) + words + text.value.slice(from)});
        requestAnimationFrame(() => {
            area.current?.focus();
            area.current?.setSelectionRange(part.at + words.length, part.at + words.length);
        });
    };
    const picker = part && (
        <part.Part sign={part.sign} conversation={row.id} insert={insert} onClose={() => setPart(null)} />
    );
    const typed = (sign: string | null, end: number) => {
        const isFree = end === 1 || /\s/.test(text.value[end - 2] ?? '');
        if (isFree && (sign === '/' || (sign === '@' && mode.value === 'note'))) begin(sign, end - 1);
    };
    return {picker, typed, begin};
}

function DraftState(): JSX.Element {
    const where = place.value;
    return (
        <span class="draft-state" role="status">
            {where === 'server' && t('draft.saved')}
            {where === 'here' && t('draft.here')}
        </span>
    );
}

function Tabs({row}: {row: Conversation}): JSX.Element {
    const kind = mode.value;
    return (
        <div class="tabs" role="tablist" aria-label={t('composer.kind')}>
            {(['reply', 'note'] as const).map((one) => (
                <button key={one} type="button" role="tab" aria-selected={kind === one} onClick={() => write(one)}>
                    {t(one === 'reply' ? 'composer.reply' : 'composer.note')}
                </button>
            ))}
            <span class="recipient">
                <bdi>{kind === 'reply' ? row.customer.address : t('composer.internal')}</bdi>
            </span>
        </div>
    );
}

function useSendCommands(row: Conversation): void {
    const command = (id: string, title: 'command.send' | 'command.send_resolve', keys: string, resolves: boolean) => ({
        id,
        title,
        keys: [keys],
        group: 'composer' as const,
        inFields: true,
        run: () => sendNow(row, resolves),
    });
    useEffect(
        () =>
            addCommands([
                command('send', 'command.send', 'Mod+Enter', false),
                command('send-resolve', 'command.send_resolve', 'Mod+Shift+Enter', true),
            ]),
        [row.id],
    );
}

function Buttons({row, begin}: {row: Conversation; begin: (sign: '/' | '@', at: number) => void}): JSX.Element {
    const isReply = mode.value === 'reply';
    const caret = () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.selectionStart ?? 0;
    return (
        <div class="buttons">
            <Button kind="main" type="submit" icon="send" command="send">
                {t(isReply ? 'composer.send' : 'composer.add_note')}
            </Button>
            {isReply && (
                <Button onClick={() => sendNow(row, true)} command="send-resolve">
                    {t('composer.send_resolve')}
                </Button>
            )}
            {isReply && <FileButton />}
            <Button kind="quiet" title={t('canned.pick')} onClick={() => begin('/', caret())}>
                /
            </Button>
            {!isReply && (
                <Button kind="quiet" title={t('mention.pick')} onClick={() => begin('@', caret())}>
                    @
                </Button>
            )}
            <DraftState />
        </div>
    );
}

export function Composer({row}: {row: Conversation}): JSX.Element {
    const area = useRef<HTMLTextAreaElement>(null);
    const isReply = mode.value === 'reply';
    const {picker, typed, begin} = useInsert(row, area);
    openDraft(row.id);
    useEffect(() => closeDraft, []);
    useSendCommands(row);
    const take = (event: Event, list: FileList | undefined) => {
        if (isReply && addFiles(list)) event.preventDefault();
    };
    return (
        <>
            <form
                class={`composer ${mode.value}`}
                aria-label={t(isReply ? 'composer.reply' : 'composer.note')}
                onSubmit={(event) => {
                    event.preventDefault();
                    sendNow(row, false);
                }}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => take(event, event.dataTransfer?.files)}
            >
                <Newer row={row} />
                <Clash />
                <Tabs row={row} />
                <Begun />
                <textarea
                    ref={area}
                    rows={4}
                    value={text.value}
                    aria-label={t(isReply ? 'composer.text' : 'composer.note_text')}
                    placeholder={t(isReply ? 'composer.placeholder' : 'composer.note_placeholder')}
                    onPaste={(event) => take(event, event.clipboardData?.files)}
                    onInput={(event) => {
                        changed({text: event.currentTarget.value});
                        typed((event as InputEvent).data, event.currentTarget.selectionStart);
                    }}
                />
                {isReply && <FileTiles />}
                <Buttons row={row} begin={begin} />
            </form>
            {picker}
        </>
    );
}
