// The inbox in a real browser: reading, answering, resolving, undoing, by key and by mouse.
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
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const rowCount = () => page.locator('.row').count();
const current = () => page.locator('.row.current .who').textContent();

test('a wrong password is refused in words, a right one opens the inbox', {skip}, async () => {
    await page.goto('/app/inbox');
    await page.getByLabel('Email').fill('anna@example.org');
    await page.getByLabel('Password').fill('not this one at all');
    await page.getByRole('button', {name: 'Sign in'}).click();
    await page.getByRole('alert').waitFor();
    await signIn(page);
    await page.locator('.row').first().waitFor();
    assert.ok((await rowCount()) > 3);
});

test('j and k move and open, and the address says what is open', {skip}, async () => {
    await page.keyboard.press('j');
    const first = await current();
    await page.locator('.message').first().waitFor();
    assert.match(page.url(), /[?&]c=\d+/);
    await page.waitForTimeout(200);
    await page.keyboard.press('j');
    assert.notEqual(await page.locator('.row.current').getAttribute('aria-posinset'), '1');
    await page.waitForTimeout(200);
    await page.keyboard.press('k');
    assert.equal(await current(), first);
});

test('e resolves and goes on, z brings it back', {skip}, async () => {
    const before = await page.locator('.row.current').getAttribute('id');
    await page.keyboard.press('e');
    await page.locator(`#${before}`).waitFor({state: 'detached'});
    await page.getByText(/^Resolved:/).waitFor();
    await page.keyboard.press('z');
    await page.locator(`#${before}.current`).waitFor();
    await page.locator('.pane-title', {hasText: 'open'}).waitFor();
});

test('what is being written survives a reload', {skip}, async () => {
    await page.keyboard.press('r');
    await page.keyboard.type('A half-written thought');
    await page.reload();
    await page.locator('.composer textarea').waitFor();
    await page.waitForFunction(() => document.querySelector('.composer textarea').value === 'A half-written thought');
    await page.locator('.composer textarea').fill('');
});

test('single keys are letters in a field', {skip}, async () => {
    const before = await page.locator('.row.current').getAttribute('id');
    await page.locator('.composer textarea').focus();
    await page.keyboard.type('jex');
    assert.equal(await page.locator('.composer textarea').inputValue(), 'jex');
    assert.equal(await page.locator('.row.current').getAttribute('id'), before);
    await page.locator('.composer textarea').fill('');
    await page.keyboard.press('Escape');
});

test('a note is written and shown', {skip}, async () => {
    await page.keyboard.press('n');
    await page.keyboard.type('Called the warehouse');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message.note', {hasText: 'Called the warehouse'}).waitFor();
});

test('the palette finds a command by a few letters', {skip}, async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('asme');
    await page.keyboard.press('Enter');
    await page.getByText('Assigned to Anna Admin').waitFor();
});

test('another agent sees a new message without asking', {skip}, async () => {
    const channel = await server.addHookChannel('live');
    await server.receive(channel, {id: 'live-1', contact: 'live', text: 'Anybody there?'});
    await page.getByRole('button', {name: /^\d+ new$/}).click();
    await page.locator('.row', {hasText: 'Anybody there?'}).waitFor();
});

test('the console has nothing to say: no policy is broken', {skip}, async () => {
    assert.deepEqual(page.problems, []);
});
