// Waits one by one: the rows behind a figure of a report, as the address says (the query of GET /api/v1/waits).
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {get, Problem, query} from '../api/http';
import type {Page} from '../api/types';
import {fullTime} from '../i18n/format';
import {t} from '../i18n/text';
import {place} from '../router';
import {problemText} from '../state/problems';
import {agentName, channels} from '../state/session';
import {Button, EmptyState, ErrorState, Skeleton} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';
import type {Wait} from './types';
import {length, stateText} from './words';

const AT_ONCE = 100;

interface Pages {
    rows: Wait[] | null;
    next: string | null;
    problem: Problem | null;
    isBusy: boolean;
    more: () => void;
}

function usePages(search: string): Pages {
    const [rows, setRows] = useState<Wait[] | null>(null);
    const [next, setNext] = useState<string | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [isBusy, setBusy] = useState(false);
    const load = async (after: string | null, before: Wait[], signal?: AbortSignal) => {
        setBusy(true);
        setProblem(null);
        try {
            const parameters = {...Object.fromEntries(new URLSearchParams(search)), limit: AT_ONCE, after};
            const page = await get<Page<Wait>>(query('/api/v1/waits', parameters), signal ? {signal} : {});
            setRows([...before, ...page.items]);
            setNext(page.next);
        } catch (refused) {
            if (signal?.aborted) return;
            if (!(refused instanceof Problem)) throw refused;
            setProblem(refused);
        } finally {
            setBusy(false);
        }
    };
    useEffect(() => {
        const abort = new AbortController();
        setRows(null);
        void load(null, [], abort.signal);
        return () => abort.abort();
    }, [search]);
    return {rows, next, problem, isBusy, more: () => void load(next, rows ?? [])};
}

const columns = (): Column<Wait>[] => [
    {
        title: t('waits.started'),
        cell: ({id, started_at}) => <a href={`/app/waits/${id}`}>{fullTime(started_at)}</a>,
    },
    {title: t('waits.state'), cell: ({state}) => stateText(state)},
    {title: t('reports.hours_elapsed'), cell: ({elapsed_ms}) => length(elapsed_ms), isNumber: true},
    {title: t('reports.hours_business'), cell: ({business_ms}) => length(business_ms), isNumber: true},
    {title: t('reports.kind'), cell: ({kind}) => t(`reports.kind_${kind}`)},
    {title: t('reports.channel'), cell: ({channel_id}) => <bdi>{channels.value.get(channel_id)?.name}</bdi>},
    {title: t('waits.answered_by'), cell: ({answered_by}) => <bdi>{agentName(answered_by)}</bdi>},
    {
        title: t('waits.conversation'),
        cell: ({conversation_id}) => <a href={`/app/inbox/all?c=${conversation_id}`}>{t('waits.open_conversation')}</a>,
    },
];

export default function WaitsScreen(): JSX.Element {
    const search = place.value.query.toString();
    const {rows, next, problem, isBusy, more} = usePages(search);
    return (
        <div class="report waits" aria-busy={isBusy}>
            <header class="report-head">
                <h1>{t('waits.title')}</h1>
                <a class="button" download href={`/api/v1/waits?${search}${search ? '&' : ''}format=csv`}>
                    {t('reports.csv')}
                </a>
                <Button icon="back" onClick={() => history.back()}>
                    {t('waits.back')}
                </Button>
            </header>
            {problem && <ErrorState text={problemText(problem)} retry={more} />}
            {!rows && !problem && <Skeleton lines={8} />}
            {rows?.length === 0 && <EmptyState text={t('reports.no_waits')} />}
            {rows && rows.length > 0 && (
                <>
                    <p class="report-meaning">{t(next ? 'waits.count_more' : 'waits.count', {count: rows.length})}</p>
                    <DataTable
                        caption={t('waits.title')}
                        isCaptionHidden
                        columns={columns()}
                        rows={rows}
                        keyOf={({id}) => id}
                    />
                    {next && (
                        <Button disabled={isBusy} onClick={more}>
                            {t('waits.more')}
                        </Button>
                    )}
                </>
            )}
        </div>
    );
}
