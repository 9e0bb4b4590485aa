// Name and language of a customer, changed in place; what company they belong to.
import type {JSX} from 'preact';
import {patch} from '../api/http';
import {t} from '../i18n/text';
import {may} from '../state/session';
import {say} from '../state/toasts';
import {Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Time} from '../ui/parts';
import type {Customer, PartProps} from './types';

// The languages we write in, and the customer's own where it is another one.
function languageChoices({language}: Customer) {
    const known = [
        {value: '', text: t('customers.language_unknown')},
        {value: 'fi', text: 'Suomi'},
        {value: 'sv', text: 'Svenska'},
        {value: 'en', text: 'English'},
    ];
    const isKnown = !language || known.some(({value}) => value === language);
    return isKnown ? known : [...known, {value: language, text: language}];
}

function ProfileForm({customer, reload}: PartProps): JSX.Element {
    const initial = {name: customer.name, language: customer.language ?? ''};
    const {values, set, ...form} = useForm(initial, async ({name, language}) => {
        const body = {name, language: language || null};
        await patch(`/api/v1/customers/${customer.id}`, body, {version: customer.version});
        await reload();
        say(t('done.saved'));
    });
    return (
        <Form form={{values, set, ...form}} label={t('customers.profile')}>
            <TextInput label={t('field.name')} value={values.name} onChange={(name) => set('name', name)} />
            <SelectInput
                label={t('customers.language')}
                value={values.language}
                choices={languageChoices(customer)}
                onChange={(language) => set('language', language)}
            />
        </Form>
    );
}

export function Profile(props: PartProps): JSX.Element {
    const {customer} = props;
    return (
        <section class="part" aria-labelledby="profile">
            <h2 id="profile">{t('customers.profile')}</h2>
            <p class="explanation">
                {customer.company_name && (
                    <>
                        <bdi>{customer.company_name}</bdi> ·{' '}
                    </>
                )}
                {t('customer.since')} <Time at={customer.created_at} />
            </p>
            {may('customer_change') && <ProfileForm {...props} />}
        </section>
    );
}
