// Where answers and notes are written. What is written is kept in this browser by conversation until it was sent;
// nothing that others do touches it.
import {signal} from '@preact/signals';
import type {JSX} from 'preact';
import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import {newKey} from '../api/http';
import type {Conversation} from '../api/types';
import {t} from '../i18n/text';
import {addCommands} from '../keys/commands';
import {forget, messages, open} from '../state/conversation';
import {submit} from '../state/pending';
import {problemText} from '../state/problems';
import {channels} from '../state/session';
import {say} from '../state/toasts';
import {Button} from '../ui/parts';
import {resolved} from './actions';

export type Mode = 'reply' | 'note';

export const mode = signal<Mode>('reply');

// Focused at once: the letters that are typed next must land in the text, not among the commands.
export function write(wanted: Mode): void {
    mode.value = wanted;
    document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
}

const UNDO_SECONDS: Record<string, number> = {email: 10};

const draftKey = (row: Conversation, kind: Mode): string => `dialogd-draft-${row.id}-${kind}`;

function readDraft(row: Conversation, kind: Mode): string {
    try {
        return localStorage.getItem(draftKey(row, kind)) ?? '';
    } catch {
        return '';
    }
}

function keepDraft(row: Conversation, kind: Mode, text: string): void {
    try {
        if (text) localStorage.setItem(draftKey(row, kind), text);
        else localStorage.removeItem(draftKey(row, kind));
    } catch {
        // stays on the screen
    }
}

function takeBack(row: Conversation, id: string, text: string): void {
    submit({
        lane: row.id,
        method: 'POST',
        path: `/api/v1/messages/${id}/cancel`,
        body: {},
        done: () => {
            keepDraft(row, 'reply', text);
            forget(row.id);
            void open(row.id);
            write('reply');
        },
        failed: (problem) => void say(problemText(problem), {kind: 'failed'}),
    });
}

function send(row: Conversation, kind: Mode, text: string, resolves: boolean, restore: () => void): void {
    const isReply = kind === 'reply';
    const undo = UNDO_SECONDS[channels.value.get(row.channel_id)?.kind ?? ''] ?? 0;
    const seen = messages.value.at(-1)?.id;
    submit({
        lane: row.id,
        method: 'POST',
        path: `/api/v1/conversations/${row.id}/${isReply ? 'replies' : 'notes'}`,
        body: isReply
            ? {
                  text,
                  client_key: newKey(),
                  undo_seconds: undo,
                  ...(seen ? {seen} : {}),
                  ...(resolves ? {status: 'resolved'} : {}),
              }
            : {text},
        done: (data) => {
            forget(row.id);
            void open(row.id);
            const {id} = data as {id: string};
            if (isReply)
                say(
                    t(resolves ? 'composer.sent_resolved' : 'composer.sent'),
                    undo > 0 ? {undo: () => takeBack(row, id, text)} : {},
                );
        },
        failed: (problem) => {
            restore();
            say(problemText(problem), {kind: 'failed'});
        },
    });
    if (resolves) resolved(row);
}

export function Composer({row}: {row: Conversation}): JSX.Element {
    const area = useRef<HTMLTextAreaElement>(null);
    const kind = mode.value;
    useLayoutEffect(() => {
        if (area.current) area.current.value = readDraft(row, kind);
    }, [row.id, kind]);
    const sendNow = (resolves: boolean) => {
        const text = area.current?.value.trim() ?? '';
        if (!text || !area.current) return;
        area.current.value = '';
        keepDraft(row, kind, '');
        send(row, kind, text, resolves, () => {
            keepDraft(row, kind, text);
            if (area.current && !area.current.value) area.current.value = text;
        });
    };
    useEffect(
        () =>
            addCommands([
                {
                    id: 'send',
                    title: 'command.send',
                    keys: ['Mod+Enter'],
                    group: 'composer',
                    inFields: true,
                    run: () => sendNow(false),
                },
                {
                    id: 'send-resolve',
                    title: 'command.send_resolve',
                    keys: ['Mod+Shift+Enter'],
                    group: 'composer',
                    inFields: true,
                    run: () => sendNow(true),
                },
            ]),
        [row.id, kind],
    );
    return (
        <form
            class={`composer ${kind}`}
            aria-label={t(kind === 'reply' ? 'composer.reply' : 'composer.note')}
            onSubmit={(event) => {
                event.preventDefault();
                sendNow(false);
            }}
        >
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
            <textarea
                ref={area}
                rows={4}
                aria-label={t(kind === 'reply' ? 'composer.text' : 'composer.note_text')}
                placeholder={t(kind === 'reply' ? 'composer.placeholder' : 'composer.note_placeholder')}
                onInput={(event) => keepDraft(row, kind, event.currentTarget.value)}
            />
            <div class="buttons">
                <Button kind="main" type="submit" icon="send" command="send">
                    {t(kind === 'reply' ? 'composer.send' : 'composer.add_note')}
                </Button>
                {kind === 'reply' && (
                    <Button onClick={() => sendNow(true)} command="send-resolve">
                        {t('composer.send_resolve')}
                    </Button>
                )}
            </div>
        </form>
    );
}
