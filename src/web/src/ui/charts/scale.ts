// The arithmetic of charts: scales, ticks that people count in, paths. Pure; no DOM.

export interface Point {
    x: number;
    y: number;
}

// Maps [0, most] to [from, to]; a most of 0 maps all to from.
export function linear(most: number, from: number, to: number): (value: number) => number {
    return (value) => (most > 0 ? from + (value / most) * (to - from) : from);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const durationSteps: readonly number[] = [
    ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
    ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
    ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * HOUR),
    ...[1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365].map((count) => count * DAY),
];

const upTo = (most: number, step: number): number[] =>
    Array.from({length: Math.max(1, Math.ceil(most / step)) + 1}, (_, at) => at * step);

// Ticks from 0 to the first at or above most, at most count of them after 0, in steps of clocks and calendars.
export function durationTicks(most: number, count = 4): number[] {
    const known = durationSteps.find((step) => step * count >= most);
    return upTo(most, known ?? Math.ceil(most / count / (365 * DAY)) * 365 * DAY);
}

// The same of whole numbers: steps of 1, 2 and 5.
export function countTicks(most: number, count = 4): number[] {
    for (let power = 1; ; power *= 10) {
        const factor = [1, 2, 5].find((one) => one * power * count >= most);
        if (factor) return upTo(most, factor * power);
    }
}

const round = (value: number): number => Math.round(value * 10) / 10;
const pair = ({x, y}: Point): string => `${round(x)} ${round(y)}`;

// Runs of points without a gap (null) between them.
export function runs<T>(points: readonly (T | null)[]): T[][] {
    const found: T[][] = [];
    let isOpen = false;
    for (const point of points) {
        if (point !== null && isOpen) found.at(-1)!.push(point);
        else if (point !== null) found.push([point]);
        isOpen = point !== null;
    }
    return found;
}

// A line with breaks where there is nothing; a point that stands alone becomes a dot (round caps draw it).
export function linePath(points: readonly (Point | null)[]): string {
    return runs(points)
        .map((run) => `M${run.map(pair).join('L')}${run.length === 1 ? 'h0' : ''}`)
        .join('');
}

// The area between two lines, in the runs where there are both.
export function bandPath(points: readonly ({x: number; low: number; high: number} | null)[]): string {
    return runs(points)
        .filter((run) => run.length > 1)
        .map((run) => {
            const there = run.map(({x, high}) => pair({x, y: high}));
            const back = run.map(({x, low}) => pair({x, y: low})).reverse();
            return `M${[...there, ...back].join('L')}Z`;
        })
        .join('');
}

// Which of count labels are shown so that there are at most most of them: the first, and each n-th.
export function shownLabels(count: number, most: number): (at: number) => boolean {
    const step = Math.max(1, Math.ceil(count / most));
    return (at) => at % step === 0;
}
