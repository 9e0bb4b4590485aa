// Signing in: email and password, then a second factor where one is enrolled. The same form stands over the page when a
// session ended meanwhile, so that nothing that was being written is lost.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {type Problem, post} from '../api/http';
import {language, languages, setLanguage, t} from '../i18n/text';
import {problemText} from '../state/problems';
import {begin} from '../state/session';
import {Dialog} from '../ui/dialog';
import {Button, Field} from '../ui/parts';

interface Step {
    challenge?: string;
}

async function submit(form: HTMLFormElement, challenge: string | null): Promise<Step> {
    const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const body =
        challenge === null
            ? {email: values['email'], password: values['password']}
            : {challenge, [/^\d{6}$/.test(values['code']!.trim()) ? 'code' : 'recovery_code']: values['code']!.trim()};
    return post<Step>('/api/v1/session', body);
}

function Form(): JSX.Element {
    const [challenge, setChallenge] = useState<string | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [isBusy, setBusy] = useState(false);
    const onSubmit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        setBusy(true);
        setProblem(null);
        try {
            const step = await submit(event.currentTarget, challenge);
            if (step.challenge) setChallenge(step.challenge);
            else await begin();
        } catch (refused) {
            setProblem(refused as Problem);
        } finally {
            setBusy(false);
        }
    };
    return (
        <form class="sign-in-form" onSubmit={(event) => void onSubmit(event)}>
            {problem && (
                <p class="remark bad" role="alert">
                    {problemText(problem)}
                </p>
            )}
            {challenge === null ? (
                <>
                    <Field label={t('sign_in.email')}>
                        {({id}) => <input id={id} name="email" type="email" autocomplete="username" required />}
                    </Field>
                    <Field label={t('sign_in.password')}>
                        {({id}) => (
                            <input id={id} name="password" type="password" autocomplete="current-password" required />
                        )}
                    </Field>
                </>
            ) : (
                <Field label={t('sign_in.code')} help={t('sign_in.code_help')}>
                    {({id, describedBy}) => (
                        <input
                            id={id}
                            name="code"
                            inputMode="numeric"
                            autocomplete="one-time-code"
                            aria-describedby={describedBy}
                            required
                        />
                    )}
                </Field>
            )}
            <Button kind="main" type="submit" disabled={isBusy}>
                {t('sign_in.submit')}
            </Button>
        </form>
    );
}

function Languages(): JSX.Element {
    return (
        <p class="languages">
            {languages.map(({code, name}) => (
                <button
                    key={code}
                    type="button"
                    class="link"
                    lang={code}
                    aria-pressed={language.value === code}
                    onClick={() => void setLanguage(code)}
                >
                    {name}
                </button>
            ))}
        </p>
    );
}

export function SignIn(): JSX.Element {
    return (
        <main class="sign-in">
            <h1>dialogd</h1>
            <Form />
            <Languages />
        </main>
    );
}

export function SignInAgain(): JSX.Element {
    return (
        <Dialog title={t('sign_in.again')} isFixed onClose={() => {}}>
            <p>{t('sign_in.again_why')}</p>
            <Form />
        </Dialog>
    );
}
