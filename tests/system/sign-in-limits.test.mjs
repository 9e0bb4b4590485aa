// Strangers who try to get in: limits, second factors, many at once (reliability.md 5, A).
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {addAgent, Browser, totp} from './browser.mjs';
import {isSanitized, startDialogd} from './dialogd.mjs';

const password = 'ruosteinen polkupyörä';
let server;
before(async () => {
    server = await startDialogd({http: {trusted_proxies: '127.0.0.1'}});
});
after(() => server?.remove());

let last = 0;
const address = () => `203.0.${last >> 8}.${last++ & 255}`;
const stranger = () => new Browser(server, {address: address()});

async function enrol(email) {
    const agent = await addAgent(server, email, {password});
    const browser = stranger();
    await browser.signIn(email, password);
    const begun = await browser.call('POST', '/api/v1/me/second-factor/totp');
    assert.equal(begun.status, 201);
    assert.equal((await browser.call('POST', '/api/v1/me/second-factor/totp/confirm', {code: '000000'})).status, 400);
    const before = browser.cookieHeader();
    const step = Math.floor(Date.now() / 30000) - 1; // leaves the present step and the next one to tests
    const confirmed = await browser.call('POST', '/api/v1/me/second-factor/totp/confirm', {code: totp(begun.json.secret, step)});
    assert.equal(confirmed.status, 200, confirmed.text);
    assert.equal(confirmed.json.recovery_codes.length, 10);
    assert.notEqual(browser.cookieHeader(), before, 'a second factor makes a new cookie');
    return {agent, browser, secret: begun.json.secret, uri: begun.json.uri, codes: confirmed.json.recovery_codes, step};
}

const challenge = async (email, browser = stranger()) => {
    const answer = await browser.signIn(email, password);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(browser.cookies.has('dialogd_s'), false, 'no session before the second factor');
    return {browser, second: (body) => browser.call('POST', '/api/v1/session', {challenge: answer.json.challenge, ...body})};
};

test('A07: a code counts once, within one step, and five wrong ones end the attempt', async () => {
    const {secret, uri, step} = await enrol('totp@example.org');
    assert.match(uri, /^otpauth:\/\/totp\/dialogd:totp@example\.org\?secret=/);
    for (const away of [-5, 5]) {
        const {second} = await challenge('totp@example.org');
        assert.equal((await second({code: totp(secret, Math.floor(Date.now() / 30000) + away)})).status, 401);
    }
    const first = await challenge('totp@example.org');
    assert.equal((await first.second({code: totp(secret, step)})).status, 401, 'the step of the enrolment is used');
    const code = totp(secret, Math.floor(Date.now() / 30000));
    assert.equal((await first.second({code})).status, 201);
    assert.equal((await first.browser.call('GET', '/api/v1/me')).status, 200);
    const replay = await challenge('totp@example.org');
    assert.equal((await replay.second({code})).status, 401, 'a code again');
    assert.equal((await first.second({code: totp(secret, Math.floor(Date.now() / 30000) + 1)})).status, 401, 'a challenge again');
});

test('A07: guesses at once do not get round the five tries', async () => {
    const {secret} = await enrol('guess@example.org');
    const {second} = await challenge('guess@example.org');
    const answers = await Promise.all(Array.from({length: 9}, (_, at) => second({code: String(100000 + at)})));
    assert.ok(answers.every(({status}) => status === 401 || status === 429));
    assert.equal((await second({code: totp(secret)})).status, 401, 'the challenge is used up');
    let refused = 0;
    for (let at = 0; at < 12 && refused === 0; at++) {
        const again = await challenge('guess@example.org').catch(() => null);
        if (again === null || (await again.second({code: '999999'})).status === 429) refused++;
    }
    assert.ok(refused > 0, 'guessing goes on slowly at best');
});

