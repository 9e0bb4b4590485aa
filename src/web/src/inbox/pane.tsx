// The open conversation: head with its actions, timeline, composer.
import type {JSX} from 'preact';
import {useEffect, useLayoutEffect, useRef} from 'preact/hooks';
import type {Message} from '../api/types';
import {dayOf, duration, minute, now} from '../i18n/format';
import {t, textOf} from '../i18n/text';
import {conversation, loadOlder, messages, older, open, openId, problem} from '../state/conversation';
import {showsPanel, togglePanel} from '../state/preferences';
import {problemText} from '../state/problems';
import {agents, channels, may} from '../state/session';
import {Icon, kindIcon} from '../ui/icons';
import {Button, EmptyState, ErrorState, Skeleton} from '../ui/parts';
import {assign, reopen, resolve} from './actions';
import {Composer} from './composer';
import {MessageBubble} from './message';
import {PresenceBar} from './presence';
import {openRow} from './selection';

function Waiting({since}: {since: string}): JSX.Element {
    minute.value;
    return (
        <span class="wait">
            <Icon name="clock" /> {t('row.waiting', {duration: duration(now() - Date.parse(since))})}
        </span>
    );
}

function AssigneePicker(): JSX.Element {
    const row = conversation.value!;
    return (
        <select
            aria-label={t('conversation.assignee')}
            value={row.assignee_id ?? ''}
            onChange={(event) => assign(event.currentTarget.value || null)}
        >
            <option value="">{t('conversation.nobody')}</option>
            {[...agents.value.values()]
                .filter((one) => !one.disabled_at)
                .map((one) => (
                    <option key={one.id} value={one.id}>
                        {one.name}
                    </option>
                ))}
        </select>
    );
}

function Head(): JSX.Element {
    const row = conversation.value!;
    const channel = channels.value.get(row.channel_id);
    return (
        <header class="pane-head">
            <span class="only-phone">
                <Button icon="back" kind="quiet" title={t('action.back')} onClick={() => openRow(null)} />
            </span>
            <div class="pane-title">
                <h1>
                    <bdi>{row.subject || t('row.no_subject')}</bdi>
                    {row.number && <small> #{row.number}</small>}
                </h1>
                <p>
                    <Icon name={kindIcon(channel?.kind)} /> <bdi>{row.customer.name || row.customer.address}</bdi> ·{' '}
                    {channel?.name} · {textOf(`status.${row.status}`)}
                    {row.waiting_since && (
                        <>
                            {' '}
                            · <Waiting since={row.waiting_since} />
                        </>
                    )}
                </p>
                <PresenceBar conversation={row.id} />
            </div>
            <div class="pane-actions">
                {may('conversation_change') && <AssigneePicker />}
                {may('conversation_change') &&
                    (row.status === 'resolved' ? (
                        <Button onClick={reopen}>{t('action.reopen')}</Button>
                    ) : (
                        <Button kind="main" icon="check" command="resolve" onClick={() => resolve()}>
                            {t('action.resolve')}
                        </Button>
                    ))}
                <Button
                    icon="panel"
                    kind="quiet"
                    command="panel"
                    title={t('action.panel')}
                    pressed={showsPanel.value}
                    onClick={togglePanel}
                />
            </div>
        </header>
    );
}

function startsDay(message: Message, before: Message | undefined): boolean {
    return !before || new Date(before.occurred_at).toDateString() !== new Date(message.occurred_at).toDateString();
}

function Timeline(): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const last = messages.value.at(-1)?.id;
    const keepsPlace = useRef(0);
    useLayoutEffect(() => {
        if (box.current) box.current.scrollTop = box.current.scrollHeight;
    }, [openId.value, last]);
    useLayoutEffect(() => {
        // Older messages came above: what was in sight stays there.
        if (box.current && keepsPlace.current > 0)
            box.current.scrollTop += box.current.scrollHeight - keepsPlace.current;
        keepsPlace.current = 0;
    }, [messages.value]);
    const more = () => {
        keepsPlace.current = box.current?.scrollHeight ?? 0;
        void loadOlder();
    };
    return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keys
        <div class="timeline" ref={box} role="log" aria-label={t('timeline.label')} tabIndex={0}>
            {older.value !== null && (
                <p class="older">
                    <Button onClick={more}>{t('timeline.older')}</Button>
                </p>
            )}
            {messages.value.map((message, at) => (
                <div key={message.id} class="timeline-item">
                    {startsDay(message, messages.value[at - 1]) && <h2 class="day">{dayOf(message.occurred_at)}</h2>}
                    <MessageBubble message={message} />
                </div>
            ))}
            {messages.value.length === 0 && <Skeleton lines={6} />}
        </div>
    );
}

export function ConversationPane(): JSX.Element {
    useEffect(() => {
        if (conversation.value)
            document.title = `${conversation.value.subject || conversation.value.customer.name} – dialogd`;
        else document.title = 'dialogd';
    }, [conversation.value?.id]);
    if (openId.value === null)
        return (
            <section class="pane none" aria-label={t('conversation.label')}>
                <EmptyState text={t('conversation.none')} />
            </section>
        );
    if (problem.value)
        return (
            <section class="pane" aria-label={t('conversation.label')}>
                <ErrorState text={problemText(problem.value)} retry={() => void open(openId.value!)} />
            </section>
        );
    return (
        <section class="pane" aria-label={t('conversation.label')}>
            {conversation.value ? <Head /> : <Skeleton lines={2} />}
            <Timeline />
            {conversation.value && may('note_write') && <Composer row={conversation.value} />}
        </section>
    );
}
