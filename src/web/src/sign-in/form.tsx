// Email and password, then a second factor where one is enrolled.
import type {JSX} from 'preact';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {codeBody} from '../account/code';
import {Problem, post} from '../api/http';
import {t} from '../i18n/text';
import {place} from '../router';
import {problemText} from '../state/problems';
import {begin, me} from '../state/session';
import {Button, Field} from '../ui/parts';

interface Step {
    challenge?: string;
}

async function submit(form: HTMLFormElement, challenge: string | null): Promise<Step> {
    const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const body =
        challenge === null
            ? {email: values['email'], password: values['password']}
            : {challenge, ...codeBody(values['code'] ?? '')};
    return post<Step>('/api/v1/session', body);
}

// What a provider's way back says (/app/sign-in?sign_in_error=CODE).
function arrival(): Problem | null {
    const code = place.value.query.get('sign_in_error');
    return code === null ? null : new Problem({status: 401, code});
}

function troubleText(problem: Problem): string {
    return problem.code === 'ticket_invalid' ? t('sign_in.begin_again') : problemText(problem);
}

function Credentials(): JSX.Element {
    return (
        <>
            <Field label={t('sign_in.email')}>
                {({id}) => (
                    <input
                        id={id}
                        name="email"
                        type="email"
                        autocomplete="username"
                        defaultValue={me.value?.email}
                        required
                    />
                )}
            </Field>
            <Field label={t('sign_in.password')}>
                {({id}) => <input id={id} name="password" type="password" autocomplete="current-password" required />}
            </Field>
        </>
    );
}

function Code({restart}: {restart: () => void}): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => box.current?.querySelector('input')?.focus(), []);
    return (
        <div ref={box}>
            <Field label={t('sign_in.code')} help={t('sign_in.code_help')}>
                {({id, describedBy}) => (
                    <input id={id} name="code" autocomplete="one-time-code" aria-describedby={describedBy} required />
                )}
            </Field>
            <button type="button" class="link" onClick={restart}>
                {t('sign_in.restart')}
            </button>
        </div>
    );
}

export function SignInForm(): JSX.Element {
    const [challenge, setChallenge] = useState<string | null>(null);
    const [trouble, setTrouble] = useState<Problem | null>(arrival);
    const [isBusy, setBusy] = useState(false);
    const onSubmit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        setBusy(true);
        setTrouble(null);
        try {
            const step = await submit(event.currentTarget, challenge);
            if (step.challenge) setChallenge(step.challenge);
            else await begin();
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            if (refused.code === 'ticket_invalid') setChallenge(null); // too many wrong codes, or too late
            setTrouble(refused);
        } finally {
            setBusy(false);
        }
    };
    return (
        <form class="sign-in-form" onSubmit={(event) => void onSubmit(event)}>
            {trouble && (
                <p class="remark bad" role="alert">
                    {troubleText(trouble)}
                </p>
            )}
            {challenge === null ? <Credentials /> : <Code restart={() => setChallenge(null)} />}
            <Button kind="main" type="submit" disabled={isBusy}>
                {t('sign_in.submit')}
            </Button>
        </form>
    );
}
