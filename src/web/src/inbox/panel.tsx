// Beside the conversation: who this is, and what else was said with them.
import {signal} from '@preact/signals';
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {get, query} from '../api/http';
import type {Conversation, Page} from '../api/types';
import {t, textOf} from '../i18n/text';
import {conversation} from '../state/conversation';
import {Avatar, Skeleton, Time} from '../ui/parts';

interface Customer {
    id: string;
    name: string;
    language: string | null;
    created_at: string;
    identities: {id: string; kind: string; address: string; name: string}[];
}

const customer = signal<Customer | null>(null);
const others = signal<readonly Conversation[]>([]);

async function load(id: string): Promise<void> {
    const [one, page] = await Promise.all([
        get<Customer>(`/api/v1/customers/${id}`),
        get<Page<Conversation>>(query('/api/v1/conversations', {view: 'all', customer: id, limit: 10})),
    ]);
    if (conversation.value?.customer.id !== id) return;
    customer.value = one;
    others.value = page.items;
}

function Details({one}: {one: Customer}): JSX.Element {
    return (
        <>
            <header class="panel-head">
                <Avatar name={one.name || one.identities[0]?.address || '?'} />
                <h2>
                    <a href={`/app/customers/${one.id}`}>
                        <bdi>{one.name || t('customer.unnamed')}</bdi>
                    </a>
                </h2>
            </header>
            <dl>
                {one.identities.map((identity) => (
                    <div key={identity.id}>
                        <dt>{textOf(`kind.${identity.kind}`) ?? identity.kind}</dt>
                        <dd>
                            <bdi>{identity.address}</bdi>
                        </dd>
                    </div>
                ))}
                <div>
                    <dt>{t('customer.since')}</dt>
                    <dd>
                        <Time at={one.created_at} />
                    </dd>
                </div>
            </dl>
        </>
    );
}

export function CustomerPanel(): JSX.Element | null {
    const id = conversation.value?.customer.id;
    useEffect(() => {
        customer.value = null;
        others.value = [];
        if (id) load(id).catch(() => {});
    }, [id]);
    if (!conversation.value) return null;
    const row = conversation.value;
    return (
        <aside class="panel" aria-label={t('customer.label')}>
            {customer.value ? <Details one={customer.value} /> : <Skeleton lines={4} />}
            <h2 class="small">{t('conversation.tags')}</h2>
            <p class="tags">
                {row.tags.length > 0 ? (
                    row.tags.map((tag) => (
                        <span key={tag} class="tag">
                            {tag}
                        </span>
                    ))
                ) : (
                    <small>{t('conversation.no_tags')}</small>
                )}
            </p>
            <h2 class="small">{t('customer.earlier')}</h2>
            <ul class="plain">
                {others.value
                    .filter((one) => one.id !== row.id)
                    .map((one) => (
                        <li key={one.id}>
                            <a href={`/app/inbox/all?c=${one.id}`}>
                                <bdi>{one.subject || one.preview || t('row.no_subject')}</bdi>
                            </a>{' '}
                            <small>
                                {textOf(`status.${one.status}`)} · <Time at={one.last_message_at} />
                            </small>
                        </li>
                    ))}
            </ul>
        </aside>
    );
}
