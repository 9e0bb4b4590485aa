// The settings of channels in a real browser: a real mailbox connected and refused, pausing, whom a channel is for.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startSmtpSink} from '../system/smtp-sink.mjs';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';
import {dovecotReason, startDovecot} from './mail-peers.mjs';

const skip = skipReason();
let server;
let browser;
let page;
before(async () => {
    if (skip) return;
    server = await startInbox({demo: false});
    browser = await launch();
    page = await openPage(browser, server);
    page.setDefaultTimeout(8000);
    await signIn(page, {to: '/app/settings/channels'});
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const button = (name) => page.getByRole('button', {name, exact: true});
const channelNamed = async (name) => (await server.call('GET', '/api/v1/channels')).json.items.find((one) => one.name === name);

async function fillMailbox(dovecot, sink, password) {
    const incoming = (label) => page.getByLabel(label, {exact: true}).first();
    const outgoing = (label) => page.getByLabel(label, {exact: true}).last();
    await page.getByLabel('Name', {exact: true}).fill('Support');
    await page.getByLabel('Address', {exact: true}).fill('support@example.org');
    await page.getByLabel('IMAP server').fill('127.0.0.1');
    await incoming('Port').fill(String(dovecot.imap));
    await incoming('Protection').selectOption('plain');
    await incoming('Password').fill(password);
    await page.getByLabel('SMTP server').fill('127.0.0.1');
    await outgoing('Port').fill(String(sink.port));
    await outgoing('Protection').selectOption('plain');
}

test('a mailbox that refuses the password says what to do and keeps nothing; the right one connects', {skip: skip ?? dovecotReason()}, async () => {
    const dovecot = await startDovecot();
    const sink = await startSmtpSink();
    try {
        await button('Add: Email').click();
        await fillMailbox(dovecot, sink, 'wrong');
        await button('Check and connect').click();
        await page.getByRole('alert').getByText('many providers want an app password').waitFor({timeout: 30000});
        page.problems.length = 0; // the refusal itself
        assert.equal(await channelNamed('Support'), undefined);
        await page.getByLabel('Password', {exact: true}).first().fill('secret');
        await button('Check and connect').click();
        await page.getByRole('heading', {name: 'Support', exact: true}).waitFor({timeout: 30000});
        const kept = await channelNamed('Support');
        assert.equal(kept.settings.imap_host, '127.0.0.1');
        assert.equal(kept.secrets.imap_password, true);
        assert.equal(await page.getByLabel('Password', {exact: true}).first().inputValue(), '', 'a secret never comes back');
        await button('Check now').click();
        await page.getByText('What the other server said:').waitFor({timeout: 30000});
    } finally {
        await dovecot.stop();
        await sink.stop();
    }
});

test('a web hook channel shows its secret once and its address to copy', {skip}, async () => {
    await page.goto('/app/settings/channels');
    await button('Add: Web hook').click();
    await page.getByLabel('Name', {exact: true}).fill('Shop');
    await button('Check and connect').click();
    await page.getByText('they are not shown again').waitFor();
    assert.match(await page.locator('dialog').innerText(), /whsec_/);
    assert.match(await page.locator('dialog').innerText(), /\/hooks\/generic\//);
    await page.locator('dialog .body').getByRole('button', {name: 'Close', exact: true}).click();
    await page.getByRole('link', {name: 'Shop'}).click();
    await page.locator('.copyable').getByText('/hooks/generic/').waitFor();
    assert.doesNotMatch(await page.locator('.settings-body').innerText(), /whsec_/);
});

test('a channel is paused and resumed, and says so', {skip}, async () => {
    await button('Pause').click();
    await page.getByText('Nothing is fetched or sent until it is resumed.').waitFor();
    assert.equal((await channelNamed('Shop')).state, 'paused');
    await button('Resume').click();
    await page.locator('.remark', {hasText: 'Works'}).waitFor();
    assert.equal((await channelNamed('Shop')).state, 'active');
});

test('a channel is made for some alone', {skip}, async () => {
    const {id} = await channelNamed('Shop');
    const form = page.getByRole('form', {name: 'Who sees it'});
    await form.getByLabel('Only for some').check();
    await form.getByLabel('Anna').check();
    await form.getByRole('button', {name: 'Save'}).click();
    const access = async () => (await server.call('GET', `/api/v1/channels/${id}/access`)).json;
    for (let look = 0; look < 100 && !(await access()).restricted; look++) await page.waitForTimeout(50);
    assert.deepEqual(await access(), {restricted: true, agents: [server.agent.id], teams: []});
});

test('a changed name is kept without asking for the secret again', {skip}, async () => {
    const form = page.getByRole('form', {name: 'Shop'});
    await form.getByLabel('Name', {exact: true}).fill('Web shop');
    await form.getByRole('button', {name: 'Save'}).click();
    await page.getByRole('heading', {name: 'Web shop'}).waitFor();
    assert.equal((await channelNamed('Web shop')).secrets.secret, true);
    assert.deepEqual(page.problems, []);
});
