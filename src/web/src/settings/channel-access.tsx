// Whom a channel is for: everybody, or only some agents and teams.
import type {JSX} from 'preact';
import {get, put} from '../api/http';
import {t} from '../i18n/text';
import {agents, teams} from '../state/session';
import {say} from '../state/toasts';
import {CheckInput, ChecksInput, Form, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';

interface Access {
    [name: string]: unknown;
    restricted: boolean;
    agents: string[];
    teams: string[];
}

const choicesOf = (list: Iterable<{id: string; name: string}>) =>
    [...list].map(({id, name}) => ({value: id, text: name}));

function AccessForm({path, access}: {path: string; access: Access}): JSX.Element {
    const form = useForm<Access>(access, async (values) => {
        await put(path, values);
        say(t('done.saved'));
    });
    const {values, set} = form;
    return (
        <Form form={form} label={t('channels.access')}>
            <CheckInput
                label={t('channels.restricted')}
                help={t('channels.restricted_help')}
                value={values.restricted}
                onChange={(restricted) => set('restricted', restricted)}
            />
            {values.restricted && (
                <>
                    <ChecksInput
                        label={t('settings.teams')}
                        choices={choicesOf(teams.value.values())}
                        value={values.teams}
                        onChange={(list) => set('teams', list)}
                    />
                    <ChecksInput
                        label={t('channels.agents')}
                        choices={choicesOf([...agents.value.values()].filter((agent) => !agent.disabled_at))}
                        value={values.agents}
                        onChange={(list) => set('agents', list)}
                    />
                </>
            )}
        </Form>
    );
}

export function ChannelAccess({id}: {id: string}): JSX.Element {
    const path = `/api/v1/channels/${id}/access`;
    const loaded = useLoad(() => get<Access>(path), [path]);
    return <Show loaded={loaded}>{(access) => <AccessForm path={path} access={access} />}</Show>;
}
