// The settings of a channel, drawn from what its kind declares; the provider is asked before anything is kept.
import type {JSX} from 'preact';
import {patch, post} from '../api/http';
import {t} from '../i18n/text';
import {type ChannelKind, type ChannelSetting, DeclaredInput} from '../setup/declared';
import {teams} from '../state/session';
import {say} from '../state/toasts';
import {CheckInput, Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';
import {type FullChannel, isKept} from './channel-parts';

export interface Named {
    id: string;
    name: string;
}

interface Values {
    [name: string]: unknown;
    name: string;
    team: string;
    calendar: string;
    settings: Record<string, string>; // what was typed
    asks: boolean; // the provider
}

interface ChannelFormProps {
    kind: ChannelKind;
    channel: FullChannel | null; // null: a new one
    calendars: readonly Named[];
    onKept: (channel: FullChannel) => void;
    onClose?: () => void;
}

const valuesOf = (channel: FullChannel | null): Values => ({
    name: channel?.name ?? '',
    team: channel?.team_id ?? '',
    calendar: channel?.calendar_id ?? '',
    settings: {},
    asks: true,
});

// A secret left empty stays as it is.
function typedSettings(kind: ChannelKind, channel: FullChannel | null, typed: Record<string, string>) {
    const isSent = (name: string, value: string) => {
        const setting = kind.settings.find((one) => one.name === name);
        return value !== '' || (channel !== null && setting?.type !== 'secret');
    };
    return Object.fromEntries(Object.entries(typed).filter(([name, value]) => isSent(name, value)));
}

async function keep({kind, channel}: ChannelFormProps, values: Values): Promise<FullChannel> {
    const settings = typedSettings(kind, channel, values.settings);
    const check = values.asks ? '' : '?check=no';
    if (!channel) return post(`/api/v1/channels${check}`, {kind: kind.name, name: values.name, settings});
    const changed = Object.keys(settings).length > 0 ? {settings} : {};
    const body = {
        name: values.name,
        team_id: values.team || null,
        calendar_id: values.calendar || null,
        ...changed,
    };
    return patch(`/api/v1/channels/${channel.id}${check}`, body, {version: channel.version});
}

const isBasic = (setting: ChannelSetting): boolean =>
    setting.required || /^(address|from_name|imap_|smtp_|url$|token$|receive$|country_code$)/.test(setting.name);

function Settings({
    kind,
    channel,
    list,
    values,
    set,
}: {
    kind: ChannelKind;
    channel: FullChannel | null;
    list: readonly ChannelSetting[];
    values: Record<string, string>;
    set: (name: string, value: string) => void;
}): JSX.Element {
    return (
        <>
            {list.map((setting) => {
                const kept = isKept(channel, setting);
                return (
                    <div key={setting.name}>
                        <DeclaredInput
                            setting={kept ? {...setting, required: false} : setting}
                            kind={kind.name}
                            value={values[setting.name] ?? channel?.settings?.[setting.name]}
                            onChange={(value) => set(setting.name, value)}
                        />
                        {kept && <small class="explanation">{t('channels.secret_kept')}</small>}
                    </div>
                );
            })}
        </>
    );
}

const choicesOf = (list: Iterable<Named>) => [
    {value: '', text: t('channels.none')},
    ...[...list].map(({id, name}) => ({value: id, text: name})),
];

export function ChannelForm(props: ChannelFormProps): JSX.Element {
    const {kind, channel, calendars, onKept, onClose} = props;
    const form = useForm<Values>(valuesOf(channel), async (values) => {
        const kept = await keep(props, values);
        say(t('done.saved'));
        onKept(kept);
    });
    const {values, set} = form;
    const shared = {
        kind,
        channel,
        values: values.settings,
        set: (name: string, value: string) => set('settings', {...values.settings, [name]: value}),
    };
    const rest = kind.settings.filter((setting) => !isBasic(setting));
    return (
        <Form
            form={form}
            label={channel?.name ?? kind.title}
            submitText={t(form.isBusy ? 'setup.checking' : channel ? 'action.save' : 'setup.mailbox_submit')}
            extra={onClose && <Button onClick={onClose}>{t('action.cancel')}</Button>}
        >
            <TextInput
                label={t('field.name')}
                help={t('channels.name_help')}
                required
                value={values.name}
                onChange={(name) => set('name', name)}
            />
            {channel && (
                <>
                    <SelectInput
                        label={t('channels.team')}
                        value={values.team}
                        choices={choicesOf(teams.value.values())}
                        onChange={(team) => set('team', team)}
                    />
                    <SelectInput
                        label={t('channels.calendar')}
                        value={values.calendar}
                        choices={choicesOf(calendars)}
                        onChange={(calendar) => set('calendar', calendar)}
                    />
                </>
            )}
            <Settings {...shared} list={kind.settings.filter(isBasic)} />
            {rest.length > 0 && (
                <details class="more">
                    <summary>{t('setup.more')}</summary>
                    <Settings {...shared} list={rest} />
                </details>
            )}
            <CheckInput
                label={t('channels.asks')}
                help={t('channels.asks_help')}
                value={values.asks}
                onChange={(asks) => set('asks', asks)}
            />
        </Form>
    );
}
