// How the lengths of the answered waits are spread.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {Chart} from '../ui/charts/figure';
import {Histogram} from '../ui/charts/histogram';
import type {Column} from '../ui/table';
import {type Filters, listAddress} from './filters';
import type {LengthClass, ResponseTimes} from './types';
import {length, tick} from './words';

const labelOf = ({from_ms, below_ms}: LengthClass): string =>
    below_ms === null ? `≥ ${tick(from_ms)}` : `< ${tick(below_ms)}`;

const nameOf = ({from_ms, below_ms}: LengthClass): string =>
    below_ms === null
        ? t('reports.class_last', {from: length(from_ms)})
        : t('reports.class', {from: tick(from_ms), below: length(below_ms)});

const share = (n: number, all: number): string => `${formatNumber(all > 0 ? Math.round((n / all) * 1000) / 10 : 0)} %`;

const columnsOf =
    (all: number) =>
    (isLinked: boolean): Column<LengthClass>[] => [
        {title: t('reports.length'), cell: nameOf},
        {
            title: t('reports.answered'),
            cell: ({n, list}) => (isLinked ? <a href={listAddress(list)}>{formatNumber(n)}</a> : formatNumber(n)),
            isNumber: true,
        },
        {title: t('reports.share'), cell: ({n}) => share(n, all), isNumber: true},
    ];

export function Distribution({report, filters}: {report: ResponseTimes; filters: Filters}): JSX.Element {
    const classes = report.distribution[filters.hours] ?? [];
    const all = classes.reduce((sum, {n}) => sum + n, 0);
    const most = classes.reduce<LengthClass | null>((best, one) => (best && best.n >= one.n ? best : one), null);
    return (
        <Chart
            title={t('reports.distribution')}
            remark={t('reports.plain_remark')}
            columns={columnsOf(all)}
            rows={classes}
            keyOf={({from_ms}) => String(from_ms)}
        >
            {all > 0 && most ? (
                <Histogram
                    name={t('reports.distribution_name', {count: all, most: nameOf(most), n: most.n})}
                    classes={classes.map((one) => ({
                        key: String(one.from_ms),
                        label: labelOf(one),
                        text: `${nameOf(one)}: ${formatNumber(one.n)} (${share(one.n, all)})`,
                        href: listAddress(one.list),
                        n: one.n,
                    }))}
                />
            ) : (
                <p class="chart-empty">{t('reports.no_answered')}</p>
            )}
        </Chart>
    );
}
