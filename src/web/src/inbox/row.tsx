// One row of the list: who, what about, how long they wait, who has it. No interactive children: the row is an option.
import type {JSX} from 'preact';
import type {Conversation} from '../api/types';
import {duration, minute, now} from '../i18n/format';
import {t} from '../i18n/text';
import {agentName, channels} from '../state/session';
import {Icon, kindIcon} from '../ui/icons';
import {Avatar, initials, Time} from '../ui/parts';

function Wait({since}: {since: string}): JSX.Element {
    minute.value;
    const length = duration(now() - Date.parse(since));
    return (
        <span class="wait" title={t('row.waiting', {duration: length})}>
            {length}
        </span>
    );
}

function markOf(row: Conversation): string {
    return [row.unread ? t('row.unread') : '', row.priority > 0 ? t('row.urgent') : ''].filter(Boolean).join(', ');
}

interface RowProps {
    row: Conversation;
    isCurrent: boolean;
    isPicked: boolean;
    index: number;
    top: number;
    total: number;
    onOpen: () => void;
    onPick: () => void;
}

export function Row({row, isCurrent, isPicked, index, top, total, onOpen, onPick}: RowProps): JSX.Element {
    const channel = channels.value.get(row.channel_id);
    const name = row.customer.name || row.customer.address || t('customer.unnamed');
    return (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys
        <div
            id={`row-${row.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={isCurrent}
            aria-posinset={index + 1}
            aria-setsize={total}
            class={`row${isCurrent ? ' current' : ''}${isPicked ? ' picked' : ''}${row.unread ? ' unread' : ''}`}
            style={{transform: `translateY(${top}px)`}}
            onClick={(event) => (event.ctrlKey || event.metaKey ? onPick() : onOpen())}
        >
            <Avatar name={name} />
            <div class="row-text">
                <div class="row-head">
                    <bdi class="who">{name}</bdi>
                    {row.waiting_since ? <Wait since={row.waiting_since} /> : <Time at={row.last_message_at} />}
                </div>
                <div class="row-subject">
                    <Icon name={kindIcon(channel?.kind)} label={channel?.name ?? ''} />
                    <bdi>{row.subject || t('row.no_subject')}</bdi>
                    {row.priority > 0 && (
                        <span class="urgent" aria-hidden="true">
                            !
                        </span>
                    )}
                    {row.assignee_id && (
                        <span class="assignee" title={agentName(row.assignee_id)}>
                            {initials(agentName(row.assignee_id))}
                        </span>
                    )}
                </div>
                <div class="row-preview">
                    <bdi>{row.preview}</bdi>
                </div>
            </div>
            <span class="hidden">{markOf(row)}</span>
        </div>
    );
}
