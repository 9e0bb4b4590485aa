// What was said, found by words: hits with the place where the words stand. The question stands in the address.
import type {JSX} from 'preact';
import type {Conversation} from '../api/types';
import {t, textOf} from '../i18n/text';
import {place, setQuery} from '../router';
import {channels} from '../state/session';
import {Icon, kindIcon} from '../ui/icons';
import {ShowPages, usePages} from '../ui/pages';
import {EmptyState, Time} from '../ui/parts';
import {SearchForm} from '../ui/search-form';

interface Hit {
    conversation: Conversation;
    message_id: string | null;
    occurred_at: string;
    excerpt: string | null;
}

function HitRow({hit}: {hit: Hit}): JSX.Element {
    const row = hit.conversation;
    const channel = channels.value.get(row.channel_id);
    return (
        <li>
            <a href={`/app/inbox/all?c=${row.id}`}>
                <bdi>{row.subject || t('row.no_subject')}</bdi>
            </a>
            <p class="said">
                <bdi>{hit.excerpt ?? row.preview}</bdi>
            </p>
            <small>
                <Icon name={kindIcon(channel?.kind)} label={channel?.name ?? ''} />{' '}
                <bdi>{row.customer.name || row.customer.address || t('customer.unnamed')}</bdi> ·{' '}
                {textOf(`status.${row.status}`)} · <Time at={hit.occurred_at} />
            </small>
        </li>
    );
}

export default function SearchScreen(): JSX.Element {
    const q = place.value.query.get('q') ?? '';
    const pages = usePages<Hit>(q ? '/api/v1/search' : null, {q, limit: 30});
    return (
        <div class="sheet">
            <h1>{t('search.title')}</h1>
            <SearchForm
                label={t('search.label')}
                placeholder={t('search.placeholder')}
                value={q}
                onSearch={(wanted) => setQuery({q: wanted || null}, {})}
            />
            {q ? (
                <ShowPages pages={pages} moreText={t('search.more')}>
                    {(hits) =>
                        hits.length > 0 ? (
                            <ol class="sheet-list">
                                {hits.map((hit) => (
                                    <HitRow key={hit.message_id ?? hit.conversation.id} hit={hit} />
                                ))}
                            </ol>
                        ) : (
                            <EmptyState text={t('search.none')} />
                        )
                    }
                </ShowPages>
            ) : (
                <p class="explanation">{t('search.help')}</p>
            )}
        </div>
    );
}
