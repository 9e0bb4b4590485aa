// Passwords, sessions and their cookies: rows A of the attacks (reliability.md 5).
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {addAgent, Browser, controlWith, setPassword} from './browser.mjs';
import {startDialogd} from './dialogd.mjs';

const password = 'ruosteinen polkupyörä';
let server, bo;
before(async () => {
    server = await startDialogd({http: {trusted_proxies: '127.0.0.1'}});
    bo = await addAgent(server, 'bo@example.org', {password});
});
after(() => server?.remove());

let last = 0;
const stranger = () => new Browser(server, {address: `198.51.100.${++last}`});
const signedIn = async () => {
    const browser = stranger();
    assert.equal((await browser.signIn('bo@example.org', password)).status, 201);
    return browser;
};
const session = (browser) => browser.call('GET', '/api/v1/session');

test('signing in makes a session, which works and shows itself', async () => {
    const browser = stranger();
    const answer = await browser.signIn('Bo@Example.org', password);
    assert.equal(answer.status, 201);
    assert.equal(answer.json.agent_id, bo.id);
    assert.equal(answer.json.address, browser.address);
    assert.equal(answer.json.is_current, true);
    assert.equal((await browser.call('GET', '/api/v1/me')).json.id, bo.id);
    assert.equal((await session(browser)).json.id, answer.json.id);
    assert.equal((await browser.call('DELETE', '/api/v1/session')).status, 204);
    assert.equal((await browser.call('GET', '/api/v1/me')).status, 401);
});

test('A03: an unknown, a disabled and a known address are refused with the same words in the same time', async () => {
    const gone = await addAgent(server, 'gone@example.org', {password});
    await server.call('PATCH', `/api/v1/agents/${gone.id}`, {disabled: true});
    await addAgent(server, 'invited@example.org');
    const times = {}, texts = new Set();
    for (let round = 0; round < 4; round++)
        for (const email of ['bo@example.org', 'nobody@example.org', 'gone@example.org', 'invited@example.org']) {
            const begun = performance.now();
            const answer = await stranger().signIn(email, email.startsWith('gone') ? password : 'wrong password!');
            (times[email] ??= []).push(performance.now() - begun);
            texts.add(`${answer.status} ${answer.text} ${answer.headers.getSetCookie()}`);
        }
    assert.equal(texts.size, 1, [...texts].join('\n'));
    const least = Object.values(times).map((list) => Math.min(...list));
    assert.ok(Math.max(...least) < 2 * Math.min(...least), JSON.stringify(times));
});

test('A09: a cookie that was set before, and one of before a sign-out or a password change, opens nothing', async () => {
    const browser = stranger();
    browser.cookies.set('dialogd_s', 'chosen-by-somebody-else');
    assert.equal((await browser.signIn('bo@example.org', password)).status, 201);
    assert.notEqual(browser.cookies.get('dialogd_s'), 'chosen-by-somebody-else');
    const before = browser.cookieHeader();
    assert.equal((await browser.signIn('bo@example.org', password)).status, 201);
    const old = (cookie) => browser.call('GET', '/api/v1/me', undefined, {headers: {cookie}, keep: false});
    assert.equal((await old(before)).status, 401, 'signing in again ends the session before');
    const other = await signedIn();
    const second = browser.cookieHeader();
    assert.equal((await browser.call('PUT', '/api/v1/me/password', {password: 'vihreä talo mäellä'})).status, 204);
    assert.equal((await old(second)).status, 401, 'the cookie of before the change');
    assert.equal((await other.call('GET', '/api/v1/me')).status, 401, 'the other sessions');
    assert.equal((await browser.call('GET', '/api/v1/me')).status, 200, 'the own session goes on');
    const third = browser.cookieHeader();
    assert.equal((await browser.call('DELETE', '/api/v1/session')).status, 204);
    assert.equal((await old(third)).status, 401, 'after signing out');
    await setPassword(server, bo.id, password);
});

test('A09: another role and being disabled end the sessions', async () => {
    const cleo = await addAgent(server, 'cleo@example.org', {password});
    const browser = stranger();
    await browser.signIn('cleo@example.org', password);
    await server.call('PATCH', `/api/v1/agents/${cleo.id}`, {role: 'supervisor'});
    assert.equal((await session(browser)).status, 401);
    await browser.signIn('cleo@example.org', password);
    await server.call('PATCH', `/api/v1/agents/${cleo.id}`, {disabled: true});
    assert.equal((await session(browser)).status, 401);
    assert.equal((await browser.signIn('cleo@example.org', password)).status, 401);
});

