// The four figures above all: median, 90th percentile, answered, open and dismissed. The first two are survival
// estimates, because the answered waits alone flatter whoever leaves the hard ones unanswered (metrics.md).
import type {ComponentChildren, JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {type Filters, listAddress} from './filters';
import type {Figures, Quantile, WaitFigures} from './types';
import {length, quantile} from './words';

interface TileProps {
    name: string;
    title: string;
    figure: string;
    list: string;
    children: ComponentChildren; // what it means
}

function Tile({name, title, figure, list, children}: TileProps): JSX.Element {
    return (
        <section class="report-tile" data-tile={name}>
            <h2>{title}</h2>
            <a class="figure" href={listAddress(list)}>
                {figure}
            </a>
            <div class="tile-meaning">{children}</div>
        </section>
    );
}

interface EstimateProps {
    name: string;
    title: string;
    estimate: Quantile | undefined;
    plain: number | undefined;
    figures: Figures;
    set: WaitFigures;
}

function EstimateTile({name, title, estimate, plain, figures, set}: EstimateProps): JSX.Element {
    return (
        <Tile name={name} title={title} figure={quantile(estimate)} list={set.lists.survival}>
            <p>{t('reports.estimate_of', {count: figures.survival.n})}</p>
            <p>
                <a href={listAddress(set.lists.n)}>
                    {t('reports.plain_of', {length: length(plain), count: figures.n})}
                </a>
            </p>
        </Tile>
    );
}

function OpenTile({set}: {set: WaitFigures}): JSX.Element {
    return (
        <Tile name="open" title={t('reports.tile_open')} figure={formatNumber(set.open)} list={set.lists.open}>
            <p>
                <a href={listAddress(set.lists.dismissed)}>{t('reports.dismissed_count', {count: set.dismissed})}</a>
            </p>
            <p>
                <a href={listAddress(set.lists.dismissed_under_minute)}>
                    {t('reports.dismissed_quickly', {count: set.dismissed_under_minute})}
                </a>
            </p>
        </Tile>
    );
}

export function Tiles({filters, set, figures}: {filters: Filters; set: WaitFigures; figures: Figures}): JSX.Element {
    const estimates = {figures, set};
    const {median, p90} = figures.survival;
    return (
        <div class="tiles">
            <EstimateTile
                name="median"
                title={t('reports.tile_median')}
                estimate={median}
                plain={figures.median_ms}
                {...estimates}
            />
            <EstimateTile
                name="p90"
                title={t('reports.tile_p90')}
                estimate={p90}
                plain={figures.p90_ms}
                {...estimates}
            />
            <Tile name="answered" title={t('reports.tile_answered')} figure={formatNumber(set.n)} list={set.lists.n}>
                <p>{t(`reports.answered_${filters.period}`)}</p>
                <p>{t('reports.longest', {p95: length(figures.p95_ms), maximum: length(figures.maximum_ms)})}</p>
            </Tile>
            <OpenTile set={set} />
        </div>
    );
}
