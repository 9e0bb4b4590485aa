// Making a token: what it may do, how long it lives; then it is shown, once.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {post} from '../api/http';
import {t, textOf} from '../i18n/text';
import {me} from '../state/session';
import {Dialog} from '../ui/dialog';
import {CheckInput, ChecksInput, Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';
import {Secret} from './secret';

const DAY_MS = 86_400_000;
const lives = ['30', '90', '365', 'never'] as const;

const expiry = (life: string): string | null =>
    life === 'never' ? null : new Date(Date.now() + Number(life) * DAY_MS).toISOString();

function Made({token, onClose}: {token: string; onClose: () => void}): JSX.Element {
    return (
        <Dialog title={t('tokens.made')} onClose={onClose} isFixed>
            <p class="explanation">{t('tokens.made_why')}</p>
            <Secret lines={[token]} label={t('tokens.made')} />
            <div class="buttons">
                <Button kind="main" onClick={onClose}>
                    {t('tokens.kept')}
                </Button>
            </div>
        </Dialog>
    );
}

export function NewToken({onClose, onMade}: {onClose: () => void; onMade: () => void}): JSX.Element {
    const [token, setToken] = useState<string | null>(null);
    const form = useForm({name: '', life: '90', isLimited: false, scopes: [] as string[]}, async (values) => {
        const {name, life, isLimited, scopes} = values;
        const body = {name, expires_at: expiry(life), scopes: isLimited ? scopes : null};
        setToken((await post<{token: string}>('/api/v1/tokens', body)).token);
        onMade();
    });
    const {values, set} = form;
    if (token) return <Made token={token} onClose={onClose} />;
    return (
        <Dialog title={t('tokens.add')} onClose={onClose}>
            <Form
                form={form}
                submitText={t('tokens.make')}
                extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}
            >
                <TextInput
                    label={t('field.name')}
                    help={t('tokens.name_help')}
                    required
                    value={values.name}
                    onChange={(name) => set('name', name)}
                />
                <SelectInput
                    label={t('tokens.life')}
                    value={values.life}
                    choices={lives.map((life) => ({value: life, text: t(`tokens.life_${life}`)}))}
                    onChange={(life) => set('life', life)}
                />
                <CheckInput
                    label={t('tokens.limited')}
                    help={t('tokens.limited_help')}
                    value={values.isLimited}
                    onChange={(is) => set('isLimited', is)}
                />
                {values.isLimited && (
                    <ChecksInput
                        label={t('tokens.scopes')}
                        choices={(me.value?.permissions ?? []).map((name) => ({
                            value: name,
                            text: textOf(`permission.${name}`) ?? name,
                        }))}
                        value={values.scopes}
                        onChange={(scopes) => set('scopes', scopes)}
                    />
                )}
            </Form>
        </Dialog>
    );
}
