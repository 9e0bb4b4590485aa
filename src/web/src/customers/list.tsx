// All customers, found by the beginnings of words of names, addresses and companies. The search stands in the address.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {place, setQuery} from '../router';
import {ShowPages, usePages} from '../ui/pages';
import {Time} from '../ui/parts';
import {SearchForm} from '../ui/search-form';
import {type Column, DataTable} from '../ui/table';
import type {CustomerRow} from './types';

const columns = (): Column<CustomerRow>[] => [
    {
        title: t('field.name'),
        cell: (row) => (
            <a href={`/app/customers/${row.id}`}>
                <bdi>{row.name || row.address || t('customer.unnamed')}</bdi>
            </a>
        ),
    },
    {title: t('customers.address'), cell: (row) => <bdi>{row.address}</bdi>},
    {title: t('customer.since'), cell: (row) => <Time at={row.created_at} />},
];

export default function CustomerList(): JSX.Element {
    const search = place.value.query.get('search') ?? '';
    const pages = usePages<CustomerRow>('/api/v1/customers', {search, limit: 50});
    return (
        <div class="sheet">
            <h1>{t('customers.title')}</h1>
            <SearchForm
                label={t('customers.search')}
                value={search}
                onSearch={(wanted) => setQuery({search: wanted || null}, {})}
            />
            <ShowPages pages={pages} moreText={t('customers.more')}>
                {(rows) => (
                    <DataTable
                        caption={t('customers.title')}
                        isCaptionHidden
                        columns={columns()}
                        rows={rows}
                        keyOf={({id}) => id}
                        empty={search ? t('customers.none_found') : t('state.nothing')}
                    />
                )}
            </ShowPages>
        </div>
    );
}
