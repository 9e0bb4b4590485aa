// All that was said with a customer, over all channels, the newest first.
import type {JSX} from 'preact';
import type {Message} from '../api/types';
import {t, textOf} from '../i18n/text';
import {agentName, channels} from '../state/session';
import {Icon, kindIcon} from '../ui/icons';
import {ShowPages, usePages} from '../ui/pages';
import {Time} from '../ui/parts';

function Entry({message}: {message: Message}): JSX.Element {
    const channel = channels.value.get(message.channel_id);
    const who = message.agent_id
        ? agentName(message.agent_id)
        : message.name || message.address || (textOf(`author.${message.author}`) ?? '');
    return (
        <li>
            <p>
                <Icon name={kindIcon(channel?.kind)} label={channel?.name ?? ''} /> <bdi>{who}</bdi> ·{' '}
                <Time at={message.occurred_at} />
                {message.direction === 'note' && ` · ${t('message.note')}`}
            </p>
            <p class="said">
                <bdi>{message.removed_at ? t('message.removed') : message.text}</bdi>
            </p>
            <a href={`/app/inbox/all?c=${message.conversation_id}`}>
                <bdi>{message.subject || t('customers.open_conversation')}</bdi>
            </a>
        </li>
    );
}

export function History({customer}: {customer: string}): JSX.Element {
    const pages = usePages<Message>(`/api/v1/customers/${customer}/timeline`, {limit: 30});
    return (
        <section class="part" aria-labelledby="history">
            <h2 id="history">{t('customers.history')}</h2>
            <ShowPages pages={pages} moreText={t('timeline.older')}>
                {(rows) =>
                    rows.length > 0 ? (
                        <ul class="sheet-list">
                            {rows.map((message) => (
                                <Entry key={message.id} message={message} />
                            ))}
                        </ul>
                    ) : (
                        <p>{t('state.nothing')}</p>
                    )
                }
            </ShowPages>
        </section>
    );
}
