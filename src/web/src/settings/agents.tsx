// The people who work here: invited by a mail, with a role and teams, out of work and back, helped when locked out.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, patch, post, remove} from '../api/http';
import type {Page} from '../api/types';
import {t} from '../i18n/text';
import {agents, teams} from '../state/session';
import {say} from '../state/toasts';
import {ChecksInput, type FormState, SelectInput, TextInput} from '../ui/form';
import {useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {type Ask, AskDialog} from './ask';
import {AvailabilityDialog, type AvailableAgent} from './availability';
import {Resource} from './resource';
import {type Role, roleText} from './role-text';

type AgentValues = {email: string; name: string; role: string; teams: readonly string[]};

const asks = {
    invite: (agent: AvailableAgent): Ask => ({
        title: t('agents.invite'),
        text: t('agents.invite_question', {name: agent.name}),
        done: t('agents.invited'),
        run: () => post(`/api/v1/agents/${agent.id}/invitation`, undefined),
    }),
    secondFactor: (agent: AvailableAgent): Ask => ({
        title: t('agents.reset_second'),
        text: t('agents.reset_second_question', {name: agent.name}),
        done: t('done.saved'),
        run: () => remove(`/api/v1/agents/${agent.id}/second-factor`),
    }),
    disable: (agent: AvailableAgent): Ask => ({
        title: t('agents.disable'),
        text: t('agents.disable_question', {name: agent.name}),
        done: t('done.saved'),
        run: () => patch(`/api/v1/agents/${agent.id}`, {disabled: true}),
    }),
};

interface ActionsProps {
    agent: AvailableAgent;
    reload: () => Promise<void>;
    onAsk: (ask: Ask) => void;
    onAvailability: () => void;
}

function RowActions({agent, reload, onAsk, onAvailability}: ActionsProps): JSX.Element {
    const enable = async () => {
        await patch(`/api/v1/agents/${agent.id}`, {disabled: false});
        await reload();
        say(t('done.saved'));
    };
    const ask = (kind: keyof typeof asks) => {
        const question = asks[kind](agent);
        const run = async () => {
            await question.run();
            await reload();
        };
        onAsk({...question, run});
    };
    if (agent.disabled_at)
        return (
            <Button
                onClick={() =>
                    onAsk({
                        title: t('agents.enable'),
                        text: t('agents.enable_question', {name: agent.name}),
                        done: t('done.saved'),
                        run: enable,
                    })
                }
            >
                {t('agents.enable')}
            </Button>
        );
    return (
        <>
            <Button onClick={onAvailability}>{t('agents.availability')}</Button>
            <Button onClick={() => ask('invite')}>{t('agents.invite')}</Button>
            <Button onClick={() => ask('secondFactor')}>{t('agents.reset_second')}</Button>
            <Button kind="danger" onClick={() => ask('disable')}>
                {t('agents.disable')}
            </Button>
        </>
    );
}

function AgentInputs({form, isNew, roles}: {form: FormState<AgentValues>; isNew: boolean; roles: readonly Role[]}) {
    return (
        <>
            <TextInput
                label={t('field.name')}
                required
                value={form.values.name}
                onChange={(name) => form.set('name', name)}
            />
            {isNew && (
                <TextInput
                    label={t('agents.email')}
                    help={t('agents.email_help')}
                    type="email"
                    required
                    value={form.values.email}
                    onChange={(email) => form.set('email', email)}
                />
            )}
            <SelectInput
                label={t('agents.role')}
                value={form.values.role}
                choices={roles.map(({name}) => ({value: name, text: roleText(name)}))}
                onChange={(role) => form.set('role', role)}
            />
            {teams.value.size > 0 && (
                <ChecksInput
                    label={t('agents.teams')}
                    choices={[...teams.value.values()].map(({id, name}) => ({value: id, text: name}))}
                    value={form.values.teams}
                    onChange={(value) => form.set('teams', value)}
                />
            )}
        </>
    );
}

const stateOf = (agent: AvailableAgent): string =>
    agent.disabled_at ? t('agents.disabled') : t(`availability.${agent.availability.state}`);

export default function Agents(): JSX.Element {
    const roles = useLoad(async () => (await get<Page<Role>>('/api/v1/roles')).items);
    const [ask, setAsk] = useState<Ask | null>(null);
    const [available, setAvailable] = useState<{agent: AvailableAgent; reload: () => Promise<void>} | null>(null);
    return (
        <>
            <Resource<AvailableAgent, AgentValues>
                path="/api/v1/agents"
                title={t('settings.agents')}
                addText={t('agents.add')}
                columns={[
                    {title: t('field.name'), cell: (agent) => <bdi>{agent.name}</bdi>},
                    {title: t('agents.email'), cell: (agent) => <bdi>{agent.email}</bdi>},
                    {title: t('agents.role'), cell: (agent) => <bdi>{roleText(agent.role)}</bdi>},
                    {title: t('agents.state'), cell: stateOf},
                ]}
                empty={{email: '', name: '', role: 'agent', teams: []}}
                valuesOf={({email, name, role, teams: own}) => ({email, name, role, teams: own})}
                bodyOf={({email, ...values}, row) => (row ? values : {email, ...values, invite: true})}
                nameOf={({name}) => name}
                after={(rows) => {
                    agents.value = new Map(rows.map((agent) => [agent.id, agent]));
                }}
                rowActions={(agent, reload) => (
                    <RowActions
                        agent={agent}
                        reload={reload}
                        onAsk={setAsk}
                        onAvailability={() => setAvailable({agent, reload})}
                    />
                )}
                inputs={(form, row) => <AgentInputs form={form} isNew={!row} roles={roles.data ?? []} />}
            />
            {ask && <AskDialog ask={ask} onClose={() => setAsk(null)} />}
            {available && <AvailabilityDialog {...available} onClose={() => setAvailable(null)} />}
        </>
    );
}
