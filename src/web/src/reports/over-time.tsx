// Median and 90th percentile over time, of what was answered.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {Chart} from '../ui/charts/figure';
import {LineBand} from '../ui/charts/line';
import type {Column} from '../ui/table';
import {type Filters, listAddress} from './filters';
import type {Figures, ResponseTimes, WaitFigures} from './types';
import {length, tick, timeName} from './words';

interface Row {
    key: string;
    label: string;
    set: WaitFigures;
    figures: Figures | null;
}

function rowsOf(report: ResponseTimes, hours: Filters['hours']): Row[] {
    return report.groups.map(({keys, waits}) => {
        const {cut, value} = keys![0]!;
        return {key: value ?? '', label: timeName(cut, value ?? ''), set: waits.all, figures: waits.all[hours]};
    });
}

const link = (isLinked: boolean, list: string, text: string) =>
    isLinked ? <a href={listAddress(list)}>{text}</a> : text;

const columns = (isLinked: boolean): Column<Row>[] => [
    {title: t('reports.time'), cell: ({key}) => key},
    {title: t('chart.median'), cell: ({figures}) => length(figures?.median_ms), isNumber: true},
    {title: t('chart.p90'), cell: ({figures}) => length(figures?.p90_ms), isNumber: true},
    {
        title: t('reports.answered'),
        cell: ({set}) => link(isLinked, set.lists.n, formatNumber(set.n)),
        isNumber: true,
    },
    {
        title: t('reports.dismissed'),
        cell: ({set}) => link(isLinked, set.lists.dismissed, formatNumber(set.dismissed)),
        isNumber: true,
    },
];

export function OverTime({report, filters}: {report: ResponseTimes; filters: Filters}): JSX.Element {
    const rows = rowsOf(report, filters.hours);
    const points = rows.map(({key, label, set, figures}) => ({
        key,
        label,
        href: listAddress(set.lists.n),
        median: figures?.median_ms ?? null,
        p90: figures?.p90_ms ?? null,
        text: t('reports.point', {
            time: key,
            median: length(figures?.median_ms),
            p90: length(figures?.p90_ms),
            count: set.n,
        }),
    }));
    const withFigures = points.filter(({median}) => median !== null);
    const name = t('reports.over_time_name', {
        count: withFigures.length,
        least: length(Math.min(...withFigures.map(({median}) => median!))),
        most: length(Math.max(...withFigures.map(({median}) => median!))),
    });
    return (
        <Chart
            title={t('reports.over_time')}
            remark={t('reports.plain_remark')}
            columns={columns}
            rows={rows}
            keyOf={({key}) => key}
        >
            {withFigures.length > 0 ? (
                <LineBand points={points} name={name} tick={tick} />
            ) : (
                <p class="chart-empty">{t('reports.no_answered')}</p>
            )}
        </Chart>
    );
}
