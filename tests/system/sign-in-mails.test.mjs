// Invitations, resets and the first administrator (reliability.md 5, A03-A06, A17).
import assert from 'node:assert/strict';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {addAgent, Browser, local, totp} from './browser.mjs';
import {Dialogd, startDialogd} from './dialogd.mjs';
import {startSmtpSink} from './smtp-sink.mjs';

const password = 'ruosteinen polkupyörä';
const publicUrl = 'https://inbox.example.org';
let server, sink;
before(async () => {
    sink = await startSmtpSink();
    server = await startDialogd({http: {trusted_proxies: '127.0.0.1', public_url: publicUrl}});
    await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org', '--set', 'smtp_host=127.0.0.1',
        '--set', `smtp_port=${sink.port}`, '--set', 'smtp_security=plain', '--no-check');
});
after(async () => { await server?.remove(); await sink?.stop(); });

let last = 0;
const stranger = () => new Browser(server, {address: `198.51.100.${++last}`});
const mailsTo = async (email) => (await sink.accepted()).filter(({recipients}) => recipients.includes(`<${email}>`)).length;

const decoded = (mail) => {
    const body = mail.slice(mail.search(/\r?\n\r?\n/));
    if (/^Content-Transfer-Encoding: base64/im.test(mail)) return Buffer.from(body.replace(/\s/g, ''), 'base64').toString();
    const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString();
};

