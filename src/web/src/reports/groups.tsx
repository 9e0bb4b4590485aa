// The same figures by agent, team or channel: a table with a bar in each row. Each figure opens its rows.
import type {JSX} from 'preact';
import {query} from '../api/http';
import {formatNumber, type Key, t} from '../i18n/text';
import {problemText} from '../state/problems';
import {Bar} from '../ui/charts/bar';
import {ErrorState, Skeleton} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';
import {type Filters, listAddress, parametersOf} from './filters';
import {useFresh} from './load';
import type {Group, ListName, ResponseTimes} from './types';
import {length, quantile} from './words';

const figuresOf = (group: Group, {hours}: Filters) => group.waits.all[hours];

function counted(title: Key, name: 'n' | 'open' | 'dismissed', list: ListName): Column<Group> {
    return {
        title: t(title),
        cell: ({waits}) => <a href={listAddress(waits.all.lists[list])}>{formatNumber(waits.all[name])}</a>,
        isNumber: true,
    };
}

function columnsOf(filters: Filters, most: number): Column<Group>[] {
    const list = (group: Group, name: ListName, text: string) => (
        <a href={listAddress(group.waits.all.lists[name])}>{text}</a>
    );
    return [
        {
            title: t('reports.name'),
            cell: ({keys}) => <bdi>{keys![0]!.value === null ? t('reports.nobody') : keys![0]!.label}</bdi>,
        },
        {
            title: t('chart.bar'),
            cell: (group) => {
                const figures = figuresOf(group, filters);
                return figures?.median_ms === undefined ? null : (
                    <Bar median={figures.median_ms} p90={figures.p90_ms ?? 0} most={most} />
                );
            },
        },
        {
            title: t('chart.median'),
            cell: (group) => list(group, 'n', length(figuresOf(group, filters)?.median_ms)),
            isNumber: true,
        },
        {
            title: t('chart.p90'),
            cell: (group) => list(group, 'n', length(figuresOf(group, filters)?.p90_ms)),
            isNumber: true,
        },
        {
            title: t('reports.estimate_median'),
            cell: (group) => list(group, 'survival', quantile(figuresOf(group, filters)?.survival.median)),
            isNumber: true,
        },
        {
            title: t('reports.estimate_p90'),
            cell: (group) => list(group, 'survival', quantile(figuresOf(group, filters)?.survival.p90)),
            isNumber: true,
        },
        counted('reports.answered', 'n', 'n'),
        counted('reports.open', 'open', 'open'),
        counted('reports.dismissed', 'dismissed', 'dismissed'),
    ];
}

export function Groups({
    cut,
    filters,
    now,
}: {
    cut: 'agent' | 'team' | 'channel';
    filters: Filters;
    now: number;
}): JSX.Element {
    const {data, problem, reload, isLoading} = useFresh<ResponseTimes>(
        query('/api/v1/reports/response-times', {...parametersOf(filters, now), by: cut}),
    );
    if (problem) return <ErrorState text={problemText(problem)} retry={reload} />;
    if (!data) return <Skeleton lines={4} />;
    const most = Math.max(1, ...data.groups.map((group) => figuresOf(group, filters)?.p90_ms ?? 0));
    return (
        <section class={`chart${isLoading ? ' is-old' : ''}`} data-cut={cut}>
            <header>
                <h2>{t(`reports.by_${cut}s`)}</h2>
            </header>
            <DataTable
                caption={t(`reports.by_${cut}s`)}
                isCaptionHidden
                columns={columnsOf(filters, most)}
                rows={data.groups}
                keyOf={({keys}) => keys![0]!.value ?? 'none'}
                empty={t('reports.no_waits')}
            />
        </section>
    );
}
