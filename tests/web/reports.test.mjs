// The supervisors' pages in a real browser: the figures on them are those of the API, and each opens its rows.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
const PAGE = '/app/reports/response-times';
const MINUTE = 60_000;
let server;
let browser;
let page;
before(async () => {
    if (skip) return;
    server = await startInbox();
    browser = await launch();
    page = await openPage(browser, server);
    await signIn(page);
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

// As the page writes them in English: the two largest units.
function duration(ms) {
    const parts = [['d', 1440 * MINUTE], ['h', 60 * MINUTE], ['m', MINUTE]];
    const found = parts.findIndex(([, size]) => ms >= size);
    if (found < 0) return `${Math.floor(ms / 1000)}s`;
    const [[unit, size], next] = [parts[found], parts[found + 1]];
    const rest = next && Math.floor((ms % size) / next[1]);
    return `${Math.floor(ms / size)}${unit}${rest ? ` ${rest}${next[0]}` : ''}`;
}
const quantile = (value) => ('ms' in value ? duration(value.ms) : `> ${duration(value.more_than_ms)}`);
const figure = (name) => page.locator(`[data-tile=${name}] .figure`);
// What the page itself asked for.
async function open(search) {
    const isAsked = (response) => response.url().includes('/api/v1/reports/response-times?') && !/by=(agent|team|channel)\b/.test(response.url());
    const [response] = await Promise.all([page.waitForResponse(isAsked), page.goto(PAGE + search)]);
    await page.locator('[data-tile=median], .empty').first().waitFor();
    return response.json();
}
const countOf = async (href) => {
    const {json} = await server.call('GET', `${href.replace('/app/', '/api/v1/')}&limit=500`);
    return json.items.length;
};

test('the four tiles hold the figures of the report, estimates first and plain ones beside', {skip}, async () => {
    const {total: {waits: {all}}} = await open('?range=365d');
    assert.ok(all.n > 100);
    assert.equal(await figure('median').textContent(), quantile(all.elapsed.survival.median));
    assert.equal(await figure('p90').textContent(), quantile(all.elapsed.survival.p90));
    assert.equal(await figure('answered').textContent(), String(all.n));
    assert.equal(await figure('open').textContent(), String(all.open));
    const median = await page.locator('[data-tile=median]').textContent();
    assert.ok(median.includes(duration(all.elapsed.median_ms)), median);
    assert.ok((await page.locator('[data-tile=open]').textContent()).includes(`${all.dismissed} closed without an answer`));
});

test('where the curve does not reach, the tile says more than', {skip}, async () => {
    const {total: {waits: {all: {elapsed: {survival}}}}} = await open('?range=365d');
    assert.ok('more_than_ms' in survival.p90);
    assert.match(await figure('p90').textContent(), /^> /);
});

test('every figure opens as many rows as it says, and a row its explanation', {skip}, async () => {
    await open('?range=365d');
    for (const name of ['answered', 'open'])
        assert.equal(await countOf(await figure(name).getAttribute('href')), Number(await figure(name).textContent()), name);
    await figure('open').click();
    await page.locator('.waits tbody a').first().click();
    await page.locator('.facts').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const {json} = await server.call('GET', `/api/v1/waits/${id}/explain`);
    const facts = await page.locator('.facts').textContent();
    assert.ok(facts.includes('still open'), facts);
    assert.equal(await page.locator('section.chart').nth(0).locator('tbody tr').count(), json.messages.length);
    assert.equal(await page.locator('section.chart').last().locator('tbody tr').count(), json.events.length);
});

test('the filters stand in the address and narrow the figures', {skip}, async () => {
    const whole = await open('?range=365d');
    const asked = page.waitForResponse((response) => response.url().includes('/api/v1/') && response.url().includes('kind=first') && !/by=(agent|team|channel)\b/.test(response.url()));
    await page.getByLabel('Response', {exact: true}).selectOption('first');
    const narrowed = await (await asked).json();
    assert.match(page.url(), /range=365d.*kind=first/);
    await page.locator(`[data-tile=answered] .figure:text-is("${narrowed.total.waits.all.n}")`).waitFor();
    assert.equal(narrowed.total.waits.all.n, whole.total.waits.first.n);
});

test('each chart has a table with the same figures and links', {skip}, async () => {
    const report = await open('?range=365d');
    const chart = page.locator('section.chart').nth(1);
    assert.match(await chart.getByRole('img', {name: /./}).getAttribute('aria-label'), new RegExp(`${report.total.waits.all.n} answered`));
    await chart.getByRole('button', {name: 'As table'}).click();
    const shown = await chart.locator('tbody tr td:nth-child(2)').allTextContents();
    assert.deepEqual(shown.map(Number), report.distribution.elapsed.map(({n}) => n));
    for (const [at, {n}] of report.distribution.elapsed.entries()) {
        const link = chart.locator('tbody tr').nth(at).locator('a');
        assert.equal(await countOf(await link.getAttribute('href')), n);
    }
});

test('agents, teams and channels show what the API says of them', {skip}, async () => {
    await open('?range=365d');
    for (const cut of ['agent', 'team', 'channel']) {
        const section = page.locator(`[data-cut=${cut}]`);
        await section.waitFor();
        const first = section.locator('tbody tr').first();
        const href = await first.locator('td:nth-child(7) a').getAttribute('href');
        assert.equal(await countOf(href), Number(await first.locator('td:nth-child(7)').textContent()), cut);
    }
});

test('business hours leave out what has no calendar', {skip}, async () => {
    const {total: {waits: {all}}} = await open('?range=365d&hours=business');
    if (all.business === null) await page.getByText(/No channel here has opening hours/).waitFor();
    else assert.equal(await figure('median').textContent(), quantile(all.business.survival.median));
});

test('a period without waits says so and offers a wider one', {skip}, async () => {
    await page.goto(`${PAGE}?range=own&from=2001-01-01&to=2001-01-02&period=open`);
    await page.getByRole('button', {name: 'Look at 12 months'}).click();
    await figure('median').waitFor();
});

test('a failure is told with a way on, and the figures come back', {skip}, async () => {
    await page.route('**/api/v1/reports/response-times?**', (route) => route.fulfill({status: 503, contentType: 'application/problem+json', body: '{"status":503,"code":"busy"}'}));
    await page.goto(`${PAGE}?range=90d`);
    await page.getByRole('alert').first().waitFor();
    await page.unroute('**/api/v1/reports/response-times?**');
    await page.getByRole('button', {name: 'Try again'}).first().click();
    await figure('median').waitFor();
});

test('the board holds the figures of the API and follows events', {skip}, async () => {
    await page.goto('/app/wall');
    const wall = (name) => page.locator(`[data-tile=${name}] .wall-figure`);
    await wall('waiting').waitFor();
    const {json: {total}} = await server.call('GET', '/api/v1/reports/board');
    assert.equal(await wall('waiting').textContent(), String(total.waiting));
    assert.equal(await wall('answered').textContent(), String(total.answered));
    assert.ok((await wall('waiting').evaluate((element) => parseFloat(getComputedStyle(element).fontSize))) >= 48);
    await page.locator('[data-tile=longest].alarm .level svg').waitFor();
    const {json: {items: [wait]}} = await server.call('GET', '/api/v1/waits?state=open&limit=1');
    await page.locator('.link-state.live').waitFor({state: 'attached'});
    await server.control('conversation', 'change', wait.conversation_id, '--status', 'resolved');
    await page.locator(`[data-tile=waiting] .wall-figure:text-is("${total.waiting - 1}")`).waitFor({timeout: 10_000});
});

test('old figures of the board say how old they are', {skip}, async () => {
    await page.clock.install();
    await page.goto('/app/wall');
    await page.locator('.wall-age').waitFor();
    await page.route('**/api/v1/reports/board', (route) => route.abort());
    await page.clock.fastForward(45_000);
    await page.locator('.wall-age.is-stale').waitFor({timeout: 60_000});
    assert.match(await page.locator('.wall-age').textContent(), /Data from \d\d:\d\d/);
    await page.unroute('**/api/v1/reports/board');
});

test('366 points are drawn in 16 ms', {skip}, async () => {
    const {json} = await server.call('GET', '/api/v1/reports/response-times?by=day&from=2020-01-01');
    const groups = Array.from({length: 366}, (_, at) => ({
        ...json.groups[at % json.groups.length],
        keys: [{cut: 'day', value: new Date(Date.UTC(2025, 0, 1 + at)).toISOString().slice(0, 10), label: ''}],
    }));
    const other = await page.context().newPage();
    await other.route((url) => url.pathname === '/api/v1/reports/response-times' && url.searchParams.get('by') === 'day', (route) => route.fulfill({json: {...json, groups}}));
    await other.goto(`${PAGE}?range=365d&by=day`);
    await other.locator('.line-median').last().waitFor();
    const session = await other.context().newCDPSession(other);
    await session.send('Performance.enable', {timeDomain: 'threadTicks'});
    const spent = async () => {
        const {metrics} = await session.send('Performance.getMetrics');
        const of = (name) => metrics.find((metric) => metric.name === name).value * 1000;
        return of('TaskDuration'); // scripts, styles, layout and all between
    };
    // The work of the page's thread for one drawing, whatever else the machine does.
    const draw = () => other.evaluate(async () => {
        const chart = document.querySelector('.chart');
        chart.querySelector('button').click();
        while (!chart.querySelector('.hits')) await new Promise((resolve) => queueMicrotask(resolve));
        chart.querySelector('.hits').getBoundingClientRect();
    });
    const times = [];
    for (let turn = 0; turn < 9; turn++) {
        await other.locator('.chart button').first().click();
        await other.waitForTimeout(100);
        const before = await spent();
        await draw();
        times.push((await spent()) - before);
    }
    times.sort((one, another) => one - another);
    const hits = other.locator('.chart').first().locator('.hits');
    const box = await hits.locator('.ground').boundingBox();
    await other.mouse.move(box.x + box.width - 1, box.y + 20);
    await hits.locator('title', {hasText: '2026-01-01'}).waitFor({state: 'attached'});
    console.log(`# 366 points: median ${times[4].toFixed(1)} ms, longest ${times[8].toFixed(1)} ms`);
    assert.ok(times[4] <= 16, `median of nine: ${times[4]} ms`);
    await other.close();
});
