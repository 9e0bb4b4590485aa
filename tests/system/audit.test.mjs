// The audit log, and tokens with scopes (reliability.md 5, K06, O06, A16).
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {addAgent, Browser} from './browser.mjs';
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
const audit = async (query = '') => (await server.call('GET', `/api/v1/audit?limit=200${query}`)).json;
const settled = () => new Promise((resolve) => setTimeout(resolve, 300));

test('K06: sign-ins, failures, denials, exports, roles and secrets are in the audit log, without contents', async () => {
    const browser = stranger();
    await browser.signIn('bo@example.org', password);
    await stranger().signIn('bo@example.org', 'not the password');
    await stranger().signIn('nobody@example.org', 'not the password');
    assert.equal((await browser.call('POST', '/api/v1/teams', {name: 'Denied'})).status, 403);
    await server.call('PATCH', `/api/v1/agents/${bo.id}`, {role: 'supervisor'});
    const {json: token} = await server.call('POST', '/api/v1/tokens', {name: 'secret'});
    await server.call('POST', '/api/v1/channels?check=no', {kind: 'generic', name: 'Shop', settings: {verification: 'address'}});
    assert.equal((await server.call('GET', '/api/v1/export/messages')).status, 200);
    await server.control('export', '--all', `${server.directory}/all.jsonl`).catch(() => server.call('GET', '/api/v1/export'));
    await settled();
    const {items} = await audit();
    const actions = new Set(items.map(({action}) => action));
    for (const action of ['signed_in', 'sign_in_failed', 'request_denied', 'agent_changed', 'token_added', 'password_set', 'data_exported'])
        assert.ok(actions.has(action), `${action} in ${[...actions]}`);
    assert.ok(items.some(({action, object}) => action === 'data_exported' && object === 'message'));
    const denied = items.find(({action}) => action === 'request_denied');
    assert.equal(denied.actor_id, bo.id);
    assert.deepEqual(denied.data, {route: '/api/v1/teams', code: 'permission_missing'});
    const failed = items.filter(({action}) => action === 'sign_in_failed');
    assert.deepEqual(new Set(failed.map(({actor_id: id}) => id)), new Set([bo.id, null]));
    for (const row of items) assert.match(row.recorded_at, /Z$/);
    const text = JSON.stringify(items);
    for (const word of ['example.org', password, 'not the password', token.token, '198.51.100']) assert.ok(!text.includes(word), word);
});

test('the audit log is filtered and paged', async () => {
    const all = await audit();
    const pages = [];
    for (let cursor = ''; cursor !== null;) {
        const page = (await server.call('GET', `/api/v1/audit?limit=2${cursor && `&cursor=${cursor}`}`)).json;
        pages.push(...page.items);
        cursor = page.next;
    }
    assert.deepEqual(pages.map(({id}) => id).slice(-all.items.length), all.items.map(({id}) => id));
    const signedIn = (await audit('&action=signed_in')).items;
    assert.ok(signedIn.length > 0 && signedIn.every(({action}) => action === 'signed_in'));
    assert.ok((await audit(`&agent=${bo.id}`)).items.every(({actor_id: id}) => id === bo.id));
    assert.equal((await audit('&to=2020-01-01T00:00:00Z')).items.length, 0);
    assert.equal((await audit('&from=2999-01-01T00:00:00Z')).items.length, 0);
    assert.equal((await audit(`&from=${all.items.at(-1).recorded_at}`)).items.length, all.items.length);
    assert.ok((await server.control('audit', '--action', 'signed_in')).items.length > 0);
    assert.equal((await server.call('GET', '/api/v1/audit?cursor=x')).status, 400);
});

test('K06: refusals by the thousand make a few rows', async () => {
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {name: 'noisy', agent_id: bo.id});
    const before = (await audit('&action=request_denied')).items.length;
    for (let at = 0; at < 200; at++) assert.equal((await server.call('POST', '/api/v1/agents', {}, {token})).status, 403);
    await settled();
    assert.ok((await audit('&action=request_denied')).items.length - before <= 6);
});

test('O06: a token does what its scopes say, until it expires or is revoked', async () => {
    const make = async (body, options) => server.call('POST', '/api/v1/tokens', {name: 'scoped', ...body}, options);
    const reader = (await make({scopes: ['conversation_read']})).json;
    assert.deepEqual(reader.scopes, ['conversation_read']);
    const as = {token: reader.token};
    assert.equal((await server.call('GET', '/api/v1/conversations', undefined, as)).status, 200);
    assert.equal((await server.call('POST', '/api/v1/agents', {email: 'x@example.org', name: 'X'}, as)).status, 403);
    assert.equal((await server.call('GET', '/api/v1/customers', undefined, as)).status, 403);
    assert.deepEqual((await server.call('GET', '/api/v1/me', undefined, as)).json.permissions, ['conversation_read']);
    assert.equal((await make({scopes: ['everything']})).status, 400);
    assert.equal((await make({scopes: []})).status, 400);
    const expired = (await make({scopes: ['conversation_read'], expires_at: new Date(Date.now() + 700).toISOString()})).json;
    assert.equal((await server.call('GET', '/api/v1/me', undefined, {token: expired.token})).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.equal((await server.call('GET', '/api/v1/me', undefined, {token: expired.token})).status, 401);
    assert.equal((await server.call('DELETE', `/api/v1/tokens/${reader.id}`)).status, 204);
    assert.equal((await server.call('GET', '/api/v1/me', undefined, as)).status, 401);
});

test('O06: a token makes none that may more, or lives longer, than itself', async () => {
    const make = async (body, token) => server.call('POST', '/api/v1/tokens', {name: 'child', ...body}, token ? {token} : {});
    const soon = new Date(Date.now() + 3600e3).toISOString();
    const {json: {token}} = await make({scopes: ['conversation_read', 'customer_read'], expires_at: soon});
    assert.equal((await make({}, token)).status, 403, 'all that the agent may');
    assert.equal((await make({scopes: ['agent_manage'], expires_at: soon}, token)).status, 403);
    assert.equal((await make({scopes: ['conversation_read']}, token)).status, 403, 'without an end');
    assert.equal((await make({scopes: ['conversation_read'], expires_at: new Date(Date.now() + 7200e3).toISOString()}, token)).status, 403);
    assert.equal((await make({scopes: ['conversation_read'], expires_at: soon}, token)).status, 201);
    assert.equal((await make({scopes: ['conversation_read'], agent_id: bo.id, expires_at: soon}, token)).status, 403, 'of somebody else');
});

test('K09: unknown, wrong and cut tokens are refused alike, whatever part of them is right', async () => {
    const answers = new Set();
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {name: 'timing'});
    const cases = [token.slice(0, -1), `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, `dlg_${'A'.repeat(43)}`, 'dlg_', `${token}x`];
    for (const one of cases) {
        const answer = await server.call('GET', '/api/v1/me', undefined, {token: one});
        answers.add(`${answer.status} ${answer.text}`);
    }
    assert.equal(answers.size, 1);
});
