// Coming in, in a real browser: passwords, second factors, links of real mails, the first run; and what is one's own.
import assert from 'node:assert/strict';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {addAgent, Browser, totp} from '../system/browser.mjs';
import {Dialogd} from '../system/dialogd.mjs';
import {startSmtpSink} from '../system/smtp-sink.mjs';
import {audit, launch, openPage, PASSWORD, signIn, skipReason, startInbox} from './browser.mjs';
import {dovecotReason, freePort, linkMailed, startDovecot} from './mail-peers.mjs';

const skip = skipReason();
const NEXT = 'kolme pientä possua';
let server;
let browser;
let sink;
before(async () => {
    if (skip) return;
    const port = await freePort();
    sink = await startSmtpSink();
    server = await startInbox({demo: false, settings: {http: {listen: `127.0.0.1:${port}`, public_url: `http://127.0.0.1:${port}`}}});
    await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org', '--set', 'smtp_host=127.0.0.1',
        '--set', `smtp_port=${sink.port}`, '--set', 'smtp_security=plain', '--no-check');
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.remove();
    await sink?.stop();
});

const button = (page, name) => page.getByRole('button', {name, exact: true});

// An agent with an app; gives its secret.
async function enrolled(email) {
    await addAgent(server, email, {password: PASSWORD});
    const outside = new Browser(server);
    await outside.signIn(email, PASSWORD);
    const {json: {secret}} = await outside.call('POST', '/api/v1/me/second-factor/totp');
    const {json} = await outside.call('POST', '/api/v1/me/second-factor/totp/confirm', {code: totp(secret, Math.floor(Date.now() / 30000) - 1)});
    return {secret, recovery: json.recovery_codes};
}

async function firstStep(page, email) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await button(page, 'Sign in').click();
    await page.getByLabel('Code').waitFor();
}

test('after the password the code of the app is asked for, and one comes to where one wanted to go', {skip}, async () => {
    const {secret} = await enrolled('app@example.org');
    const page = await openPage(browser, server);
    await page.goto('/app/settings/me');
    await firstStep(page, 'app@example.org');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'code');
    await page.keyboard.type('000000\n');
    await page.getByRole('alert').getByText('This code is not right').waitFor();
    await page.getByLabel('Code').fill(totp(secret));
    await button(page, 'Sign in').click();
    await page.locator('.settings').waitFor();
    assert.ok(page.url().endsWith('/app/settings/me'));
    await page.context().close();
});

test('a recovery code stands in for the app', {skip}, async () => {
    const {recovery} = await enrolled('recovery@example.org');
    const page = await openPage(browser, server);
    await page.goto('/app/inbox');
    await firstStep(page, 'recovery@example.org');
    await page.getByLabel('Code').fill(recovery[0]);
    await button(page, 'Sign in').click();
    await page.locator('.frame').waitFor();
    await page.context().close();
});

test('a forgotten password: the mailed link leads to a new one, once', {skip}, async () => {
    await addAgent(server, 'forgot@example.org', {password: PASSWORD});
    const page = await openPage(browser, server);
    await page.goto('/app/inbox');
    await page.getByRole('link', {name: 'Forgot your password?'}).click();
    await page.getByLabel('Email').fill('forgot@example.org');
    await button(page, 'Send me the link').click();
    await page.getByText('a mail is on its way').waitFor();
    const link = await linkMailed(sink, 'forgot@example.org', 'reset-password');
    await page.goto(link);
    await page.getByLabel('New password').fill('password1');
    await button(page, 'Save the password').click();
    await page.getByRole('alert').getByText('too common').waitFor();
    await page.getByLabel('New password').fill(NEXT);
    await button(page, 'Save the password').click();
    await page.getByText('Your password is changed').waitFor();
    assert.ok(!page.url().includes('#'), 'the link does not stay in the address bar');
    await page.getByRole('link', {name: 'Back to signing in'}).click();
    await signIn(page, {email: 'forgot@example.org', password: NEXT});
    await page.context().close();
    const other = await openPage(browser, server);
    await other.goto(link);
    await other.getByLabel('New password').fill('neljä pientä possua');
    await button(other, 'Save the password').click();
    await other.getByRole('alert').getByText('used already').waitFor();
    await other.context().close();
});

test('an invitation leads in, in the language that one reads', {skip}, async () => {
    await server.call('POST', '/api/v1/agents', {email: 'aino@example.org', name: 'Aino', language: 'fi', invite: true});
    const link = await linkMailed(sink, 'aino@example.org', 'accept-invitation');
    const page = await openPage(browser, server, {locale: 'fi-FI'});
    await page.goto(link);
    await page.getByRole('heading', {name: 'Tervetuloa'}).waitFor();
    await page.getByLabel('Uusi salasana').fill(NEXT);
    await page.getByLabel('Näytä salasana').check();
    assert.equal(await page.getByLabel('Uusi salasana').getAttribute('type'), 'text');
    await button(page, 'Tallenna ja siirry postilaatikkoon').click();
    await page.locator('.frame').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fi');
    await page.context().close();
});