let former = '';
// The token of the last mail, once count mails went to the address.
async function tokenMailed(email, count) {
    for (let at = 0; at < 100 && await mailsTo(email) < count; at++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await mailsTo(email), count, server.log.slice(-500));
    let mail = former; // the sink writes it down a moment later
    for (let at = 0; at < 50 && (mail === former || !mail.includes(`<${email}>`)); at++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        mail = await sink.lastMail();
    }
    former = mail;
    const text = decoded(mail);
    return {text, token: /#([A-Za-z0-9_-]{43})/.exec(text)?.[1]};
}

test('an invitation leads to a password and a session, once; sent again, the former link is void', async () => {
    const made = await server.call('POST', '/api/v1/agents', {email: 'aino@example.org', name: 'Aino', language: 'fi', invite: true});
    assert.equal(made.status, 201, made.text);
    const first = await tokenMailed('aino@example.org', 1);
    assert.match(first.text, /Hei Aino,/);
    assert.ok(first.text.includes(`${publicUrl}/app/accept-invitation#${first.token}`));
    assert.equal((await server.call('POST', `/api/v1/agents/${made.json.id}/invitation`)).status, 201);
    const second = await tokenMailed('aino@example.org', 2);
    const browser = stranger();
    const redeem = (token, one = password) => browser.call('POST', '/api/v1/invitation/redeem', {token, password: one});
    assert.equal((await redeem(first.token)).status, 401);
    assert.equal((await redeem(second.token, 'password1')).json.code, 'password_common');
    assert.equal((await redeem(second.token)).status, 201);
    assert.equal((await browser.call('GET', '/api/v1/me')).json.email, 'aino@example.org');
    assert.equal((await redeem(second.token)).status, 401);
    assert.equal((await server.call('POST', `/api/v1/agents/${made.json.id}/invitation`)).json.code, 'agent_not_invitable');
    assert.equal((await server.call('GET', `/api/v1/agents/${made.json.id}/invitation`)).json.is_valid, false);
});

test('an invitation that was taken back opens nothing', async () => {
    const agent = await addAgent(server, 'veera@example.org');
    await server.control('agent', 'invite', agent.id);
    const {token} = await tokenMailed('veera@example.org', 1);
    await server.control('agent', 'uninvite', agent.id);
    assert.equal((await stranger().call('POST', '/api/v1/invitation/redeem', {token, password})).status, 401);
});

test('A03: asking for a reset says the same whoever asks', async () => {
    await addAgent(server, 'known@example.org', {password});
    const answers = [];
    for (const email of ['known@example.org', 'nobody@example.org'])
        answers.push(await stranger().call('POST', '/api/v1/password-reset', {email}));
    assert.deepEqual(answers.map(({status, text}) => `${status}${text}`), ['202', '202']);
    await tokenMailed('known@example.org', 1);
    assert.equal(await mailsTo('nobody@example.org'), 0);
});

test('A04: a flood of reset requests makes at most three mails an hour, whatever the headers say', async () => {
    await addAgent(server, 'flood@example.org', {password});
    for (let at = 0; at < 20; at++)
        await stranger().call('POST', '/api/v1/password-reset', {email: at % 2 ? 'Flood@example.org' : 'flood@example.org'},
            {headers: {'x-real-ip': `192.0.2.${at}`, forwarded: `for=192.0.2.${at}`, host: `h${at}.example`}});
    await tokenMailed('flood@example.org', 3);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(await mailsTo('flood@example.org'), 3);
});

test('A05: the link of a reset is of the configured address, works once and ends other sessions', async () => {
    await addAgent(server, 'forgot@example.org', {password});
    const old = stranger();
    await old.signIn('forgot@example.org', password);
    const asked = await stranger().call('POST', '/api/v1/password-reset', {email: 'forgot@example.org'},
        {headers: {'x-forwarded-host': 'evil.example', host: 'evil.example'}});
    assert.equal(asked.status, 202);
    const {text, token} = await tokenMailed('forgot@example.org', 1);
    assert.ok(text.includes(`${publicUrl}/app/reset-password#${token}`));
    assert.ok(!text.includes('evil'));
    const redeem = () => stranger().call('POST', '/api/v1/password-reset/redeem', {token, password: 'kolme pientä possua'});
    const answers = await Promise.all([redeem(), redeem()]);
    assert.deepEqual(answers.map(({status}) => status).sort(), [204, 401]);
    assert.equal((await old.call('GET', '/api/v1/me')).status, 401);
    assert.equal((await stranger().signIn('forgot@example.org', password)).status, 401);
    assert.equal((await stranger().signIn('forgot@example.org', 'kolme pientä possua')).status, 201);
    const notice = await tokenMailed('forgot@example.org', 2);
    assert.equal(notice.token, undefined, 'the notice has no link');
});

test('A06: after a reset the second factor is still asked for', async () => {
    await addAgent(server, 'both@example.org', {password});
    const browser = stranger();
    await browser.signIn('both@example.org', password);
    const {json: {secret}} = await browser.call('POST', '/api/v1/me/second-factor/totp');
    assert.equal((await browser.call('POST', '/api/v1/me/second-factor/totp/confirm', {code: totp(secret)})).status, 200);
    await stranger().call('POST', '/api/v1/password-reset', {email: 'both@example.org'});
    const {token, text: mail} = await tokenMailed('both@example.org', 1);
    const thief = stranger();
    const redeemed = await thief.call('POST', '/api/v1/password-reset/redeem', {token, password: 'kolme pientä possua'});
    assert.equal(redeemed.status, 204, `${redeemed.text} ${mail}`);
    assert.equal(thief.cookies.size, 0);
    const signedIn = await thief.signIn('both@example.org', 'kolme pientä possua');
    assert.equal(signedIn.status, 200);
    assert.ok(signedIn.json.challenge);
});

test('A11: under https the cookies are bound to the host', async () => {
    await addAgent(server, 'host@example.org', {password});
    const browser = stranger();
    const answer = await browser.signIn('host@example.org', password);
    for (const line of answer.headers.getSetCookie()) {
        assert.match(line, /^__Host-[sd]=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
        assert.doesNotMatch(line, /Domain/i);
    }
    const tossed = `dialogd_s=${browser.cookies.get('__Host-s')}; __host-s=${browser.cookies.get('__Host-s')}`;
    assert.equal((await browser.call('GET', '/api/v1/me', undefined, {headers: {cookie: tossed}})).status, 401);
});

test('system mail: the channel is chosen, and what fails is told', async () => {
    assert.equal((await server.call('PUT', '/api/v1/system-mail', {channel_id: '999'})).json.code, 'channel_unfit');
    const state = (await server.call('GET', '/api/v1/system-mail')).json;
    assert.equal(state.channel_id, null);
    const {items} = (await server.call('GET', '/api/v1/channels')).json;
    assert.equal((await server.control('system-mail', items[0].id)).channel_id, items[0].id);
});

test('A17: the first administrator is set up with a code of the console, once', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-setup-'));
    const fresh = new Dialogd(directory);
    await writeFile(fresh.config, `[server]\ndata_directory = ${fresh.data}\n[http]\nlisten = 127.0.0.1:0\n`);
    await fresh.control('init', '--email', 'anna@example.org', '--name', 'Anna');
    await fresh.start();
    try {
        assert.match(fresh.log, /event=setup_needed/);
        const browser = new Browser(fresh);
        assert.deepEqual((await browser.call('GET', '/api/v1/setup')).json, {is_needed: true});
        assert.equal((await browser.call('POST', '/api/v1/setup/code')).status, 401);
        const first = (await fresh.control('setup-code')).code;
        const {code} = await fresh.control('setup-code');
        const setUp = (one, email = 'anna@example.org') => browser.call('POST', '/api/v1/setup', {code: one, email, name: 'Anna', password});
        assert.equal((await setUp('a'.repeat(22))).status, 401);
        assert.equal((await setUp(first)).status, 401, 'a later code makes the former void');
        const answers = await Promise.all([setUp(code), setUp(code, 'eve@example.org')]);
        assert.deepEqual(answers.map(({status}) => status).sort(), [201, 409]);
        assert.equal((await browser.call('GET', '/api/v1/me')).json.role, 'administrator');
        assert.deepEqual((await browser.call('GET', '/api/v1/setup')).json, {is_needed: false});
        assert.equal((await setUp(code)).status, 409);
        assert.equal((await local(fresh, 'POST', '/api/v1/setup/code')).status, 409);
        assert.ok(!fresh.log.includes(code));
    } finally {
        await fresh.remove();
    }
});

test('A12: no token of a mail stands in the log', async () => {
    const {token} = /#(?<token>[A-Za-z0-9_-]{43})/.exec(decoded(await sink.lastMail()).replaceAll('=\n', ''))?.groups ?? {};
    assert.ok(!server.log.includes(token ?? 'accept-invitation#'));
});