test('A10: the event stream of a session that was revoked ends within 5 seconds', async () => {
    const browser = await signedIn();
    const {json: {id}} = await session(browser);
    const stream = await fetch(`${server.url}/api/v1/events`, {headers: {cookie: browser.cookieHeader(), 'x-forwarded-for': browser.address}});
    assert.equal(stream.status, 200);
    const ended = stream.text();
    const begun = performance.now();
    assert.equal((await server.call('DELETE', `/api/v1/sessions/${id}`)).status, 204);
    assert.match(await ended, /event: bye/);
    assert.ok(performance.now() - begun < 5000, `${performance.now() - begun} ms`);
});

test('A13: nothing is changed for a page of another site', async () => {
    const browser = await signedIn();
    const attempts = [
        ['no header of ours', {'x-requested-with': null}],
        ['another site', {'sec-fetch-site': 'cross-site'}],
        ['a sister host', {'sec-fetch-site': 'same-site'}],
        ['another origin', {origin: 'https://evil.example'}],
        ['no origin', {origin: 'null'}],
        ['an origin that begins like ours', {origin: `${server.url}.evil.example`}],
    ];
    for (const [what, headers] of attempts) {
        const answer = await browser.call('DELETE', '/api/v1/session', undefined, {headers});
        assert.equal(answer.status, 403, what);
        assert.equal(answer.json.code, 'cross_site', what);
        assert.equal((await browser.call('POST', '/api/v1/session', {email: 'bo@example.org', password}, {headers})).status, 403, what);
    }
    const form = await browser.call('POST', '/api/v1/teams', 'name=Evil', {headers: {'content-type': 'application/x-www-form-urlencoded', 'x-requested-with': null}});
    assert.ok([403, 415].includes(form.status));
    const text = await browser.call('POST', '/api/v1/session', '{"email":"bo@example.org"}', {headers: {'content-type': 'text/plain'}});
    assert.equal(text.status, 415);
    for (const method of ['GET', 'HEAD'])
        assert.ok([200, 405].includes((await browser.call(method, '/api/v1/session', undefined, {headers: {'x-http-method-override': 'DELETE'}})).status));
    assert.equal((await session(browser)).status, 200, 'and the session is still there');
    assert.equal((await browser.call('DELETE', '/api/v1/session', undefined, {headers: {origin: server.url}})).status, 204);
});

test('A15: no other origin is let in by CORS', async () => {
    const browser = await signedIn();
    for (const origin of ['null', 'https://evil.example', server.url])
        for (const method of ['GET', 'OPTIONS']) {
            const answer = await browser.call(method, '/api/v1/me', undefined, {headers: {origin}});
            for (const [name] of answer.headers) assert.ok(!name.startsWith('access-control-'), `${method} ${origin} ${name}`);
        }
});

test('A18: passwords are compared as they are, whatever they are made of', async () => {
    const dan = await addAgent(server, 'dan@example.org');
    const passwords = [' leading and trailing ', 'ä'.repeat(3) + '🦊🐻🐼🐨🐯'.repeat(25), 'x'.repeat(3) + 'abcdefghij'.repeat(12)];
    for (const one of passwords) {
        await setPassword(server, dan.id, one);
        assert.equal((await stranger().signIn('dan@example.org', one)).status, 201);
        assert.equal((await stranger().signIn('dan@example.org', one.trim() === one ? [...one].slice(0, 72).join('') : one.trim())).status, 401);
        assert.equal((await stranger().signIn('dan@example.org', one.normalize('NFD') === one ? one.toUpperCase() : one.normalize('NFD'))).status, 401);
    }
    const nul = await stranger().call('POST', '/api/v1/session', '{"email":"dan@example.org","password":"abc\\u0000def"}');
    assert.equal(nul.status, 400);
    const browser = stranger();
    await browser.signIn('dan@example.org', passwords.at(-1));
    for (const [bad, code] of [['short', 'password_too_short'], ['Password123', 'password_common'], ['dialogd2026', 'password_common'],
        ['dan@example.org', 'password_common'], ['y'.repeat(3) + 'abcdefghij'.repeat(13), 'password_too_long']]) {
        const answer = await browser.call('PUT', '/api/v1/me/password', {password: bad});
        assert.equal(answer.status, 400);
        assert.equal(answer.json.code, code);
    }
});

