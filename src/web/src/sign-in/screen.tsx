// Signing in, and signing in again: the same form stands over the page when a session ended meanwhile, so that nothing
// that was being written is lost.
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {get} from '../api/http';
import {t} from '../i18n/text';
import {go} from '../router';
import {Dialog} from '../ui/dialog';
import {SignInForm} from './form';
import {Outside} from './frame';
import {Providers} from './providers';

export function SignIn(): JSX.Element {
    // Nobody can sign in yet on a new server: there the first administrator is made.
    useEffect(() => {
        get<{is_needed: boolean}>('/api/v1/setup').then(
            ({is_needed: isNeeded}) => isNeeded && go('/setup', {replace: true}),
            () => {},
        );
    }, []);
    return (
        <Outside>
            <SignInForm />
            <Providers />
            <p>
                <a href="/app/forgot-password">{t('sign_in.forgotten')}</a>
            </p>
        </Outside>
    );
}

export function SignInAgain(): JSX.Element {
    return (
        <Dialog title={t('sign_in.again')} isFixed onClose={() => {}}>
            <p class="explanation">{t('sign_in.again_why')}</p>
            <SignInForm />
        </Dialog>
    );
}