test('A08: a recovery code works once, also for two at once', async () => {
    const {codes, browser} = await enrol('codes@example.org');
    const attempts = await Promise.all([challenge('codes@example.org')]);
    const answers = await Promise.all(Array.from({length: 2}, () => attempts[0].second({recovery_code: codes[0].toUpperCase()})));
    assert.deepEqual(answers.map(({status}) => status).sort(), [201, 401]);
    const again = await challenge('codes@example.org');
    assert.equal((await again.second({recovery_code: codes[0]})).status, 401);
    assert.equal((await again.second({recovery_code: codes[1].replaceAll('-', ' ')})).status, 201);
    const state = await browser.call('GET', '/api/v1/me/second-factor');
    assert.deepEqual(state.json, {totp: 'on', recovery_codes_left: 8});
    const made = await browser.call('POST', '/api/v1/me/second-factor/recovery-codes');
    assert.equal(made.json.recovery_codes.length, 10);
    const old = await challenge('codes@example.org');
    assert.equal((await old.second({recovery_code: codes[2]})).status, 401, 'former codes are void');
});

test('A16: confirming asks for the second factor too; who lost it is helped by an administrator', async () => {
    const {agent, browser, codes} = await enrol('lost@example.org');
    assert.equal((await browser.call('POST', '/api/v1/session/confirm', {password})).status, 401);
    assert.equal((await browser.call('POST', '/api/v1/session/confirm', {password, recovery_code: codes[5]})).status, 200);
    assert.equal((await server.call('DELETE', `/api/v1/agents/${agent.id}/second-factor`)).status, 204);
    assert.equal((await browser.call('GET', '/api/v1/me')).status, 401, 'their sessions have ended');
    assert.equal((await stranger().signIn('lost@example.org', password)).status, 201);
});

test('A02: a hundred tries on one account slow strangers down, and lock out neither the owner nor a new browser for ever', async () => {
    await addAgent(server, 'owner@example.org', {password});
    const home = stranger();
    assert.equal((await home.signIn('owner@example.org', password)).status, 201);
    home.cookies.delete('dialogd_s');
    const attacker = stranger();
    const statuses = [];
    for (let at = 0; at < 100; at++) {
        const answer = await attacker.signIn('owner@example.org', `wrong password ${at}`);
        statuses.push(answer.status);
        if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0 && Number(answer.headers.get('retry-after')) <= 30);
    }
    assert.ok(statuses.filter((status) => status === 401).length <= 7, statuses.join(' '));
    for (let at = 0; at < 60; at++) await stranger().signIn('owner@example.org', `other password ${at}`);
    assert.equal((await home.signIn('owner@example.org', password)).status, 201, 'the known browser gets in');
    const forged = stranger();
    forged.cookies.set('dialogd_d', `${'x'.repeat(22)}.${'0'.repeat(32)}`);
    assert.equal((await forged.signIn('owner@example.org', password)).status, 429, 'a forged device cookie helps nobody');
});

test('A01: one password tried on a thousand accounts from a thousand addresses is slowed and told', async () => {
    const answers = [];
    const begun = performance.now();
    for (let round = 0; round < 10; round++)
        answers.push(...await Promise.all(Array.from({length: 100}, (_, at) =>
            stranger().signIn(`agent${round}-${at}@example.org`, 'Summer-of-2026'))));
    const count = (status) => answers.filter((answer) => answer.status === status).length;
    assert.equal(count(401) + count(429) + count(503), 1000);
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(count(401) <= 60 + 2 * seconds + 10, `${count(401)} were let try in ${seconds} s`);
    assert.match(server.log, /event=sign_in_spray/);
});

test('A20: five hundred sign-ins at once hash two at a time, and the inbox goes on', {skip: isSanitized && 'memory of a sanitizer'}, async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000)); // the limit for all fills up a little
    const before = await server.residentMiB();
    let most = 0, done = false;
    const times = [];
    const watch = (async () => {
        while (!done) {
            most = Math.max(most, await server.residentMiB());
            const begun = performance.now();
            assert.equal((await server.call('GET', '/api/v1/conversations')).status, 200);
            times.push(performance.now() - begun);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    })();
    const answers = await Promise.all(Array.from({length: 500}, (_, at) => stranger().signIn(`many${at}@example.org`, 'whatever it is')));
    done = true;
    await watch;
    assert.ok(answers.every(({status}) => [401, 429, 503].includes(status)));
    assert.ok(most - before < 180, `memory grew by ${most - before} MiB`);
    times.sort((a, b) => a - b);
    assert.ok(times[Math.floor(times.length / 2)] < 250, `median of reads meanwhile: ${times[Math.floor(times.length / 2)]} ms`);
});

