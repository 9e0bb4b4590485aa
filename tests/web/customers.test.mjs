// Customers and search, in a real browser on a real server.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
let server;
let browser;
before(async () => {
    if (skip) return;
    server = await startInbox();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const button = (scope, name) => scope.getByRole('button', {name, exact: true});
const part = (page, name) => page.getByRole('region', {name, exact: true});

async function atCustomer(options = {}) {
    const page = await openPage(browser, server, options);
    await signIn(page, {to: '/app/customers'});
    await page.locator('.sheet td a').first().click();
    await page.locator('.sheet h1').waitFor();
    return page;
}

test('the list finds customers by the beginning of a word, and the address keeps the search', {skip}, async () => {
    const page = await openPage(browser, server);
    await signIn(page, {to: '/app/customers'});
    const name = await page.locator('.sheet td a').first().textContent();
    const field = page.getByRole('searchbox');
    await field.fill(name.split(' ')[0].slice(0, 4));
    await field.press('Enter');
    await page.waitForURL(/search=/);
    await page.locator('.sheet td a', {hasText: name}).first().waitFor();
    await page.getByRole('searchbox').fill('zzqx');
    await button(page.locator('.sheet'), 'Search').click();
    await page.getByText('No customer fits.').waitFor();
    await page.goBack();
    await page.locator('.sheet td a', {hasText: name}).first().waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
});

test('name and language change in place and stay', {skip}, async () => {
    const page = await atCustomer();
    const form = page.getByRole('form', {name: 'Details'});
    await form.getByLabel('Name').fill('Aino Uusinimi');
    await form.getByLabel('Language').selectOption('sv');
    await button(form, 'Save').click();
    await page.locator('.sheet h1', {hasText: 'Aino Uusinimi'}).waitFor();
    await page.reload();
    await page.locator('.sheet h1', {hasText: 'Aino Uusinimi'}).waitFor();
    assert.equal(await page.getByRole('form', {name: 'Details'}).getByLabel('Language').inputValue(), 'sv');
    await page.context().close();
});

test('a change that somebody else overtook is refused in words', {skip}, async () => {
    const page = await atCustomer();
    const other = await page.context().newPage();
    await other.goto(page.url());
    for (const [one, name] of [[other, 'Overtaken First'], [page, 'Too Late']]) {
        const form = one.getByRole('form', {name: 'Details'});
        await form.getByLabel('Name').fill(name);
        await button(form, 'Save').click();
        if (one === other) await one.locator('.sheet h1', {hasText: name}).waitFor();
    }
    await page.getByText('Somebody changed it meanwhile.').waitFor();
    await page.context().close();
});

test('addresses are added, blocked, and taken away', {skip}, async () => {
    const page = await atCustomer();
    const addresses = part(page, 'Addresses');
    await addresses.getByLabel('New address').fill('extra@example.org');
    await button(addresses, 'Add address').click();
    const row = addresses.locator('tr', {hasText: 'extra@example.org'});
    await button(row, 'Block').click();
    await row.getByText('blocked', {exact: true}).waitFor();
    await button(row, 'Unblock').click();
    await row.getByText('in use', {exact: true}).waitFor();
    await button(row, 'Remove').click();
    await button(page.getByRole('dialog'), 'Remove').click();
    await row.waitFor({state: 'detached'});
    await page.context().close();
});

test('consent keeps all that was said about it', {skip}, async () => {
    const page = await atCustomer();
    const consents = part(page, 'Consent');
    for (const state of ['given', 'withdrawn']) {
        await consents.getByLabel('Purpose').fill('marketing');
        await consents.getByLabel('Source').fill('phone');
        await consents.getByLabel('Consent was').selectOption(state);
        await button(consents, 'Record consent').click();
        await consents.locator('td', {hasText: state}).first().waitFor();
    }
    assert.equal(await consents.locator('tbody tr').count(), 2);
    await page.context().close();
});

test('notes are written and taken away', {skip}, async () => {
    const page = await atCustomer();
    const notes = part(page, 'Notes');
    await notes.getByLabel('Text of the note').fill('Prefers <b>mornings</b>.');
    await button(notes, 'Add note').click();
    const note = notes.locator('li', {hasText: 'Prefers <b>mornings</b>.'});
    await button(note, 'Remove').click();
    await button(page.getByRole('dialog'), 'Remove').click();
    await note.waitFor({state: 'detached'});
    await page.context().close();
});

test('the history leads to the conversation', {skip}, async () => {
    const page = await atCustomer();
    await part(page, 'History').locator('a').first().click();
    await page.locator('.message').first().waitFor();
    await page.context().close();
});

test('a search shows where the words stand and opens the conversation; the permalink finds it too', {skip}, async () => {
    const page = await openPage(browser, server);
    await signIn(page, {to: '/app/search?q=is:open'});
    const hit = page.locator('.sheet-list li').first();
    assert.notEqual((await hit.locator('.said').textContent()).trim(), '');
    await hit.locator('a').click();
    await page.locator('.message').first().waitFor();
    const open = new URL(page.url()).searchParams.get('c');
    const number = (/#(\d+)/.exec(await page.locator('.pane, .conversation, main').first().textContent()) ?? [])[1];
    await page.goto(`/app/c/${number}`);
    await page.locator('.message').first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get('c'), open);
    await page.goto('/app/c/99999999');
    await page.getByText('There is no such conversation').waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
});

test('an old link to a contact leads to the customer', {skip}, async () => {
    const page = await atCustomer();
    const {pathname} = new URL(page.url());
    await page.goto(pathname.replace('customers', 'contacts'));
    await page.waitForURL(`**${pathname}`);
    await page.locator('.sheet h1').waitFor();
    await page.context().close();
});
