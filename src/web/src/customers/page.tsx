// One customer: who, where they are reached, what they allowed, what we noted, all that was said.
import type {JSX} from 'preact';
import {get} from '../api/http';
import {t} from '../i18n/text';
import {match, place} from '../router';
import {Show, useLoad} from '../ui/load';
import {Addresses} from './addresses';
import {Consents} from './consents';
import {Notes} from './notes';
import {Profile} from './profile';
import {History} from './timeline';
import type {Customer} from './types';

function Page({id}: {id: string}): JSX.Element {
    const loaded = useLoad(() => get<Customer>(`/api/v1/customers/${id}`), [id]);
    return (
        <div class="sheet">
            <a href="/app/customers">{t('customers.title')}</a>
            <Show loaded={loaded}>
                {(customer) => (
                    <>
                        <h1>
                            <bdi>{customer.name || customer.address || t('customer.unnamed')}</bdi>
                        </h1>
                        <Profile key={`profile-${customer.version}`} customer={customer} reload={loaded.reload} />
                        <Addresses customer={customer} reload={loaded.reload} />
                        <Consents customer={customer} reload={loaded.reload} />
                        <Notes customer={customer.id} />
                        <History customer={customer.id} />
                    </>
                )}
            </Show>
        </div>
    );
}

export default function CustomerPage(): JSX.Element {
    const {customer} = match('/customers/{customer}', place.value.path) ?? {};
    return <Page key={customer} id={customer ?? ''} />;
}
