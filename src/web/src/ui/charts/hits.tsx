// What lies over a drawing to be pointed at: a column for each point, a link to its rows with its figures as the
// tooltip. For the mouse alone: by keyboard and by ear the table has the same links.
import type {JSX} from 'preact';
import {go} from '../../router';

export interface Hit {
    x: number;
    width: number;
    href: string; // /app/...
    text: string;
}

export function Hits({hits, height}: {hits: readonly Hit[]; height: number}): JSX.Element {
    return (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; the table has the same links
        <g class="hits" aria-hidden="true">
            {hits.map((hit) => (
                <a
                    key={hit.x}
                    href={hit.href}
                    tabindex={-1}
                    onClick={(event) => {
                        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                        event.preventDefault();
                        go(hit.href.replace(/^\/app/, ''));
                    }}
                >
                    <title>{hit.text}</title>
                    <rect x={hit.x} y={0} width={hit.width} height={height} />
                </a>
            ))}
        </g>
    );
}
