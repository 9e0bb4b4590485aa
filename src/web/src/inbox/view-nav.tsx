// What stands beside a view's name, and the saved views, in the left column.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {place} from '../router';
import {savedViews, views} from '../state/views';

// A number only where work waits: nobody clears what is resolved.
const UNCOUNTED = ['resolved', 'all', 'snoozed'];

export function Count({id}: {id: string}): JSX.Element | null {
    const view = views.value.find((one) => one.id === id);
    if (!view?.count || UNCOUNTED.includes(id)) return null;
    return (
        <span class="count">
            {formatNumber(view.count)}
            {view.count_exact === false ? '+' : ''}
        </span>
    );
}

export function SavedViews(): JSX.Element | null {
    if (savedViews().length === 0) return null;
    return (
        <>
            <h2 class="saved-views">{t('views.saved')}</h2>
            <ul>
                {savedViews().map(({id, name}) => (
                    <li key={id}>
                        <a
                            href={`/app/inbox/${id}`}
                            aria-current={place.value.path === `/inbox/${id}` ? 'page' : undefined}
                        >
                            <bdi>{name}</bdi> <Count id={id} />
                        </a>
                    </li>
                ))}
            </ul>
        </>
    );
}
