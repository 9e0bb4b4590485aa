// The second factor of one's own: enrolling an app, recovery codes, taking it away.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, post, remove} from '../api/http';
import {formatNumber, t} from '../i18n/text';
import {Dialog} from '../ui/dialog';
import {Form, TextInput, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {useAct} from './act';
import QrCode from './qr';
import {Secret} from './secret';

interface SecondFactorState {
    totp: 'off' | 'pending' | 'on';
    recovery_codes_left: number;
}

interface TotpSecret {
    secret: string;
    uri: string;
}

interface Codes {
    recovery_codes: string[];
}

const PATH = '/api/v1/me/second-factor';

function RecoveryCodes({codes, onClose}: {codes: string[]; onClose: () => void}): JSX.Element {
    return (
        <Dialog title={t('factor.codes')} onClose={onClose} isFixed>
            <p class="explanation">{t('factor.codes_why')}</p>
            <Secret lines={codes} label={t('factor.codes')} fileName="dialogd-recovery-codes.txt" />
            <div class="buttons">
                <Button kind="main" onClick={onClose}>
                    {t('factor.codes_kept')}
                </Button>
            </div>
        </Dialog>
    );
}

function Enrolment({
    secret,
    onClose,
    onEnrolled,
}: {
    secret: TotpSecret;
    onClose: () => void;
    onEnrolled: (codes: string[]) => void;
}): JSX.Element {
    const form = useForm({code: ''}, async ({code}) => {
        const answer = await post<Codes>(`${PATH}/totp/confirm`, {code: code.replace(/\s/g, '')});
        onEnrolled(answer.recovery_codes);
    });
    return (
        <Dialog title={t('factor.enrol')} onClose={onClose}>
            <p class="explanation">{t('factor.enrol_why')}</p>
            <QrCode text={secret.uri} label={t('factor.qr')} />
            <p>{t('factor.by_hand')}</p>
            <p class="by-hand">
                <code>{secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
            </p>
            <Form
                form={form}
                submitText={t('factor.turn_on')}
                extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}
            >
                <TextInput
                    label={t('factor.code')}
                    inputMode="numeric"
                    autocomplete="one-time-code"
                    required
                    value={form.values.code}
                    onChange={(code) => form.set('code', code)}
                />
            </Form>
        </Dialog>
    );
}

function On({left, reload, show}: {left: number; reload: () => void; show: (codes: string[]) => void}): JSX.Element {
    const {act, problem} = useAct();
    const renew = () =>
        act(async () => {
            show((await post<Codes>(`${PATH}/recovery-codes`, {})).recovery_codes);
            reload();
        });
    const turnOff = () =>
        act(async () => {
            await remove(`${PATH}/totp`);
            reload();
        });
    return (
        <>
            <p>{t('factor.on', {count: left, left: formatNumber(left)})}</p>
            {problem}
            <div class="buttons">
                <Button onClick={renew}>{t('factor.new_codes')}</Button>
                <Button kind="danger" onClick={turnOff}>
                    {t('factor.turn_off')}
                </Button>
            </div>
        </>
    );
}

function Off({onBegun}: {onBegun: (secret: TotpSecret) => void}): JSX.Element {
    const {act, problem} = useAct();
    return (
        <>
            <p class="explanation">{t('factor.off')}</p>
            {problem}
            <div class="buttons">
                <Button onClick={() => act(async () => onBegun(await post<TotpSecret>(`${PATH}/totp`, {})))}>
                    {t('factor.enrol')}
                </Button>
            </div>
        </>
    );
}

export function SecondFactor(): JSX.Element {
    const loaded = useLoad(() => get<SecondFactorState>(PATH));
    const [secret, setSecret] = useState<TotpSecret | null>(null);
    const [codes, setCodes] = useState<string[] | null>(null);
    const reload = () => void loaded.reload();
    return (
        <section class="part" aria-labelledby="second-factor">
            <h2 id="second-factor">{t('factor.title')}</h2>
            <Show loaded={loaded}>
                {(state) =>
                    state.totp === 'on' ? (
                        <On left={state.recovery_codes_left} reload={reload} show={setCodes} />
                    ) : (
                        <Off onBegun={setSecret} />
                    )
                }
            </Show>
            {secret && (
                <Enrolment
                    secret={secret}
                    onClose={() => setSecret(null)}
                    onEnrolled={(made) => {
                        setSecret(null);
                        setCodes(made);
                        reload();
                    }}
                />
            )}
            {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
        </section>
    );
}
