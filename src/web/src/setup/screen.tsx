// First run: the first administrator, a mailbox, the first mail. Each step follows from what stands already, so that
// a reload goes on where one was.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get} from '../api/http';
import type {Channel} from '../api/types';
import {t} from '../i18n/text';
import {Outside} from '../sign-in/frame';
import {gate, may, me} from '../state/session';
import {Show, useLoad} from '../ui/load';
import {Skeleton} from '../ui/parts';
import {Administrator} from './administrator';
import {FirstMail} from './first-mail';
import {Mailbox} from './mailbox';

const steps = ['administrator', 'mailbox', 'first_mail'] as const;
type Step = (typeof steps)[number];

function Steps({here}: {here: Step}): JSX.Element {
    return (
        <ol class="steps">
            {steps.map((step) => (
                <li key={step} aria-current={step === here ? 'step' : undefined}>
                    {t(`setup.${step}`)}
                </li>
            ))}
        </ol>
    );
}

function First(): JSX.Element {
    const loaded = useLoad(() => get<{is_needed: boolean}>('/api/v1/setup'));
    return (
        <Show loaded={loaded}>
            {({is_needed: isNeeded}) =>
                isNeeded ? (
                    <>
                        <Steps here="administrator" />
                        <Administrator />
                    </>
                ) : (
                    <>
                        <p>{t('setup.done')}</p>
                        <p>
                            <a href="/app/sign-in">{t('sign_in.title')}</a>
                        </p>
                    </>
                )
            }
        </Show>
    );
}

function Body(): JSX.Element {
    const [channel, setChannel] = useState<Channel | null>(null);
    if (gate.value === 'starting') return <Skeleton lines={5} />;
    if (!me.value) return <First />;
    if (!may('channel_manage'))
        return (
            <p>
                {t('setup.done')} <a href="/app/inbox">{t('setup.to_inbox')}</a>
            </p>
        );
    return (
        <>
            <Steps here={channel ? 'first_mail' : 'mailbox'} />
            {channel ? <FirstMail channel={channel} /> : <Mailbox onConnected={setChannel} />}
        </>
    );
}

export default function Setup(): JSX.Element {
    return (
        <Outside title={t('setup.title')} wide>
            <Body />
        </Outside>
    );
}
