// The conditions of a rule: groups of all, any or none, in one another to a depth of four.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {SelectInput} from '../ui/form';
import {Button} from '../ui/parts';
import {
    type Comparison,
    facts,
    GROUPS_DEPTH_MAX,
    type Group,
    type GroupKind,
    groupKinds,
    kindOf,
    type Node,
    operatorsOf,
} from './rule-tables';
import {firstValue, ValueInput} from './value-input';

const begun: Comparison = {field: facts[0]!.field, operator: 'contains', value: ''};

function comparisonOf(field: string): Comparison {
    const row = facts.find((one) => one.field === field)!;
    return {field, operator: operatorsOf(row.type)[0]!, value: firstValue(row.input)};
}

function ComparisonInput({node, onChange}: {node: Comparison; onChange: (node: Comparison) => void}): JSX.Element {
    const row = facts.find(({field}) => field === node.field);
    if (!row || Array.isArray(node.value) || node.value === null)
        return (
            <p>
                <bdi>
                    {node.field} {node.operator} {String(node.value)}
                </bdi>
            </p>
        );
    return (
        <>
            <SelectInput
                label={t('rules.asked')}
                value={node.field}
                choices={facts.map(({field, title}) => ({value: field, text: t(title)}))}
                onChange={(field) => onChange(comparisonOf(field))}
            />
            <SelectInput
                label={t('rules.operator')}
                value={node.operator}
                choices={operatorsOf(row.type).map((name) => ({value: name, text: t(`operator.${name}`)}))}
                onChange={(operator) =>
                    onChange({
                        ...node,
                        operator,
                        value:
                            operator === 'exists'
                                ? true
                                : node.operator === 'exists'
                                  ? firstValue(row.input)
                                  : node.value,
                    })
                }
            />
            <ValueInput
                input={node.operator === 'exists' ? 'flag' : row.input}
                value={node.value}
                onChange={(value) => onChange({...node, value})}
            />
        </>
    );
}

interface GroupProps {
    group: Group;
    depth: number; // of this one, from 1
    onChange: (group: Group) => void;
}

export function GroupInput({group, depth, onChange}: GroupProps): JSX.Element {
    const kind = kindOf(group) ?? 'all';
    const nodes = group[kind] ?? [];
    const change = (list: readonly Node[]) => onChange({[kind]: list});
    return (
        <fieldset class="field checks rule-group">
            <legend>{t('rules.group')}</legend>
            <SelectInput
                label={t('rules.group_kind')}
                value={kind}
                choices={groupKinds.map((value) => ({value, text: t(`rules.group_${value}`)}))}
                onChange={(value) => onChange({[value as GroupKind]: nodes})}
            />
            {nodes.map((node, at) => (
                <div key={at} class="rule-row">
                    {kindOf(node) ? (
                        <GroupInput
                            group={node as Group}
                            depth={depth + 1}
                            onChange={(changed) => change(nodes.with(at, changed))}
                        />
                    ) : (
                        <ComparisonInput
                            node={node as Comparison}
                            onChange={(changed) => change(nodes.with(at, changed))}
                        />
                    )}
                    <Button
                        icon="cross"
                        kind="quiet"
                        title={t('rules.remove_condition', {number: at + 1})}
                        onClick={() => change(nodes.filter((_, other) => other !== at))}
                    />
                </div>
            ))}
            <div class="buttons">
                <Button onClick={() => change([...nodes, begun])}>{t('rules.add_condition')}</Button>
                {depth < GROUPS_DEPTH_MAX && (
                    <Button onClick={() => change([...nodes, {any: [begun]}])}>{t('rules.add_group')}</Button>
                )}
            </div>
        </fieldset>
    );
}
