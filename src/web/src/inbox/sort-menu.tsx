// The order of a list, kept for each view in this browser.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {place, setQuery} from '../router';

const sorts = ['newest', 'oldest', 'created', 'waiting', 'due', 'priority'] as const;
const sortKey = (view: string): string => `dialogd-sort-${view}`;

function kept(view: string): string {
    try {
        return localStorage.getItem(sortKey(view)) ?? '';
    } catch {
        return '';
    }
}

function keep(view: string, sort: string): void {
    try {
        localStorage.setItem(sortKey(view), sort);
    } catch {
        // holds for this visit alone
    }
}

// Of the address, else the one that was chosen for this view last; empty: the view's own.
export const sortOf = (view: string): string => place.value.query.get('sort') ?? kept(view);

export function SortMenu({view}: {view: string}): JSX.Element {
    return (
        <select
            aria-label={t('sort.label')}
            value={sortOf(view)}
            onChange={(event) => {
                keep(view, event.currentTarget.value);
                setQuery({sort: event.currentTarget.value || null});
            }}
        >
            <option value="">{t('sort.own')}</option>
            {sorts.map((sort) => (
                <option key={sort} value={sort}>
                    {t(`sort.${sort}`)}
                </option>
            ))}
        </select>
    );
}
