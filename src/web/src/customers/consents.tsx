// What a customer allowed and what they took back, with all that was written down about it.
import type {JSX} from 'preact';
import {get, post} from '../api/http';
import {t} from '../i18n/text';
import {agentName, may} from '../state/session';
import {Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Time} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';
import type {Consent, PartProps} from './types';

const states = ['given', 'withdrawn'] as const;

const columns = (): Column<Consent>[] => [
    {title: t('customers.purpose'), cell: ({purpose}) => <bdi>{purpose}</bdi>},
    {title: t('customers.state'), cell: ({state}) => t(`customers.consent_${state}`)},
    {title: t('customers.source'), cell: ({source}) => <bdi>{source}</bdi>},
    {title: t('customers.when'), cell: ({occurred_at}) => <Time at={occurred_at} />},
    {title: t('customers.by'), cell: ({agent_id}) => <bdi>{agentName(agent_id)}</bdi>},
];

function AddConsent({customer, reload}: PartProps): JSX.Element {
    const empty: {purpose: string; state: string; source: string} = {purpose: '', state: 'given', source: ''};
    const form = useForm(empty, async (values) => {
        await post(`/api/v1/customers/${customer.id}/consents`, values);
        form.set('purpose', '');
        form.set('source', '');
        await reload();
    });
    return (
        <Form form={form} label={t('customers.add_consent')} submitText={t('customers.add_consent')}>
            <TextInput
                label={t('customers.purpose')}
                help={t('customers.purpose_help')}
                required
                value={form.values.purpose}
                onChange={(purpose) => form.set('purpose', purpose)}
            />
            <SelectInput
                label={t('customers.consent_state')}
                value={form.values.state}
                choices={states.map((value) => ({value, text: t(`customers.consent_${value}`)}))}
                onChange={(state) => form.set('state', state)}
            />
            <TextInput
                label={t('customers.source')}
                help={t('customers.source_help')}
                required
                value={form.values.source}
                onChange={(source) => form.set('source', source)}
            />
        </Form>
    );
}

export function Consents({customer, reload}: PartProps): JSX.Element {
    const path = `/api/v1/customers/${customer.id}/consents`;
    const loaded = useLoad(async () => (await get<{items: Consent[]}>(path)).items, [path, customer]);
    return (
        <section class="part" aria-labelledby="consents">
            <h2 id="consents">{t('customers.consents')}</h2>
            <Show loaded={loaded}>
                {(rows) => (
                    <DataTable
                        caption={t('customers.table_consents')}
                        isCaptionHidden
                        columns={columns()}
                        rows={rows}
                        keyOf={({id}) => id}
                    />
                )}
            </Show>
            {may('customer_change') && <AddConsent customer={customer} reload={reload} />}
        </section>
    );
}
