// Another password of one's own.
import type {JSX} from 'preact';
import {put} from '../api/http';
import {t} from '../i18n/text';
import {say} from '../state/toasts';
import {Form, useForm} from '../ui/form';
import {NewPassword} from './new-password';

export function PasswordChange(): JSX.Element {
    const form = useForm({password: ''}, async (values) => {
        await put('/api/v1/me/password', values);
        form.set('password', '');
        say(t('password.changed'));
    });
    return (
        <section class="part" aria-labelledby="password">
            <h2 id="password">{t('sign_in.password')}</h2>
            <p class="explanation">{t('password.why')}</p>
            <Form form={form} submitText={t('password.change')}>
                <NewPassword value={form.values.password} onChange={(password) => form.set('password', password)} />
            </Form>
        </section>
    );
}
