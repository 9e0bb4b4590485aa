// Where the links of mails lead: /app/reset-password#TOKEN and /app/accept-invitation#TOKEN. The token stays behind #,
// which no server ever sees.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {NewPassword} from '../account/new-password';
import {patch, post} from '../api/http';
import {language, t} from '../i18n/text';
import {place} from '../router';
import {Form, useForm} from '../ui/form';
import {Outside} from './frame';
import {Providers} from './providers';

function Incomplete(): JSX.Element {
    return (
        <p class="remark bad" role="alert">
            {t('link.incomplete')}
        </p>
    );
}

function Back(): JSX.Element {
    return (
        <p>
            <a href="/app/sign-in">{t('sign_in.back')}</a>
        </p>
    );
}

function PasswordForm({
    submitText,
    send,
}: {
    submitText: string;
    send: (password: string) => Promise<void>;
}): JSX.Element {
    const form = useForm({password: ''}, ({password}) => send(password));
    return (
        <Form form={form} submitText={submitText}>
            <NewPassword value={form.values.password} onChange={(password) => form.set('password', password)} />
        </Form>
    );
}

export function ResetPassword(): JSX.Element {
    const token = place.value.hash;
    const [isDone, setDone] = useState(false);
    const send = async (password: string) => {
        await post('/api/v1/password-reset/redeem', {token, password});
        history.replaceState(null, '', window.location.pathname);
        setDone(true);
    };
    if (isDone)
        return (
            <Outside title={t('reset.title')}>
                <p role="status">{t('reset.done')}</p>
                <Back />
            </Outside>
        );
    return (
        <Outside title={t('reset.title')}>
            {token ? <PasswordForm submitText={t('reset.submit')} send={send} /> : <Incomplete />}
            <Back />
        </Outside>
    );
}

export function AcceptInvitation(): JSX.Element {
    const token = place.value.hash;
    const send = async (password: string) => {
        await post('/api/v1/invitation/redeem', {token, password});
        await patch('/api/v1/me', {language: language.value}).catch(() => {}); // the one they read this in
        window.location.assign('/app/inbox');
    };
    return (
        <Outside title={t('invitation.title')}>
            {token ? (
                <>
                    <p class="explanation">{t('invitation.why')}</p>
                    <PasswordForm submitText={t('invitation.submit')} send={send} />
                    <Providers invitation={token} />
                </>
            ) : (
                <Incomplete />
            )}
            <Back />
        </Outside>
    );
}
