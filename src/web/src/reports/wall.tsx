// The board on the wall: who waits now, since when, what was answered today. Limits stand in the address; a figure
// beyond one says so by colour, icon and word.
import type {JSX} from 'preact';
import {duration} from '../i18n/format';
import {formatNumber, type Key, language, localeOf, t} from '../i18n/text';
import {place, setQuery} from '../router';
import {problemText} from '../state/problems';
import {may} from '../state/session';
import {TextInput} from '../ui/form';
import {Icon, type IconName} from '../ui/icons';
import {Button, EmptyState, ErrorState, Skeleton} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';
import {STALE_MS, useBoard, useWakeLock} from './board';
import {listAddress} from './filters';
import {type Level, type Limits, levelOf, readLimits} from './level';
import type {Board, BoardFigures, BoardRow} from './types';
import {length} from './words';

const icons: Record<Level, IconName> = {fine: 'check', warn: 'clock', alarm: 'warning'};

const longestOf = ({oldest_started_at}: BoardFigures, at: number): number | null =>
    oldest_started_at === null ? null : Math.max(0, at - Date.parse(oldest_started_at));

function Mark({level}: {level: Level}): JSX.Element {
    return (
        <span class={`level ${level}`}>
            <Icon name={icons[level]} /> {t(`wall.level_${level}` as Key)}
        </span>
    );
}

// No mark where there is no figure.
const levelIn = (ms: number | null, limits: Limits): Level | undefined =>
    ms === null ? undefined : levelOf(ms, limits);

interface TileProps {
    name: string;
    title: string;
    figure: string;
    list: string;
    level?: Level | undefined;
}

function WallTile({name, title, figure, list, level}: TileProps): JSX.Element {
    return (
        <section class={`wall-tile ${level ?? ''}`} data-tile={name}>
            <h2>{title}</h2>
            <a class="wall-figure" href={listAddress(list)}>
                {figure}
            </a>
            {level && <Mark level={level} />}
        </section>
    );
}

function Tiles({board, limits, at}: {board: Board; limits: Limits; at: number}): JSX.Element {
    const {total} = board;
    const longest = longestOf(total, at);
    return (
        <div class="wall-tiles">
            <WallTile
                name="waiting"
                title={t('wall.waiting')}
                figure={formatNumber(total.waiting)}
                list={total.lists.waiting}
            />
            <WallTile
                name="longest"
                title={t('wall.longest')}
                figure={longest === null ? '–' : duration(longest)}
                list={total.lists.waiting}
                level={levelIn(longest, limits)}
            />
            <WallTile
                name="answered"
                title={t('wall.answered')}
                figure={formatNumber(total.answered)}
                list={total.lists.answered}
            />
            <WallTile
                name="first"
                title={t('wall.first')}
                figure={length(total.first_median_ms)}
                list={total.lists.first}
                level={levelIn(total.first_median_ms, limits)}
            />
        </div>
    );
}

function Rows({
    title,
    rows,
    limits,
    at,
}: {
    title: string;
    rows: readonly BoardRow[];
    limits: Limits;
    at: number;
}): JSX.Element {
    const columns: Column<BoardRow>[] = [
        {title: t('reports.name'), cell: ({id, label}) => <bdi>{id === null ? t('reports.nobody') : label}</bdi>},
        {
            title: t('wall.waiting'),
            cell: ({waiting, lists}) => <a href={listAddress(lists.waiting)}>{formatNumber(waiting)}</a>,
            isNumber: true,
        },
        {
            title: t('wall.longest'),
            cell: (row) => {
                const longest = longestOf(row, at);
                return longest === null ? (
                    '–'
                ) : (
                    <>
                        {duration(longest)} <Mark level={levelOf(longest, limits)} />
                    </>
                );
            },
            isNumber: true,
        },
        {
            title: t('wall.answered'),
            cell: ({answered, lists}) => <a href={listAddress(lists.answered)}>{formatNumber(answered)}</a>,
            isNumber: true,
        },
        {title: t('wall.first'), cell: ({first_median_ms}) => length(first_median_ms), isNumber: true},
    ];
    return (
        <section>
            <h2>{title}</h2>
            <DataTable caption={title} isCaptionHidden columns={columns} rows={rows} keyOf={({id}) => id ?? 'none'} />
        </section>
    );
}

function LimitInputs({limits}: {limits: Limits}): JSX.Element {
    const input = (name: keyof Limits, label: Key) => (
        <TextInput
            label={t(label)}
            type="number"
            min={1}
            value={String(limits[name])}
            onChange={(value) => Number(value) > 0 && setQuery({[name]: value})}
        />
    );
    return (
        <form class="wall-limits" aria-label={t('wall.limits')} onSubmit={(event) => event.preventDefault()}>
            {input('warn', 'wall.warn_from')}
            {input('alarm', 'wall.alarm_from')}
        </form>
    );
}

const clock = (instant: number): string =>
    new Intl.DateTimeFormat(localeOf(language.value), {hour: '2-digit', minute: '2-digit'}).format(instant);

function Age({board, at}: {board: Board; at: number}): JSX.Element {
    const isStale = at - Date.parse(board.at) > STALE_MS;
    return (
        <p class={`wall-age${isStale ? ' is-stale' : ''}`} role="status">
            {isStale && <Icon name="warning" />}{' '}
            {t(isStale ? 'wall.stale' : 'wall.as_of', {time: clock(Date.parse(board.at))})}
        </p>
    );
}

export default function WallScreen(): JSX.Element {
    const {board, problem, at} = useBoard();
    const limits = readLimits(place.value.query);
    useWakeLock();
    if (!may('report_read')) return <EmptyState text={t('reports.denied')} />;
    if (!board)
        return problem ? (
            <ErrorState text={problemText(problem)} retry={() => location.reload()} />
        ) : (
            <Skeleton lines={8} />
        );
    const isStale = at - Date.parse(board.at) > STALE_MS;
    return (
        <div class={`wall${isStale ? ' is-old' : ''}`}>
            <header class="report-head">
                <h1>{t('wall.title')}</h1>
                <Age board={board} at={at} />
                <Button onClick={() => void document.querySelector('.wall')?.requestFullscreen?.()}>
                    {t('wall.full_screen')}
                </Button>
            </header>
            <Tiles board={board} limits={limits} at={at} />
            <div class="wall-rows">
                <Rows title={t('wall.by_channel')} rows={board.channels} limits={limits} at={at} />
                <Rows title={t('wall.by_team')} rows={board.teams} limits={limits} at={at} />
            </div>
            <LimitInputs limits={limits} />
        </div>
    );
}
