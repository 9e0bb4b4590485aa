// The input of a new password: typed once, and shown on request.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {t} from '../i18n/text';
import {CheckInput, TextInput} from '../ui/form';

export function NewPassword({value, onChange}: {value: string; onChange: (value: string) => void}): JSX.Element {
    const [isShown, setShown] = useState(false);
    return (
        <>
            <TextInput
                label={t('password.new')}
                help={t('password.help')}
                type={isShown ? 'text' : 'password'}
                autocomplete="new-password"
                required
                value={value}
                onChange={onChange}
            />
            <CheckInput label={t('password.show')} value={isShown} onChange={setShown} />
        </>
    );
}
