// Response times: what customers waited, as GET /api/v1/reports/response-times counts it (metrics.md).
import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import {query} from '../api/http';
import {fullTime, now} from '../i18n/format';
import {type Key, t} from '../i18n/text';
import {place, setQuery} from '../router';
import {problemText} from '../state/problems';
import {may} from '../state/session';
import {Button, EmptyState, ErrorState, Skeleton} from '../ui/parts';
import {Distribution} from './distribution';
import {FilterBar} from './filter-bar';
import {cutOf, type Filters, parametersOf, readFilters} from './filters';
import {Groups} from './groups';
import {useFresh} from './load';
import {OverTime} from './over-time';
import {Tiles} from './tiles';
import type {ResponseTimes} from './types';

const ROUTE = '/api/v1/reports/response-times';
const cuts = ['agent', 'team', 'channel'] as const;

// What the figures are of, in words: they mean nothing without it.
function Meaning({report, filters}: {report: ResponseTimes; filters: Filters}): JSX.Element {
    return (
        <p class="report-meaning">
            {t(`reports.meaning_${report.period}` as Key, {
                from: fullTime(report.from),
                to: fullTime(report.to),
                zone: report.zone,
            })}{' '}
            {t('reports.meaning_estimates')} {t(`reports.meaning_${filters.hours}`)}
        </p>
    );
}

function Nothing({filters}: {filters: Filters}): JSX.Element {
    return (
        <EmptyState text={t('reports.no_waits')}>
            {filters.range !== '365d' && (
                <Button onClick={() => setQuery({range: '365d', from: null, to: null})}>{t('reports.widen')}</Button>
            )}
        </EmptyState>
    );
}

function Figures({report, filters, at}: {report: ResponseTimes; filters: Filters; at: number}): JSX.Element {
    const set = report.total.waits.all;
    const figures = set[filters.hours];
    if (set.waits === 0 && set.open === 0 && set.elapsed.survival.n === 0) return <Nothing filters={filters} />;
    if (!figures) return <EmptyState text={t('reports.no_calendar')} />;
    return (
        <>
            <Tiles filters={filters} set={set} figures={figures} />
            <OverTime report={report} filters={filters} />
            <Distribution report={report} filters={filters} />
            {cuts.map((cut) => (
                <Groups key={cut} cut={cut} filters={filters} now={at} />
            ))}
        </>
    );
}

export default function ResponseTimesScreen(): JSX.Element {
    const search = place.value.query.toString();
    const filters = useMemo(() => readFilters(new URLSearchParams(search)), [search]);
    const at = useMemo(() => now(), [search]);
    const by = cutOf(filters, at);
    const {data, problem, isLoading, reload} = useFresh<ResponseTimes>(
        query(ROUTE, {...parametersOf(filters, at), by}),
    );
    if (!may('report_read')) return <EmptyState text={t('reports.denied')} />;
    return (
        <div class={`report${isLoading && data ? ' is-old' : ''}`} aria-busy={isLoading}>
            <header class="report-head">
                <h1>{t('reports.title')}</h1>
                <a class="button" download href={query(`${ROUTE}.csv`, {...parametersOf(filters, at), by})}>
                    {t('reports.csv')}
                </a>
                <Button onClick={() => window.print()}>{t('reports.print')}</Button>
            </header>
            <FilterBar filters={filters} />
            {problem && <ErrorState text={problemText(problem)} retry={reload} />}
            {!data && !problem && <Skeleton lines={12} />}
            {data && (
                <>
                    <Meaning report={data} filters={filters} />
                    <Figures report={data} filters={filters} at={at} />
                </>
            )}
        </div>
    );
}
