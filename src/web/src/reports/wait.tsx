// The arithmetic of one wait: its messages, where it begins and ends and why, each opening interval counted, the
// calendar's version and the rule's.
import type {JSX} from 'preact';
import {query} from '../api/http';
import {fullTime} from '../i18n/format';
import {formatNumber, language, localeOf, t, textOf} from '../i18n/text';
import {match, place} from '../router';
import {problemText} from '../state/problems';
import {agentName, channels} from '../state/session';
import {Button, ErrorState, Skeleton} from '../ui/parts';
import {DataTable} from '../ui/table';
import {useFresh} from './load';
import type {Explanation, Wait} from './types';
import {length, stateText} from './words';

// To the millisecond, in the zone where one is named: an explanation is exact.
function exact(instant: string, zone?: string): string {
    return new Intl.DateTimeFormat(localeOf(language.value), {
        weekday: 'short',
        day: 'numeric',
        month: 'numeric',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        fractionalSecondDigits: 3,
        ...(zone ? {timeZone: zone} : {}),
    }).format(new Date(instant));
}

const seconds = (ms: number): string => `${length(ms)} (${formatNumber(ms)} ms)`;

function endText(wait: Wait): string {
    return t(`waits.why_${wait.state}`);
}

function Facts({explained}: {explained: Explanation}): JSX.Element {
    const {wait, start, end, business} = explained;
    const facts: [string, string][] = [
        [t('waits.state'), stateText(wait.state)],
        [t('reports.kind'), t(`reports.kind_${wait.kind}`)],
        [t('reports.channel'), channels.value.get(wait.channel_id)?.name ?? ''],
        [t('waits.starts'), `${exact(start.at)} – ${t('waits.why_start')}`],
        [t('waits.ends'), `${end.at ? `${exact(end.at)} – ` : ''}${endText(wait)}`],
        [t('waits.answered_by'), agentName(wait.answered_by) || '–'],
        [t('reports.hours_elapsed'), seconds(explained.elapsed_ms)],
        [t('reports.hours_business'), business ? seconds(business.business_ms) : t('waits.no_calendar')],
        [t('waits.snoozed'), seconds(explained.snoozed_ms)],
        [t('waits.fetch_lag'), seconds(wait.fetch_lag_ms)],
        [t('waits.delivery_lag'), wait.delivery_lag_ms === null ? '–' : seconds(wait.delivery_lag_ms)],
        [t('waits.rule_version'), formatNumber(explained.rule_version)],
    ];
    return (
        <dl class="facts">
            {facts.map(([name, value]) => (
                <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                        <bdi>{value}</bdi>
                    </dd>
                </div>
            ))}
        </dl>
    );
}

function Openings({business}: {business: NonNullable<Explanation['business']>}): JSX.Element {
    return (
        <section class="chart">
            <h2>{t('waits.openings')}</h2>
            <p class="chart-remark">
                {t('waits.calendar', {name: business.calendar, version: business.calendar_version_id})}
            </p>
            <DataTable
                caption={t('waits.openings')}
                isCaptionHidden
                columns={[
                    {title: t('waits.starts'), cell: ({from, zone}) => exact(from, zone)},
                    {title: t('waits.ends'), cell: ({to, zone}) => exact(to, zone)},
                    {title: t('reports.zone'), cell: ({zone}) => zone},
                    {title: t('reports.length'), cell: ({ms}) => seconds(ms), isNumber: true},
                ]}
                rows={business.openings}
                keyOf={({from}) => from}
                empty={t('waits.no_openings')}
            />
            <p class="sum">
                {t('waits.sum', {length: seconds(business.business_ms)})}
                {!business.openings_are_all && ` ${t('waits.openings_more')}`}
            </p>
        </section>
    );
}

function Messages({explained}: {explained: Explanation}): JSX.Element {
    return (
        <section class="chart">
            <h2>{t('waits.messages')}</h2>
            <DataTable
                caption={t('waits.messages')}
                isCaptionHidden
                columns={[
                    {title: t('waits.occurred'), cell: ({occurred_at}) => exact(occurred_at)},
                    {title: t('waits.received'), cell: ({received_at}) => exact(received_at)},
                    {
                        title: t('waits.message'),
                        cell: ({message_id}) => (
                            <a href={`/app/inbox/all?c=${explained.wait.conversation_id}#m${message_id}`}>
                                {t('waits.open_message')}
                            </a>
                        ),
                    },
                ]}
                rows={explained.messages}
                keyOf={({message_id}) => message_id}
            />
        </section>
    );
}

function Events({explained}: {explained: Explanation}): JSX.Element {
    return (
        <section class="chart">
            <h2>{t('waits.events')}</h2>
            <DataTable
                caption={t('waits.events')}
                isCaptionHidden
                columns={[
                    {title: t('waits.occurred'), cell: ({occurred_at}) => exact(occurred_at)},
                    {
                        title: t('waits.event'),
                        cell: ({type}) => textOf(`waits.event_${type}`) ?? type.replaceAll('_', ' '),
                    },
                    {
                        title: t('waits.actor'),
                        cell: ({actor, actor_id}) => (
                            <bdi>{agentName(actor_id) || (textOf(`waits.actor_${actor}`) ?? actor)}</bdi>
                        ),
                    },
                ]}
                rows={explained.events}
                keyOf={({id}) => id}
            />
        </section>
    );
}

export default function WaitScreen(): JSX.Element {
    const id = match('/waits/{wait}', place.value.path)?.['wait'] ?? '';
    const {data, problem, reload} = useFresh<Explanation>(query(`/api/v1/waits/${id}/explain`, {}));
    return (
        <div class="report">
            <header class="report-head">
                <h1>{data ? t('waits.one', {start: fullTime(data.start.at)}) : t('waits.title')}</h1>
                {data && (
                    <a class="button" href={`/app/inbox/all?c=${data.wait.conversation_id}`}>
                        {t('waits.open_conversation')}
                    </a>
                )}
                <Button icon="back" onClick={() => history.back()}>
                    {t('waits.back')}
                </Button>
            </header>
            {problem && <ErrorState text={problemText(problem)} retry={reload} />}
            {!data && !problem && <Skeleton lines={8} />}
            {data && (
                <>
                    <Facts explained={data} />
                    <Messages explained={data} />
                    {data.business && <Openings business={data.business} />}
                    <Events explained={data} />
                </>
            )}
        </div>
    );
}