test('A19: a password of ten megabytes is refused before it is hashed', async () => {
    const begun = performance.now();
    const socket = net.connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (text) => { answer += text; });
    socket.write('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Requested-With: dialogd\r\nContent-Length: 10000000\r\n\r\n');
    await new Promise((resolve) => { socket.on('close', resolve); socket.on('error', resolve); setTimeout(resolve, 3000); });
    socket.destroy();
    assert.match(answer, /^HTTP\/1.1 413/);
    assert.ok(performance.now() - begun < 2500);
});

test('a token and a cookie together are refused, and so is a cookie sent twice', async () => {
    const browser = await signedIn();
    const mixed = await browser.call('GET', '/api/v1/me', undefined, {headers: {authorization: `Bearer ${server.token}`}});
    assert.equal(mixed.status, 400);
    assert.equal(mixed.json.code, 'credentials_mixed');
    const cookie = `${browser.cookieHeader()}; dialogd_s=tossed`;
    assert.equal((await browser.call('GET', '/api/v1/me', undefined, {headers: {cookie}})).status, 401);
});

test('sessions are listed and ended: own ones, and those of others for who manages agents', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const {json: {items}} = await one.call('GET', '/api/v1/sessions');
    assert.ok(items.length >= 2);
    assert.equal(items.filter((item) => item.is_current).length, 1);
    const {json: {id}} = await session(two);
    const eve = await addAgent(server, 'eve@example.org', {password: 'vihreä talo mäellä'});
    const other = stranger();
    await other.signIn('eve@example.org', 'vihreä talo mäellä');
    assert.equal((await other.call('DELETE', `/api/v1/sessions/${id}`)).status, 404);
    assert.equal((await other.call('GET', `/api/v1/sessions?agent=${bo.id}`)).status, 403);
    assert.equal((await one.call('DELETE', `/api/v1/sessions/${id}`)).status, 204);
    assert.equal((await session(two)).status, 401);
    assert.equal((await server.call('GET', `/api/v1/sessions?agent=${eve.id}`)).json.items.length, 1);
    assert.equal((await server.control('session', 'list', eve.id)).items.length, 1);
    assert.equal((await server.call('DELETE', `/api/v1/sessions?agent=${eve.id}`)).status, 204);
    assert.equal((await session(other)).status, 401);
    assert.equal((await one.call('DELETE', '/api/v1/sessions')).status, 204);
    assert.equal((await session(one)).status, 200);
});

test('A16: what matters asks for the password again once the session is old', async () => {
    const browser = await signedIn();
    assert.equal((await browser.call('POST', '/api/v1/session/confirm', {password: 'not this one'})).status, 403);
    const before = browser.cookieHeader();
    assert.equal((await browser.call('POST', '/api/v1/session/confirm', {password})).status, 200);
    assert.notEqual(browser.cookieHeader(), before);
    const made = await server.call('POST', '/api/v1/tokens', {name: 'bo', agent_id: bo.id});
    const withToken = await server.call('PUT', '/api/v1/me/password', {password: 'kolme pientä possua'}, {token: made.json.token});
    assert.equal(withToken.status, 403);
    assert.equal(withToken.json.code, 'session_needed');
});

test('dialogctl sets a password from standard input, with and without a running server', async () => {
    const fay = await addAgent(server, 'fay@example.org');
    const refused = await controlWith(server, 'password1\n', 'agent', 'password', fay.id);
    assert.notEqual(refused.code, 0);
    assert.equal((await controlWith(server, 'kolme pientä possua\n', 'agent', 'password', fay.id)).code, 0);
    assert.equal((await stranger().signIn('fay@example.org', 'kolme pientä possua')).status, 201);
    await server.stop();
    assert.equal((await controlWith(server, 'seitsemän veljestä\n', 'agent', 'password', fay.id)).code, 0);
    await server.start();
    assert.equal((await stranger().signIn('fay@example.org', 'seitsemän veljestä')).status, 201);
});

test('A12: no password, cookie or token stands in the log', async () => {
    const browser = await signedIn();
    for (const secret of [password, browser.cookies.get('dialogd_s'), browser.cookies.get('dialogd_d'), server.token])
        assert.ok(!server.log.includes(secret));
});
