// Where a customer is reached: addresses added by hand, blocked, and taken away where no message bears them.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useAct} from '../account/act';
import {patch, post, remove} from '../api/http';
import {t, textOf} from '../i18n/text';
import {ConfirmRemoval} from '../settings/resource';
import {may} from '../state/session';
import {Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';
import type {Identity, PartProps} from './types';

const kinds = ['email', 'phone'] as const;

function AddAddress({customer, reload}: PartProps): JSX.Element {
    const form = useForm<{kind: string; address: string}>({kind: 'email', address: ''}, async (values) => {
        await post(`/api/v1/customers/${customer.id}/identities`, values);
        form.set('address', '');
        await reload();
    });
    return (
        <Form form={form} label={t('customers.add_address')} submitText={t('customers.add_address')}>
            <SelectInput
                label={t('customers.kind')}
                value={form.values.kind}
                choices={kinds.map((kind) => ({value: kind, text: t(`kind.${kind}`)}))}
                onChange={(kind) => form.set('kind', kind)}
            />
            <TextInput
                label={t('customers.new_address')}
                required
                value={form.values.address}
                onChange={(address) => form.set('address', address)}
            />
        </Form>
    );
}

export function Addresses({customer, reload}: PartProps): JSX.Element {
    const {act, problem} = useAct();
    const [removed, setRemoved] = useState<Identity | null>(null);
    const pathOf = ({id}: Identity) => `/api/v1/customers/${customer.id}/identities/${id}`;
    const change = (send: () => Promise<unknown>) =>
        act(async () => {
            await send();
            await reload();
        });
    const columns: Column<Identity>[] = [
        {title: t('customers.kind'), cell: ({kind}) => textOf(`kind.${kind}`) ?? kind},
        {title: t('customers.address'), cell: ({address}) => <bdi>{address}</bdi>},
        {
            title: t('customers.state'),
            cell: ({blocked_at}) => (blocked_at ? t('customers.blocked') : t('customers.in_use')),
        },
    ];
    const actions: Column<Identity> = {
        title: t('table.actions'),
        cell: (identity) => (
            <div class="buttons">
                <Button onClick={() => change(() => patch(pathOf(identity), {is_blocked: !identity.blocked_at}))}>
                    {identity.blocked_at ? t('customers.unblock') : t('customers.block')}
                </Button>
                <Button kind="danger" onClick={() => setRemoved(identity)}>
                    {t('action.remove')}
                </Button>
            </div>
        ),
    };
    return (
        <section class="part" aria-labelledby="addresses">
            <h2 id="addresses">{t('customers.addresses')}</h2>
            {problem}
            <DataTable
                caption={t('customers.table_addresses')}
                isCaptionHidden
                columns={may('customer_change') ? [...columns, actions] : columns}
                rows={customer.identities}
                keyOf={({id}) => id}
            />
            {removed && (
                <ConfirmRemoval
                    name={removed.address}
                    onClose={() => setRemoved(null)}
                    onConfirmed={async () => {
                        await remove(pathOf(removed));
                        await reload();
                    }}
                />
            )}
            {may('customer_change') && <AddAddress customer={customer} reload={reload} />}
        </section>
    );
}
