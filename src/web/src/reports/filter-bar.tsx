// The filters above the report. Each change goes into the address, which is what the report is made from.
import type {JSX} from 'preact';
import {type Key, t} from '../i18n/text';
import {setQuery} from '../router';
import {agents, channels, teams} from '../state/session';
import {type Choice, SelectInput, TextInput} from '../ui/form';
import {addressOf, dayIn, daysOf, type Filters, presets} from './filters';
import {priorityText} from './words';

type Set = (changes: Partial<Filters>) => void;

const any = (): Choice => ({value: '', text: t('reports.any')});
const nobody = (): Choice => ({value: 'none', text: t('reports.nobody')});
const named = (items: Iterable<{id: string; name: string}>): Choice[] => [
    any(),
    ...[...items].map(({id, name}) => ({value: id, text: name})).sort((a, b) => a.text.localeCompare(b.text)),
];
const ranges = (): Choice[] =>
    [...presets.map(({id}) => id), 'own'].map((id) => ({value: id, text: t(`reports.range_${id}` as Key)}));
const periods = (): Choice[] =>
    ['ended', 'started', 'open'].map((value) => ({value, text: t(`reports.period_${value}` as Key)}));
const hours = (): Choice[] =>
    ['elapsed', 'business'].map((value) => ({value, text: t(`reports.hours_${value}` as Key)}));
const kinds = (): Choice[] => [
    any(),
    ...['first', 'next'].map((value) => ({value, text: t(`reports.kind_${value}` as Key)})),
];
const cuts = (): Choice[] =>
    ['', 'hour', 'day', 'week', 'month', 'quarter'].map((value) => ({
        value,
        text: t(`reports.by_${value || 'auto'}` as Key),
    }));
const priorities = (): Choice[] => [
    any(),
    ...['-1', '0', '1', '2'].map((value) => ({value, text: priorityText(value)})),
];
const channelKinds = (): Choice[] => [
    any(),
    ...[...new Set([...channels.value.values()].map(({kind}) => kind))].sort().map((value) => ({value, text: value})),
];

function zones({zone}: Filters): Choice[] {
    const known = new Set([Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC', zone].filter(Boolean));
    return [{value: '', text: t('reports.zone_calendar')}, ...[...known].map((one) => ({value: one, text: one}))];
}

function RangeInputs({filters, set}: {filters: Filters; set: Set}): JSX.Element {
    const choose = (range: string) => {
        if (range !== 'own') return set({range, from: '', to: ''});
        const today = dayIn(Date.now(), filters.zone);
        set({range, from: filters.from || daysOf(filters, Date.now()).from, to: filters.to || today});
    };
    const date = (name: 'from' | 'to', label: Key, bounds: {min?: string; max?: string}) => (
        <TextInput
            label={t(label)}
            type="date"
            value={filters[name]}
            {...bounds}
            onChange={(day) => day && set({[name]: day})}
        />
    );
    return (
        <>
            <SelectInput label={t('reports.range')} value={filters.range} choices={ranges()} onChange={choose} />
            {filters.range === 'own' && date('from', 'reports.from', filters.to ? {max: filters.to} : {})}
            {filters.range === 'own' && date('to', 'reports.to', filters.from ? {min: filters.from} : {})}
        </>
    );
}

export function FilterBar({filters}: {filters: Filters}): JSX.Element {
    const set: Set = (changes) => setQuery(addressOf(changes));
    const rows: [keyof Filters, string, Choice[]][] = [
        ['period', t('reports.period'), periods()],
        ['hours', t('reports.hours'), hours()],
        ['kind', t('reports.kind'), kinds()],
        ['channel', t('reports.channel'), named(channels.value.values())],
        ['channel_kind', t('reports.channel_kind'), channelKinds()],
        ['team', t('reports.team'), [...named(teams.value.values()), nobody()]],
        ['agent', t('reports.agent'), [...named(agents.value.values()), nobody()]],
        ['priority', t('reports.priority'), priorities()],
        ['zone', t('reports.zone'), zones(filters)],
        ['by', t('reports.by'), cuts()],
    ];
    return (
        <form class="report-filters" aria-label={t('reports.filters')} onSubmit={(event) => event.preventDefault()}>
            <RangeInputs filters={filters} set={set} />
            {rows.map(([name, label, choices]) => (
                <SelectInput
                    key={name}
                    label={label}
                    value={filters[name]}
                    choices={choices}
                    onChange={(value) => set({[name]: value})}
                />
            ))}
        </form>
    );
}
