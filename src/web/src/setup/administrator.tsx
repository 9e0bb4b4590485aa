// The first administrator, with the code that only somebody on the server itself can get.
import type {JSX} from 'preact';
import {NewPassword} from '../account/new-password';
import {patch, post} from '../api/http';
import {language, t} from '../i18n/text';
import {begin} from '../state/session';
import {Form, TextInput, useForm} from '../ui/form';

export function Administrator(): JSX.Element {
    const form = useForm({code: '', name: '', email: '', password: ''}, async (values) => {
        await post('/api/v1/setup', {...values, code: values.code.trim()});
        await patch('/api/v1/me', {language: language.value}).catch(() => {});
        await begin();
    });
    const {values, set} = form;
    return (
        <Form form={form} submitText={t('setup.administrator_submit')}>
            <p class="explanation">
                {t('setup.code_why')} <code>dialogctl setup-code</code>
            </p>
            <TextInput label={t('setup.code')} required value={values.code} onChange={(code) => set('code', code)} />
            <TextInput
                label={t('field.name')}
                autocomplete="name"
                required
                value={values.name}
                onChange={(name) => set('name', name)}
            />
            <TextInput
                label={t('sign_in.email')}
                type="email"
                autocomplete="username"
                required
                value={values.email}
                onChange={(email) => set('email', email)}
            />
            <NewPassword value={values.password} onChange={(password) => set('password', password)} />
        </Form>
    );
}
