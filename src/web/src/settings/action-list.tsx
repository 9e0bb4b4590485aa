// The actions of a rule or a macro, one after the other.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {SelectInput} from '../ui/form';
import {Button} from '../ui/parts';
import {type Action, actionRows, rowOf} from './rule-tables';
import {firstValue, ValueInput} from './value-input';

const ACTIONS_MAX = 20;

function begin(name: string): Action {
    const row = actionRows.find(({action}) => action === name)!;
    if (row.member === null) return {action: name};
    const isOfMany = row.input === 'agent' || row.input === 'team';
    return {action: name, [row.member]: isOfMany ? firstValue(row.input as 'agent') : row.first};
}

function ActionInput({action, onChange}: {action: Action; onChange: (action: Action) => void}): JSX.Element {
    const row = rowOf(action);
    if (!row)
        return (
            <p>
                <bdi>{JSON.stringify(action)}</bdi>
            </p>
        );
    const {member} = row;
    return (
        <>
            <SelectInput
                label={t('rules.action')}
                value={action.action}
                choices={actionRows.map(({action: name, title}) => ({value: name, text: t(title)}))}
                onChange={(name) => onChange(begin(name))}
            />
            {member && (
                <ValueInput
                    input={row.input}
                    value={action[member]}
                    onChange={(value) => onChange({...action, [member]: value})}
                />
            )}
        </>
    );
}

interface ActionListProps {
    actions: readonly Action[];
    onChange: (actions: readonly Action[]) => void;
}

export function ActionList({actions, onChange}: ActionListProps): JSX.Element {
    return (
        <fieldset class="field checks rule-group">
            <legend>{t('rules.then')}</legend>
            {actions.map((action, at) => (
                <div key={at} class="rule-row">
                    <ActionInput action={action} onChange={(changed) => onChange(actions.with(at, changed))} />
                    <Button
                        icon="cross"
                        kind="quiet"
                        title={t('rules.remove_action', {number: at + 1})}
                        onClick={() => onChange(actions.filter((_, other) => other !== at))}
                    />
                </div>
            ))}
            {actions.length < ACTIONS_MAX && (
                <div class="buttons">
                    <Button onClick={() => onChange([...actions, begin('add_tag')])}>{t('rules.add_action')}</Button>
                </div>
            )}
        </fieldset>
    );
}
