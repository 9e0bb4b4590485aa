// The first mailbox: IMAP and SMTP, tried live before anything is kept.
import type {JSX} from 'preact';
import {get, post} from '../api/http';
import type {Channel} from '../api/types';
import {t} from '../i18n/text';
import {Form, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {type ChannelKind, DeclaredGroup, DeclaredRest} from './declared';

const about = ['address', 'from_name'];
const incoming = ['imap_host', 'imap_security', 'imap_port', 'imap_user', 'imap_password'];
const outgoing = ['smtp_host', 'smtp_security', 'smtp_port', 'smtp_user', 'smtp_password'];

// Empty ones are not sent: what is declared counts.
function settingsOf(values: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function MailboxForm({kind, onConnected}: {kind: ChannelKind; onConnected: (channel: Channel) => void}): JSX.Element {
    const form = useForm<Record<string, string>>({}, async (values) => {
        const body = {kind: 'email', name: values['address'], settings: settingsOf(values)};
        onConnected(await post<Channel>('/api/v1/channels', body));
    });
    const shared = {kind, values: form.values, set: form.set};
    return (
        <Form form={form} submitText={t(form.isBusy ? 'setup.checking' : 'setup.mailbox_submit')}>
            <p class="explanation">{t('setup.mailbox_why')}</p>
            <DeclaredGroup legend={t('setup.about')} names={about} {...shared} />
            <DeclaredGroup
                legend={t('setup.incoming')}
                names={incoming}
                required={['imap_host', 'imap_password']}
                {...shared}
            />
            <DeclaredGroup legend={t('setup.outgoing')} names={outgoing} required={['smtp_host']} {...shared} />
            <DeclaredRest known={[...about, ...incoming, ...outgoing]} {...shared} />
            <p aria-live="polite" class="explanation">
                {form.isBusy ? t('setup.checking_why') : ''}
            </p>
        </Form>
    );
}

export function Mailbox({onConnected}: {onConnected: (channel: Channel) => void}): JSX.Element {
    const loaded = useLoad(async () => {
        const {items} = await get<{items: ChannelKind[]}>('/api/v1/channel-kinds');
        return items.find(({name}) => name === 'email')!;
    });
    return (
        <>
            <Show loaded={loaded}>{(kind) => <MailboxForm kind={kind} onConnected={onConnected} />}</Show>
            <p>
                <a href="/app/inbox">{t('setup.later')}</a>
            </p>
        </>
    );
}
