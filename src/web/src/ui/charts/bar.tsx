// A bar in a cell of a table: the median, and the 90th percentile as a mark further right. Its figures stand beside
// it as text, so it is hidden from those who hear the page.
import type {JSX} from 'preact';
import {linear} from './scale';

export function Bar({median, p90, most}: {median: number; p90: number; most: number}): JSX.Element {
    const x = linear(most, 0, 116);
    return (
        <svg class="bar" viewBox="0 0 120 14" aria-hidden="true">
            <path class="bar-rest" d={`M0 7H${x(p90)}`} />
            <rect class="column" x="0" y="2" width={Math.max(1, x(median))} height="10" />
            <path class="bar-p90" d={`M${x(p90)} 1V13`} />
        </svg>
    );
}
