// The channel that the server's own mails leave by, and whether they do.
import type {JSX} from 'preact';
import {get, put} from '../api/http';
import {formatNumber, t} from '../i18n/text';
import {channels} from '../state/session';
import {say} from '../state/toasts';
import {Form, SelectInput, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';

interface SystemMail {
    channel_id: string | null;
    queued: number;
    failed: number;
    last_reason: string | null;
}

const MAIL = '/api/v1/system-mail';

function MailForm({mail, onKept}: {mail: SystemMail; onKept: (mail: SystemMail) => void}): JSX.Element {
    const form = useForm({channel: mail.channel_id ?? ''}, async ({channel}) => {
        onKept(await put<SystemMail>(MAIL, {channel_id: channel || null}));
        say(t('done.saved'));
    });
    const mailboxes = [...channels.value.values()].filter(({kind}) => kind === 'email');
    return (
        <Form form={form} label={t('settings.system_mail')}>
            <p class="explanation">{t('system.mail_why')}</p>
            <SelectInput
                label={t('system.mail_channel')}
                value={form.values.channel}
                choices={[
                    {value: '', text: t('channels.none')},
                    ...mailboxes.map(({id, name}) => ({value: id, text: name})),
                ]}
                onChange={(channel) => form.set('channel', channel)}
            />
            <p>
                {t('system.mail_queue', {queued: formatNumber(mail.queued), failed: formatNumber(mail.failed)})}{' '}
                <bdi>{mail.last_reason}</bdi>
            </p>
        </Form>
    );
}

export default function SystemMailSettings(): JSX.Element {
    const mail = useLoad(() => get<SystemMail>(MAIL));
    return <Show loaded={mail}>{(data) => <MailForm mail={data} onKept={mail.set} />}</Show>;
}
