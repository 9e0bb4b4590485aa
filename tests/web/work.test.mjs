// The work flow in a real browser: views with counts, picking and changing many, choosers, snooze in words, unread.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
let server;
let browser;
let page;
before(async () => {
    if (skip) return;
    server = await startInbox();
    browser = await launch();
    page = await openPage(browser, server);
    await signIn(page);
    await page.locator('.row').first().waitFor();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const press = (key) => page.keyboard.press(key);
const begin = async (path = '/app/inbox/open') => {
    await page.goto(path);
    await page.locator('.row').first().waitFor();
};
const choose = async (key, words) => {
    await press(key);
    await page.locator('dialog[open] input').waitFor();
    await page.keyboard.type(words);
    await page.locator('dialog[open] [role=option]').first().waitFor();
    await press('Enter');
};

test('the views of the left column say how much is in them', {skip}, async () => {
    const shown = await page.locator('.navigation a[href="/app/inbox/open"]').locator('.count').textContent();
    assert.ok(Number(shown) > 0);
});

test('a search is saved as a view, which g 1 opens', {skip}, async () => {
    await begin('/app/inbox/all?q=is:open');
    await page.getByRole('button', {name: 'Save as a view'}).click();
    await page.locator('dialog[open] input[name=name]').fill('Only the open');
    await page.locator('dialog[open] button[type=submit]').click();
    await page.locator('h1', {hasText: 'Only the open'}).waitFor();
    await press('g');
    await press('i');
    await page.waitForURL(/inbox\/open/);
    await press('g');
    await press('1');
    await page.locator('.list-head h1', {hasText: 'Only the open'}).waitFor();
});

test('the order of a view is kept', {skip}, async () => {
    await begin();
    await page.getByLabel('Order').selectOption('oldest');
    await begin();
    assert.equal(await page.getByLabel('Order').inputValue(), 'oldest');
    await page.getByLabel('Order').selectOption('');
});

test('a chooses who has it, z takes it back', {skip}, async () => {
    await begin();
    await press('j');
    await page.locator('.message').first().waitFor();
    const before = await page.getByLabel('Who has it').inputValue();
    await choose('a', before ? 'nobody' : 'anna');
    await page.getByText(/^Assigned: /).waitFor();
    assert.notEqual(await page.getByLabel('Who has it').inputValue(), before);
    await press('z');
    await page.waitForFunction((value) => document.querySelector('.pane-actions select').value === value, before);
});

test('t makes a tag that was not there', {skip}, async () => {
    await press('t');
    await page.locator('dialog[open] input').waitFor();
    await page.keyboard.type('brand-new');
    await page.getByRole('option', {name: 'New tag: brand-new'}).waitFor();
    await press('Enter');
    await press('Escape');
    await page.getByText('Tags changed: brand-new').waitFor();
    await page.waitForFunction(async () => {
        const id = new URLSearchParams(location.search).get('c');
        const answer = await fetch(`/api/v1/conversations/${id}`);
        return (await answer.json()).tags.includes('brand-new');
    });
});

test('h takes words: the conversation goes and comes back by z', {skip}, async () => {
    const id = await page.locator('.row.current').getAttribute('id');
    await choose('h', 'imorgon 8');
    await page.locator(`#${id}`).waitFor({state: 'detached'});
    await page.getByText(/^Back /).waitFor();
    await press('z');
    await page.locator(`#${id}`).waitFor();
});

test('x and Shift+J pick, e resolves them all, undo brings them back', {skip}, async () => {
    await begin();
    await press('j');
    await press('Shift+J');
    await page.getByText('2 picked').waitFor();
    const before = await page.locator('.row.picked').evaluateAll((rows) => rows.map((row) => row.id));
    await press('e');
    await page.getByText('2 conversations changed').waitFor();
    for (const id of before) assert.equal(await page.locator(`#${id}`).count(), 0);
    await press('z');
    await page.waitForFunction(async (ids) => {
        const answer = await fetch(`/api/v1/conversations?ids=${ids.map((id) => id.slice(4)).join(',')}`);
        return (await answer.json()).items.every(({status}) => status === 'open');
    }, before);
});

test('Shift+U marks unread, m finds it, looking at it marks it read', {skip}, async () => {
    await begin();
    await press('j');
    await page.locator('.message').first().waitFor();
    const id = await page.locator('.row.current').getAttribute('id');
    await press('Shift+U');
    await page.locator(`#${id}.unread`).waitFor();
    await page.locator(`#${id}`).click();
    await page.locator(`#${id}:not(.unread)`).waitFor();
});

test('the console has nothing to say', {skip}, async () => {
    assert.deepEqual(page.problems, []);
});
