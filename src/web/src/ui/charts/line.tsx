// Median and 90th percentile over time: a full and a dashed line with the band between them.
import type {JSX} from 'preact';
import {t} from '../../i18n/text';
import {Axes, BOTTOM, Drawing, LEFT, TOP} from './axis';
import {Hits} from './hits';
import {bandPath, durationTicks, linear, linePath} from './scale';

export interface LinePoint {
    key: string;
    label: string; // below the axis
    text: string; // its figures in words
    href: string;
    median: number | null; // ms; null: no figure there
    p90: number | null;
}

interface LineProps {
    points: readonly LinePoint[];
    name: string; // a sentence
    tick: (ms: number) => string;
}

function Legend(): JSX.Element {
    return (
        <p class="legend" aria-hidden="true">
            <svg class="swatch" viewBox="0 0 28 8">
                <path class="line-median" d="M2 4H26" />
            </svg>
            {t('chart.median')}
            <svg class="swatch" viewBox="0 0 28 8">
                <path class="line-p90" d="M2 4H26" />
            </svg>
            {t('chart.p90')}
        </p>
    );
}

function Lines({points, name, tick, right}: LineProps & {right: number}): JSX.Element {
    const ticks = durationTicks(Math.max(1000, ...points.map(({median, p90}) => Math.max(median ?? 0, p90 ?? 0))));
    const y = linear(ticks.at(-1)!, BOTTOM, TOP);
    const step = (right - LEFT) / Math.max(1, points.length);
    const x = (at: number) => LEFT + (at + 0.5) * step;
    const place = (value: number | null, at: number) => (value === null ? null : {x: x(at), y: y(value)});
    const band = points.map(({median, p90}, at) =>
        median === null || p90 === null ? null : {x: x(at), low: y(median), high: y(p90)},
    );
    return (
        <>
            {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a group of a drawing is not interactive */}
            <g role="img" aria-label={name}>
                <Axes
                    right={right}
                    ticks={ticks.map((value) => ({y: y(value), text: tick(value)}))}
                    labels={points.map(({label}, at) => ({x: x(at), text: label}))}
                />
                <path class="band" d={bandPath(band)} />
                <path class="line-p90" d={linePath(points.map(({p90}, at) => place(p90, at)))} />
                <path class="line-median" d={linePath(points.map(({median}, at) => place(median, at)))} />
            </g>
            <Hits left={LEFT} right={right} height={BOTTOM} hits={points} />
        </>
    );
}

export function LineBand(props: LineProps): JSX.Element {
    return (
        <>
            <Legend />
            <Drawing>{(right) => <Lines {...props} right={right} />}</Drawing>
        </>
    );
}
