// The ground of a drawing: as wide as its place on the page (so that texts keep their size), ticks with lines
// across, labels below.
import type {ComponentChildren, JSX} from 'preact';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {shownLabels} from './scale';

export const HEIGHT = 240;
export const BOTTOM = HEIGHT - 28;
export const TOP = 12;
export const LEFT = 64;
const LABEL_WIDTH = 72;

export function Drawing({children}: {children: (right: number) => ComponentChildren}): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(720);
    useLayoutEffect(() => {
        const measure = () => box.current && setWidth(Math.max(240, Math.round(box.current.clientWidth)));
        const observer = new ResizeObserver(measure);
        measure();
        observer.observe(box.current!);
        return () => observer.disconnect();
    }, []);
    return (
        <div ref={box} class="drawing">
            <svg role="presentation" viewBox={`0 0 ${width} ${HEIGHT}`}>
                {children(width - 8)}
            </svg>
        </div>
    );
}

interface AxesProps {
    right: number;
    ticks: readonly {y: number; text: string}[];
    labels: readonly {x: number; text: string}[]; // those that have room are shown
}

export function Axes({right, ticks, labels}: AxesProps): JSX.Element {
    const isShown = shownLabels(labels.length, Math.max(1, Math.floor((right - LEFT) / LABEL_WIDTH)));
    return (
        <g class="axes">
            {ticks.map(({y, text}) => (
                <g key={y}>
                    <line x1={LEFT} x2={right} y1={y} y2={y} />
                    <text x={LEFT - 8} y={y + 4} text-anchor="end">
                        {text}
                    </text>
                </g>
            ))}
            {labels
                .filter((_, at) => isShown(at))
                .map(({x, text}) => (
                    <text key={x} x={x} y={HEIGHT - 8} text-anchor="middle">
                        {text}
                    </text>
                ))}
        </g>
    );
}