test('what a provider says on the way back is shown in words', {skip}, async () => {
    const page = await openPage(browser, server, {locale: 'sv-SE'});
    await page.goto('/app/sign-in?sign_in_error=oidc_unknown');
    await page.getByRole('alert').getByText('Kontot hör inte till någon här').waitFor();
    await signIn(page, {to: '/app/sign-in'});
    await page.waitForURL('**/app/inbox');
    await page.context().close();
});

test('the pages of coming in have no violation, on a desk and at 320 pixels, light and dark', {skip}, async () => {
    for (const [viewport, scheme] of [['desktop', 'light'], ['narrow', 'dark']]) {
        const page = await openPage(browser, server, {viewport, scheme});
        for (const address of ['sign-in', 'forgot-password', 'reset-password#x', 'accept-invitation#x', 'setup']) {
            await page.goto(`/app/${address}`);
            await page.locator('.sign-in h1').waitFor();
            assert.deepEqual(await audit(page), [], address);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${address} is too wide`);
        }
        await page.context().close();
    }
});

// A signed-in page whose password was proved too long ago for what matters.
async function settings(email, section) {
    await addAgent(server, email, {password: PASSWORD});
    const page = await openPage(browser, server);
    await signIn(page, {email, to: `/app/settings/${section}`});
    return page;
}

// As if the session had been confirmed an hour ago.
async function age(page) {
    let isOld = true;
    await page.route('**/api/v1/me/password', async (route) => {
        if (!isOld) return route.continue();
        isOld = false;
        return route.fulfill({status: 403, contentType: 'application/problem+json', body: JSON.stringify({status: 403, code: 'confirmation_needed'})});
    });
}

test('the own name, signature and language are kept on the server', {skip}, async () => {
    const page = await settings('profile@example.org', 'me');
    await page.getByLabel('Name').fill('Pekka Profiili');
    await page.getByLabel('Signature').fill('Terveisin Pekka');
    await page.getByLabel('Language').selectOption('fi');
    await button(page, 'Save').click();
    await page.getByRole('heading', {name: 'Profiili', exact: true}).waitFor();
    await page.reload();
    await page.getByRole('heading', {name: 'Profiili', exact: true}).waitFor();
    assert.equal(await page.getByLabel('Allekirjoitus').inputValue(), 'Terveisin Pekka');
    await button(page, 'Kirjaudu ulos').click();
    await page.locator('.sign-in-form').waitFor();
    await page.context().close();
});

test('a new password asks for the old one when that was given long ago, and goes on by itself', {skip}, async () => {
    const page = await settings('change@example.org', 'security');
    await age(page);
    await page.getByLabel('New password').fill(NEXT);
    await button(page, 'Change the password').click();
    const dialog = page.getByRole('dialog', {name: 'Is it you?'});
    await dialog.getByLabel('Password').fill('not this one');
    await button(page, 'Confirm').click();
    await dialog.getByRole('alert').getByText('not right').waitFor();
    assert.deepEqual(await audit(page), []);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await button(page, 'Confirm').click();
    await page.getByText('The password is changed.').waitFor();
    await page.context().close();
    const again = await openPage(browser, server);
    await signIn(again, {email: 'change@example.org', password: NEXT});
    await again.context().close();
});

test('who does not confirm changes nothing', {skip}, async () => {
    const page = await settings('cancel@example.org', 'security');
    await age(page);
    await page.getByLabel('New password').fill(NEXT);
    await button(page, 'Change the password').click();
    await button(page, 'Cancel').click();
    await page.getByRole('alert').getByText('Nothing was changed').waitFor();
    await page.context().close();
});

test('an app is enrolled by its picture or by hand, recovery codes are shown once, and it is turned off', {skip}, async () => {
    const page = await settings('enrol@example.org', 'security');
    await button(page, 'Add an authenticator app').click();
    const dialog = page.getByRole('dialog', {name: 'Add an authenticator app'});
    assert.ok((await dialog.getByRole('img').locator('path').getAttribute('d')).length > 1000);
    const secret = (await dialog.locator('.by-hand code').textContent()).replace(/ /g, '');
    await dialog.getByLabel('Code of the app').fill(totp(secret));
    await button(page, 'Turn on').click();
    const codes = page.getByRole('dialog', {name: 'Recovery codes'});
    await codes.locator('li').last().waitFor();
    assert.equal(await codes.locator('li').count(), 10);
    assert.deepEqual(await audit(page), []);
    await button(page, 'I have kept them').click();
    await page.getByText('10 recovery codes are left').waitFor();
    await button(page, 'Turn off').click();
    await button(page, 'Add an authenticator app').waitFor();
    await page.context().close();
});

test('sessions elsewhere are seen and ended', {skip}, async () => {
    const page = await settings('sessions@example.org', 'security');
    const elsewhere = new Browser(server);
    await elsewhere.signIn('sessions@example.org', PASSWORD);
    await page.reload();
    await page.getByText('Chrome, Linux').waitFor();
    await page.getByText('this one').waitFor();
    await button(page, 'End').click();
    await button(page, 'End').waitFor({state: 'detached'});
    assert.equal((await elsewhere.call('GET', '/api/v1/me')).status, 401);
    await page.context().close();
});

test('a token is made with its permissions, shown once, works, and is revoked', {skip}, async () => {
    const page = await settings('tokens@example.org', 'my-tokens');
    await button(page, 'Make a token').click();
    await page.getByLabel('Name').fill('reporting');
    await page.getByLabel('Valid for').selectOption('30');
    await page.getByLabel('Only some permissions').check();
    await page.getByLabel('Read customers').check();
    await button(page, 'Make').click();
    const token = await page.getByRole('list', {name: 'Your new token'}).textContent();
    assert.match(token, /^dlg_/);
    await button(page, 'I have kept it').click();
    await page.getByRole('cell', {name: 'Read customers'}).waitFor();
    assert.equal((await server.call('GET', '/api/v1/customers', undefined, {token})).status, 200);
    assert.equal((await server.call('GET', '/api/v1/conversations', undefined, {token})).status, 403);
    await button(page, 'Revoke').click();
    await button(page, 'Remove').click();
    await page.getByRole('cell', {name: 'reporting'}).waitFor({state: 'detached'});
    assert.equal((await server.call('GET', '/api/v1/customers', undefined, {token})).status, 401);
    await page.context().close();
});

test('keys are changed, switched off one by one or all, and put back', {skip}, async () => {
    const page = await settings('keys@example.org', 'keys');
    const row = page.getByRole('row').filter({hasText: 'Search'}).first();
    await row.getByRole('button', {name: 'Change'}).click();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await row.getByText('g f').waitFor();
    await page.goto('/app/inbox');
    await page.locator('#search').waitFor();
    await page.keyboard.press('/');
    assert.notEqual(await page.evaluate(() => document.activeElement.id), 'search');
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
    await page.goto('/app/settings/keys');
    await page.getByLabel('Single keys').uncheck();
    await page.keyboard.press('?');
    assert.equal(await page.locator('dialog[open]').count(), 0);
    await page.getByLabel('Single keys').check();
    await button(page, 'All as they were').click();
    await row.getByText('/', {exact: true}).waitFor();
    await page.context().close();
});

async function startFresh() {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-setup-'));
    const fresh = new Dialogd(directory);
    await writeFile(fresh.config, `[server]\ndata_directory = ${fresh.data}\n[http]\nlisten = 127.0.0.1:0\n`);
    await fresh.control('init', '--email', 'anna@example.org', '--name', 'Anna');
    return fresh.start();
}

test('the first run: a code, an administrator, a mailbox tried live, and its first mail on the screen', {skip: skip ?? dovecotReason()}, async () => {
    const dovecot = await startDovecot();
    const fresh = await startFresh();
    try {
        await dovecot.put('help@example.org', 'From: Maija <maija@example.net>\nTo: help@example.org\nSubject: Missä pakettini on?\n' +
            'Message-ID: <1@example.net>\nDate: Tue, 24 Nov 2026 10:00:00 +0200\nContent-Type: text/plain; charset=utf-8\n\nTilaus 1234, kiitos.\n');
        const {code} = await fresh.control('setup-code');
        const page = await openPage(browser, fresh);
        await page.goto('/app/inbox');
        await page.getByRole('heading', {name: 'Set up dialogd'}).waitFor();
        await page.getByLabel('Set-up code').fill(code);
        await page.getByLabel('Name').fill('Anna');
        await page.getByLabel('Email').fill('anna@example.org');
        await page.getByLabel('New password').fill(PASSWORD);
        await button(page, 'Make the first administrator').click();
        await page.getByLabel('Address', {exact: true}).fill('help@example.org');
        assert.deepEqual(await audit(page), []);
        await page.getByLabel('IMAP server').fill('127.0.0.1');
        const incoming = page.getByRole('group', {name: 'Incoming mail'});
        const outgoing = page.getByRole('group', {name: 'Outgoing mail'});
        await incoming.getByLabel('Port').fill(String(dovecot.imap));
        await incoming.getByLabel('Protection').selectOption('plain');
        await incoming.getByLabel('Password').fill('not the password');
        await outgoing.getByLabel('SMTP server').fill('127.0.0.1');
        await outgoing.getByLabel('Port').fill(String(sink.port));
        await outgoing.getByLabel('Protection').selectOption('plain');
        await button(page, 'Check and connect').click();
        await page.getByRole('alert').waitFor({timeout: 30000}); // the live check refuses
        await incoming.getByLabel('Password').fill('secret');
        await button(page, 'Check and connect').click();
        await page.locator('.message').getByText('Tilaus 1234').waitFor({timeout: 30000});
    } finally {
        await fresh.remove();
        await dovecot.stop();
    }
});
