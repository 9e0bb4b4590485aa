// The settings of the system in a real browser: the audit log, what could not be read, the server's own mail.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
let server;
let browser;
let page;
before(async () => {
    if (skip) return;
    server = await startInbox({demo: false});
    await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org', '--set', 'smtp_host=127.0.0.1', '--no-check');
    browser = await launch();
    page = await openPage(browser, server);
    page.setDefaultTimeout(8000);
    await signIn(page, {to: '/app/settings/audit'});
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

test('the audit log names who did what, and its filters stand in the address', {skip}, async () => {
    await page.locator('td code').first().waitFor();
    const action = await page.locator('td code').first().textContent();
    await page.getByLabel('Action', {exact: true}).fill(action);
    await page.waitForURL(`**/audit?action=${action}`);
    await page.locator('td code').first().waitFor();
    assert.deepEqual([...new Set(await page.locator('td code').allTextContents())], [action]);
    await page.reload();
    await page.locator('td code').first().waitFor();
    assert.equal(await page.getByLabel('Action', {exact: true}).inputValue(), action);
    await page.getByLabel('From').fill('2099-01-01');
    await page.getByText('Nothing here yet.').waitFor();
});

test('what could not be read: an empty list says so, and its state stands in the address', {skip}, async () => {
    await page.goto('/app/settings/intake');
    await page.getByText('everything that came was read').waitFor();
    await page.getByLabel('State').selectOption('refused');
    await page.waitForURL('**/intake?state=refused');
});

test('the mailbox of the server is chosen', {skip}, async () => {
    await page.goto('/app/settings/system-mail');
    await page.getByLabel('Leaves by').selectOption('support');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('Saved', {exact: true}).waitFor();
    const {json} = await server.call('GET', '/api/v1/system-mail');
    assert.ok(json.channel_id);
    assert.deepEqual(page.problems, []);
});
