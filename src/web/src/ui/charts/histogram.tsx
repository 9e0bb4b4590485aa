// How many there are of each class: columns side by side.
import type {JSX} from 'preact';
import {formatNumber} from '../../i18n/text';
import {Axes, BOTTOM, Drawing, LEFT, TOP} from './axis';
import {Hits} from './hits';
import {countTicks, linear} from './scale';

export interface HistogramClass {
    key: string;
    label: string;
    text: string;
    href: string;
    n: number;
}

interface HistogramProps {
    classes: readonly HistogramClass[];
    name: string; // a sentence
}

function Columns({classes, name, right}: HistogramProps & {right: number}): JSX.Element {
    const ticks = countTicks(Math.max(1, ...classes.map(({n}) => n)));
    const y = linear(ticks.at(-1)!, BOTTOM, TOP);
    const step = (right - LEFT) / classes.length;
    const left = (at: number) => LEFT + at * step;
    return (
        <>
            {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a group of a drawing is not interactive */}
            <g role="img" aria-label={name}>
                <Axes
                    right={right}
                    ticks={ticks.map((value) => ({y: y(value), text: formatNumber(value)}))}
                    labels={classes.map(({label}, at) => ({x: left(at) + step / 2, text: label}))}
                />
                {classes.map(({key, n}, at) => (
                    <rect
                        key={key}
                        class="column"
                        x={left(at) + step * 0.12}
                        width={step * 0.76}
                        y={y(n)}
                        height={BOTTOM - y(n)}
                    />
                ))}
            </g>
            <Hits left={LEFT} right={right} height={BOTTOM} hits={classes} />
        </>
    );
}

export function Histogram(props: HistogramProps): JSX.Element {
    return <Drawing>{(right) => <Columns {...props} right={right} />}</Drawing>;
}
