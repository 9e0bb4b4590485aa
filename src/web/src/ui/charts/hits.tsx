// What lies over a drawing to be pointed at: the column under the pointer is a link to its rows, with its figures as
// the tooltip. For the mouse alone: by keyboard and by ear the table has the same links. One element that moves, as
// hundreds that stand would cost more than the drawing.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {go} from '../../router';

export interface Hit {
    href: string; // /app/...
    text: string;
}

interface HitsProps {
    hits: readonly Hit[]; // side by side, from left to right
    left: number;
    right: number;
    height: number;
}

export function Hits({hits, left, right, height}: HitsProps): JSX.Element {
    const [at, setAt] = useState(0);
    const step = (right - left) / Math.max(1, hits.length);
    const hit = hits[Math.min(at, hits.length - 1)];
    const point = (event: JSX.TargetedPointerEvent<SVGGElement>) => {
        const box = event.currentTarget.querySelector('.ground')!.getBoundingClientRect();
        const found = Math.floor(((event.clientX - box.left) / box.width) * hits.length);
        setAt(Math.max(0, Math.min(hits.length - 1, found)));
    };
    return (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; the table has the same links
        <g class="hits" aria-hidden="true" onPointerMove={point} onPointerDown={point}>
            <rect class="ground" x={left} y={0} width={right - left} height={height} />
            {hit && (
                <a
                    href={hit.href}
                    tabindex={-1}
                    onClick={(event) => {
                        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                        event.preventDefault();
                        go(hit.href.replace(/^\/app/, ''));
                    }}
                >
                    <title>{hit.text}</title>
                    <rect
                        class="hit"
                        x={left + Math.min(at, hits.length - 1) * step}
                        y={0}
                        width={step}
                        height={height}
                    />
                </a>
            )}
        </g>
    );
}
