// One value of a condition or an action, asked for as its table says.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {agents, channels, teams} from '../state/session';
import {type Choice, SelectInput, TextInput} from '../ui/form';
import type {Input} from './rule-tables';

const named = (items: Iterable<{id: string; name: string}>): Choice[] =>
    [...items].map(({id, name}) => ({value: id, text: name}));

const statuses = ['open', 'pending', 'resolved'] as const;
const kinds = ['email', 'telegram', 'generic', 'phone', 'meeting'] as const;
const priorities = [-1, 0, 1, 2] as const;

const choices: {[input in Input]?: () => Choice[]} = {
    agent: () => named(agents.value.values()),
    team: () => named(teams.value.values()),
    channel: () => named(channels.value.values()),
    status: () => statuses.map((value) => ({value, text: t(`status.${value}`)})),
    kind: () => kinds.map((value) => ({value, text: t(`kind.${value}`)})),
    priority: () => priorities.map((value) => ({value: String(value), text: t(`rule_priority.p${value}`)})),
    flag: () => [
        {value: 'true', text: t('answer.yes')},
        {value: 'false', text: t('answer.no')},
    ],
};

// What the select or field says, as JSON has it.
function readValue(input: Input | 'lines', text: string): unknown {
    if (input === 'flag') return text === 'true';
    return input === 'number' || input === 'priority' ? Number(text) : text;
}

export const firstValue = (input: Input): unknown =>
    readValue(input, choices[input]?.()[0]?.value ?? (input === 'number' ? '1' : ''));

interface ValueProps {
    input: Input | 'lines';
    value: unknown;
    onChange: (value: unknown) => void;
}

export function ValueInput({input, value, onChange}: ValueProps): JSX.Element {
    const shared = {
        label: t('rules.value'),
        required: true,
        value: String(value),
        onChange: (text: string) => onChange(readValue(input, text)),
    };
    const offered = input === 'lines' ? undefined : choices[input]?.();
    if (!offered)
        return input === 'lines' ? (
            <TextInput {...shared} rows={3} />
        ) : (
            <TextInput {...shared} type={input === 'number' ? 'number' : 'text'} />
        );
    const isGone = !offered.some((choice) => choice.value === shared.value);
    const list = isGone ? [{value: shared.value, text: shared.value}, ...offered] : offered;
    return <SelectInput {...shared} choices={list} />;
}
