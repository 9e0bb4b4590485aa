// The arithmetic of charts and of the report's filters.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {build} from 'esbuild';

const source = fileURLToPath(new URL('../src', import.meta.url));
const made = await mkdtemp(path.join(tmpdir(), 'charts-'));
after(() => rm(made, {recursive: true}));
async function load(name) {
    const outfile = path.join(made, `${path.basename(name)}.mjs`);
    await build({entryPoints: [path.join(source, name)], outfile, bundle: true, format: 'esm', logLevel: 'error'});
    return import(pathToFileURL(outfile));
}
const scale = await load('ui/charts/scale.ts');
const filters = await load('reports/filters.ts');
const MINUTE = 60_000;

test('a scale maps its ends to its ends, and nothing to the beginning', () => {
    const y = scale.linear(200, 212, 12);
    assert.deepEqual([y(0), y(100), y(200)], [212, 112, 12]);
    assert.equal(scale.linear(0, 212, 12)(0), 212);
});

test('ticks of durations are steps of clocks and calendars, and reach the largest value', () => {
    assert.deepEqual(
        scale.durationTicks(100 * MINUTE).map((tick) => tick / MINUTE),
        [0, 30, 60, 90, 120],
    );
    assert.deepEqual(
        scale.durationTicks(65 * 60 * MINUTE).map((tick) => tick / MINUTE / 60),
        [0, 24, 48, 72],
    );
    for (let most = 1; most < 1e13; most *= 1.7) {
        const ticks = scale.durationTicks(most);
        assert.ok(ticks.at(-1) >= most && ticks.length <= 5 && ticks.length >= 2, `${most}: ${ticks}`);
    }
});

test('ticks of counts are whole, and reach the largest value', () => {
    assert.deepEqual(scale.countTicks(1), [0, 1]);
    assert.deepEqual(scale.countTicks(7), [0, 2, 4, 6, 8]);
    for (let most = 1; most < 1e9; most = Math.ceil(most * 1.7)) {
        const ticks = scale.countTicks(most);
        assert.ok(ticks.at(-1) >= most && ticks.length <= 5 && ticks.every(Number.isInteger), `${most}: ${ticks}`);
    }
});

test('a line breaks where there is no figure, and a lone point is still drawn', () => {
    const points = [{x: 0, y: 1}, {x: 10, y: 2.26}, null, {x: 30, y: 4}];
    assert.equal(scale.linePath(points), 'M0 1L10 2.3M30 4h0');
    assert.equal(scale.linePath([]), '');
});

test('the band lies between both lines and needs two points', () => {
    const band = [{x: 0, low: 9, high: 1}, {x: 10, low: 8, high: 2}, null, {x: 30, low: 5, high: 4}];
    assert.equal(scale.bandPath(band), 'M0 1L10 2L10 8L0 9Z');
});

test('labels are thinned to those that have room', () => {
    const isShown = scale.shownLabels(366, 8);
    assert.ok(Array.from({length: 366}, (_, at) => at).filter(isShown).length <= 8);
    assert.ok([0, 1, 2].every(scale.shownLabels(3, 8)));
});

test('a preset ends now and counts today as its last day, an own range includes its last day', () => {
    const now = Date.parse('2026-11-24T22:30:00Z');
    const read = (text) => filters.readFilters(new URLSearchParams(text));
    assert.deepEqual(filters.daysOf(read('range=7d&zone=Europe/Helsinki'), now), {from: '2026-11-19', to: ''});
    assert.deepEqual(filters.daysOf(read('range=7d&zone=UTC'), now), {from: '2026-11-18', to: ''});
    assert.deepEqual(filters.daysOf(read('range=own&from=2026-10-24&to=2026-10-25'), now), {
        from: '2026-10-24',
        to: '2026-10-26',
    });
});

test('time is cut more coarsely the longer it is, unless somebody chose', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    const cut = (text) => filters.cutOf(filters.readFilters(new URLSearchParams(text)), now);
    assert.deepEqual(
        ['today', '7d', '30d', '90d', '365d'].map((range) => cut(`range=${range}`)),
        ['hour', 'day', 'day', 'day', 'week'],
    );
    assert.equal(cut('range=365d&by=day'), 'day');
});

test('the address holds only what differs from the beginning, and gives the same filters back', () => {
    const {period, ...rest} = filters.readFilters(new URLSearchParams());
    assert.equal(period, 'ended');
    const address = filters.addressOf({...rest, period: 'started', team: '7'});
    const kept = Object.entries(address)
        .filter(([, value]) => value !== null)
        .sort();
    assert.deepEqual(kept, [
        ['period', 'started'],
        ['team', '7'],
    ]);
    const back = filters.readFilters(new URLSearchParams(kept));
    assert.deepEqual([back.period, back.team, back.range], ['started', '7', '30d']);
});
