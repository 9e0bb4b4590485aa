// Rules: when something happens, if conditions hold, then actions. In their order; tried on past conversations first.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {put} from '../api/http';
import {t} from '../i18n/text';
import {CheckInput, type FormState, TextInput} from '../ui/form';
import {Button} from '../ui/parts';
import {ActionList} from './action-list';
import {GroupInput} from './condition-tree';
import {Resource} from './resource';
import {DryRun} from './rule-dry-run';
import {RuleRuns} from './rule-runs';
import {type Action, type Group, kindOf, type Rule} from './rule-tables';
import {WhenInput} from './rule-when';

export type RuleValues = {
    name: string;
    is_active: boolean;
    when: Rule['when'];
    conditions: Group;
    actions: readonly Action[];
    stops: boolean;
};

const empty: RuleValues = {
    name: '',
    is_active: true,
    when: {event: 'message_received'},
    conditions: {all: []},
    actions: [{action: 'add_tag', tag: ''}],
    stops: false,
};

function draftOf(values: RuleValues): unknown {
    const kind = kindOf(values.conditions);
    const isAlways = !kind || values.conditions[kind]?.length === 0;
    return {...values, conditions: isAlways ? {} : values.conditions};
}

function RuleInputs({form}: {form: FormState<RuleValues>}): JSX.Element {
    const {values, set} = form;
    return (
        <>
            <TextInput label={t('field.name')} required value={values.name} onChange={(name) => set('name', name)} />
            <WhenInput when={values.when} onChange={(when) => set('when', when)} />
            <GroupInput group={values.conditions} depth={1} onChange={(group) => set('conditions', group)} />
            <ActionList actions={values.actions} onChange={(actions) => set('actions', actions)} />
            <CheckInput
                label={t('rules.stops')}
                help={t('rules.stops_help')}
                value={values.stops}
                onChange={(stops) => set('stops', stops)}
            />
            <CheckInput
                label={t('rules.active')}
                value={values.is_active}
                onChange={(isActive) => set('is_active', isActive)}
            />
            <DryRun draft={() => draftOf(values)} />
        </>
    );
}

interface OrderProps {
    rule: Rule;
    rules: readonly Rule[];
    reload: () => Promise<void>;
}

function OrderButtons({rule, rules, reload}: OrderProps): JSX.Element {
    const at = rules.findIndex(({id}) => id === rule.id);
    const move = async (to: number) => {
        const ids = rules.map(({id}) => id).filter((id) => id !== rule.id);
        await put('/api/v1/rules/order', {rules: ids.toSpliced(to, 0, rule.id)});
        await reload();
    };
    return (
        <>
            <Button disabled={at <= 0} onClick={() => void move(at - 1)}>
                {t('rules.earlier')}
            </Button>
            <Button disabled={at === rules.length - 1} onClick={() => void move(at + 1)}>
                {t('rules.later')}
            </Button>
        </>
    );
}

export default function Rules(): JSX.Element {
    const [rules, setRules] = useState<readonly Rule[]>([]);
    const [shown, setShown] = useState<Rule | null>(null);
    return (
        <>
            <Resource<Rule, RuleValues>
                path="/api/v1/rules"
                title={t('settings.rules')}
                addText={t('rules.add')}
                method="PUT"
                removes
                isWide
                columns={[
                    {title: t('field.name'), cell: (rule) => <bdi>{rule.name}</bdi>},
                    {title: t('rules.active'), cell: (rule) => (rule.is_active ? t('answer.yes') : t('answer.no'))},
                ]}
                empty={empty}
                valuesOf={({name, is_active, when, conditions, actions, stops}) => ({
                    name,
                    is_active,
                    when,
                    conditions: kindOf(conditions) ? conditions : {all: 'field' in conditions ? [conditions] : []},
                    actions,
                    stops,
                })}
                bodyOf={draftOf}
                nameOf={({name}) => name}
                after={setRules}
                rowActions={(rule, reload) => (
                    <>
                        <OrderButtons rule={rule} rules={rules} reload={reload} />
                        <Button onClick={() => setShown(rule)}>{t('rules.runs')}</Button>
                    </>
                )}
                inputs={(form) => <RuleInputs form={form} />}
            />
            {shown && <RuleRuns rule={shown} onClose={() => setShown(null)} />}
        </>
    );
}
