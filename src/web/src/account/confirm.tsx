// The password once more, with the code where a second factor is in force; then what was begun goes on.
import type {JSX} from 'preact';
import {get, post} from '../api/http';
import {t} from '../i18n/text';
import {confirmation} from '../state/confirmation';
import {me} from '../state/session';
import {Dialog} from '../ui/dialog';
import {Form, TextInput, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {codeBody} from './code';

interface SecondFactor {
    totp: string;
    recovery_codes_left: number;
}

function ConfirmForm({asksCode}: {asksCode: boolean}): JSX.Element {
    const form = useForm({password: '', code: ''}, async ({password, code}) => {
        await post('/api/v1/session/confirm', {password, ...(asksCode ? codeBody(code) : {})});
        confirmation.value?.(true);
    });
    return (
        <Form
            form={form}
            submitText={t('confirm.submit')}
            extra={<Button onClick={() => confirmation.value?.(false)}>{t('action.cancel')}</Button>}
        >
            <p class="explanation">{t('confirm.why')}</p>
            <input
                class="hidden"
                type="text"
                autocomplete="username"
                readOnly
                value={me.value?.email}
                tabIndex={-1}
                aria-hidden="true"
            />
            <TextInput
                label={t('sign_in.password')}
                type="password"
                autocomplete="current-password"
                required
                value={form.values.password}
                onChange={(value) => form.set('password', value)}
            />
            {asksCode && (
                <TextInput
                    label={t('sign_in.code')}
                    help={t('sign_in.code_help')}
                    autocomplete="one-time-code"
                    required
                    value={form.values.code}
                    onChange={(value) => form.set('code', value)}
                />
            )}
        </Form>
    );
}

export default function Confirm(): JSX.Element {
    const loaded = useLoad(() => get<SecondFactor>('/api/v1/me/second-factor'));
    return (
        <Dialog title={t('confirm.title')} onClose={() => confirmation.value?.(false)}>
            <Show loaded={loaded}>{({totp}) => <ConfirmForm asksCode={totp === 'on'} />}</Show>
        </Dialog>
    );
}
