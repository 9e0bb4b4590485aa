// A mail with a link to a new password is asked for. The answer is the same whether somebody has that address.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {post} from '../api/http';
import {t} from '../i18n/text';
import {Form, TextInput, useForm} from '../ui/form';
import {Outside} from './frame';

export default function Forgotten(): JSX.Element {
    const [isAsked, setAsked] = useState(false);
    const form = useForm({email: ''}, async (values) => {
        await post('/api/v1/password-reset', values);
        setAsked(true);
    });
    return (
        <Outside title={t('forgotten.title')}>
            {isAsked ? (
                <p role="status">{t('forgotten.asked', {email: form.values.email})}</p>
            ) : (
                <>
                    <p class="explanation">{t('forgotten.why')}</p>
                    <Form form={form} submitText={t('forgotten.submit')}>
                        <TextInput
                            label={t('sign_in.email')}
                            type="email"
                            autocomplete="username"
                            required
                            value={form.values.email}
                            onChange={(email) => form.set('email', email)}
                        />
                    </Form>
                </>
            )}
            <p>
                <a href="/app/sign-in">{t('sign_in.back')}</a>
            </p>
        </Outside>
    );
}
