// One message of the timeline: what a customer wrote, what we answered, a note among us. Says honestly what is known
// of its delivery.
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {type Problem, post} from '../api/http';
import type {Attachment, Message} from '../api/types';
import {now} from '../i18n/format';
import {formatNumber, t, textOf} from '../i18n/text';
import {forget, open} from '../state/conversation';
import {problemText} from '../state/problems';
import {agentName, may} from '../state/session';
import {say} from '../state/toasts';
import {Icon, type IconName} from '../ui/icons';
import {Button, Time} from '../ui/parts';
import {MailFrame} from './mail-frame';
import {leaves, takeBack} from './sending';

const marks: Record<string, IconName> = {
    held: 'clock',
    queued: 'clock',
    sending: 'clock',
    accepted: 'check',
    delivered: 'checks',
    read: 'checks',
    refused: 'warning',
    unknown: 'question',
    cancelled: 'cross',
};

function DeliveryMark({message}: {message: Message}): JSX.Element {
    const text = textOf(`delivery.${message.state}`) ?? message.state;
    const title = message.state_reason ? `${text}: ${message.state_reason}` : text;
    return (
        <span class={`delivery ${message.state}`} title={title}>
            <Icon name={marks[message.state] ?? 'clock'} />
            <span class="delivery-text">{text}</span>
        </span>
    );
}

const COUNTED_S = 120;

// Within its hold: how long still, and the way back.
function Held({message}: {message: Message}): JSX.Element | null {
    const at = message.send_at ? Date.parse(message.send_at) : (leaves.get(message.id) ?? 0);
    const left = Math.ceil((at - now()) / 1000);
    const [, setTurn] = useState(0);
    useEffect(() => {
        const tick = setInterval(() => setTurn((turn) => turn + 1), 1000);
        return () => clearInterval(tick);
    }, []);
    if (!(left > 0 && left <= COUNTED_S)) return null;
    return (
        <p class="buttons held">
            <span role="timer">{t('held.in', {seconds: left})}</span>
            {may('message_send') && (
                <Button icon="undo" onClick={() => takeBack(message.conversation_id, message.id, message.text)}>
                    {t('held.undo')}
                </Button>
            )}
        </p>
    );
}

async function settle(message: Message, action: string): Promise<void> {
    try {
        await post(`/api/v1/messages/${message.id}/${action}`, {});
        forget(message.conversation_id);
        await open(message.conversation_id);
    } catch (problem) {
        say(problemText(problem as Problem), {kind: 'failed'});
    }
}

// What is not known, with the three ways on.
function Unknown({message}: {message: Message}): JSX.Element {
    return (
        <div class="remark warn" role="note">
            <p>
                <Icon name="question" /> {t('delivery.unknown_long')}
            </p>
            {may('message_send') && (
                <p class="buttons">
                    <Button onClick={() => void settle(message, 'check')}>{t('delivery.check')}</Button>
                    <Button onClick={() => void settle(message, 'resend')}>{t('delivery.resend')}</Button>
                    <Button onClick={() => void settle(message, 'mark-sent')}>{t('delivery.mark_sent')}</Button>
                </p>
            )}
        </div>
    );
}

function Refused({message}: {message: Message}): JSX.Element {
    return (
        <div class="remark bad" role="note">
            <p>
                <Icon name="warning" /> {t('delivery.refused_long')} {message.state_reason}
            </p>
            {may('message_send') && (
                <p class="buttons">
                    <Button onClick={() => void settle(message, 'resend')}>{t('delivery.resend')}</Button>
                </p>
            )}
        </div>
    );
}

const units = ['B', 'kB', 'MB', 'GB'];

export function fileSize(bytes: number): string {
    let size = Math.max(0, bytes);
    let unit = 0;
    for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
    return `${formatNumber(Math.round(size * (unit > 0 ? 10 : 1)) / (unit > 0 ? 10 : 1))} ${units[unit]}`;
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function AttachmentTile({attachment}: {attachment: Attachment}): JSX.Element {
    const href = `/api/v1/attachments/${attachment.id}`;
    const name = attachment.name ?? t('attachment.unnamed');
    if (attachment.state !== 'stored')
        return (
            <span class="tile">
                <Icon name="paperclip" /> <bdi>{name}</bdi>{' '}
                <small>{t(attachment.state === 'pending' ? 'attachment.pending' : 'attachment.failed')}</small>
            </span>
        );
    return (
        <a class="tile" href={href} download={name}>
            <Icon name={pictures.has(attachment.type) ? 'image' : 'paperclip'} /> <bdi>{name}</bdi>{' '}
            <small>{fileSize(attachment.size)}</small>
        </a>
    );
}

function Body({message}: {message: Message}): JSX.Element {
    const [isPlain, setPlain] = useState(!message.has_html);
    const [whole, setWhole] = useState<string | null>(null);
    const showWhole = async () => {
        const response = await fetch(`/api/v1/messages/${message.id}`);
        if (response.ok) setWhole(((await response.json()) as {whole_text: string}).whole_text);
    };
    if (message.removed_at) return <p class="text removed">{t('message.removed')}</p>;
    return (
        <>
            {isPlain ? (
                <div class="text" dir="auto">
                    {whole ?? message.text}
                </div>
            ) : (
                <MailFrame message={message.id} title={message.subject} />
            )}
            <p class="body-tools">
                {isPlain && message.has_more_text && whole === null && (
                    <button type="button" class="fold" title={t('message.whole')} onClick={() => void showWhole()}>
                        …<span class="hidden">{t('message.whole')}</span>
                    </button>
                )}
                {message.has_html && (
                    <button type="button" class="link" onClick={() => setPlain(!isPlain)}>
                        {t(isPlain ? 'message.as_mail' : 'message.as_text')}
                    </button>
                )}
            </p>
        </>
    );
}

function writer(message: Message): string {
    if (message.agent_id) return agentName(message.agent_id);
    if (message.direction === 'in') return message.name || message.address || t('customer.unnamed');
    return textOf(`author.${message.author}`) ?? message.author;
}

const classOf = (message: Message): string => (message.direction === 'note' ? 'note' : message.direction);

export function MessageBubble({message}: {message: Message}): JSX.Element {
    const to = message.headers.to?.map((party) => party.name || party.address).join(', ');
    const files = message.attachments.filter((one) => !one.is_inline || !message.has_html);
    return (
        <article
            class={`message ${classOf(message)}`}
            id={`m${message.id}`}
            aria-label={t('message.label', {name: writer(message)})}
        >
            <header>
                <bdi class="who">{writer(message)}</bdi>
                {message.direction === 'note' && <span class="kind">{t('message.note')}</span>}
                {message.is_automatic && <span class="kind">{t('message.automatic')}</span>}
                {to && message.direction !== 'note' && <span class="to">{t('message.to', {to})}</span>}
                <Time at={message.occurred_at} />
                {message.direction === 'out' && <DeliveryMark message={message} />}
            </header>
            <Body message={message} />
            {files.length > 0 && (
                <div class="tiles">
                    {files.map((one) => (
                        <AttachmentTile key={one.id} attachment={one} />
                    ))}
                </div>
            )}
            {message.reactions.length > 0 && (
                <p class="reactions">{message.reactions.map(({emoji}) => emoji).join(' ')}</p>
            )}
            {message.state === 'held' && <Held message={message} />}
            {message.state === 'unknown' && <Unknown message={message} />}
            {message.state === 'refused' && <Refused message={message} />}
        </article>
    );
}
