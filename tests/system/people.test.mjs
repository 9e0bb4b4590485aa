// Agents, teams and tokens over HTTP, as a program would use them.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

let server;
before(async () => { server = await startDialogd(); });
after(() => server.remove());

test('without a token nothing is answered but health', async () => {
    assert.equal((await server.call('GET', '/healthz', undefined, {token: null})).status, 200);
    const refused = await server.call('GET', '/api/v1/agents', undefined, {token: null});
    assert.equal(refused.status, 401);
    assert.equal(refused.json.code, 'token_missing');
    assert.match(refused.headers.get('www-authenticate'), /^Bearer/);
});

test('an unknown token and a revoked token are refused with the same words', async () => {
    const made = await server.call('POST', '/api/v1/tokens', {name: 'short-lived'});
    assert.equal(made.status, 201);
    assert.equal((await server.call('GET', '/api/v1/me', undefined, {token: made.json.token})).status, 200);
    assert.equal((await server.call('DELETE', `/api/v1/tokens/${made.json.id}`)).status, 204);
    const revoked = await server.call('GET', '/api/v1/me', undefined, {token: made.json.token});
    const unknown = await server.call('GET', '/api/v1/me', undefined, {token: 'dlg_' + 'x'.repeat(43)});
    assert.equal(revoked.status, 401);
    assert.deepEqual(revoked.json, unknown.json);
});

test('a POST with an Idempotency-Key has one effect and one answer', async () => {
    const headers = {'idempotency-key': 'one-team'};
    const first = await server.call('POST', '/api/v1/teams', {name: 'Sales'}, {headers});
    const second = await server.call('POST', '/api/v1/teams', {name: 'Sales'}, {headers});
    assert.equal(first.status, 201);
    assert.equal(second.status, 201);
    assert.deepEqual(second.json, first.json);
    assert.equal(second.headers.get('idempotent-replayed'), 'true');
    const other = await server.call('POST', '/api/v1/teams', {name: 'Support'}, {headers});
    assert.equal(other.status, 409);
    assert.equal(other.json.code, 'idempotency_mismatch');
});

test('the same key at once from many connections makes one team', async () => {
    const headers = {'idempotency-key': 'storm'};
    const answers = await Promise.all(Array.from({length: 20},
        () => server.call('POST', '/api/v1/teams', {name: 'Storm'}, {headers})));
    assert.equal(new Set(answers.map((answer) => answer.json.id)).size, 1);
    assert.ok(answers.every((answer) => answer.status === 201));
});

test('an agent cannot do what administrators do, and a disabled one nothing', async () => {
    const agent = await server.call('POST', '/api/v1/agents', {email: 'Bo@Example.org', name: 'Bo'});
    assert.equal(agent.status, 201);
    assert.equal(agent.json.email, 'bo@example.org');
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {name: 'bo', agent_id: agent.json.id});
    const denied = await server.call('POST', '/api/v1/agents', {email: 'eve@example.org', name: 'Eve'}, {token});
    assert.equal(denied.status, 403);
    await server.call('PATCH', `/api/v1/agents/${agent.json.id}`, {disabled: true});
    assert.equal((await server.call('GET', '/api/v1/me', undefined, {token})).status, 401);
});

test('the last administrator stays one', async () => {
    const answer = await server.call('PATCH', `/api/v1/agents/${server.agent.id}`, {role: 'agent'});
    assert.equal(answer.status, 409);
    assert.equal(answer.json.code, 'last_administrator');
});

test('wrong bodies are refused by name', async () => {
    const cases = [
        [{email: 'x@example.org', name: 'X', password_hash: 'x'}, 'body_invalid'],
        [{email: 'x@example.org\r\nBcc: y', name: 'X'}, 'field_invalid'],
        [{email: 'x@example.org', name: 'X', role: 'root'}, 'role_unknown'],
        ['{"name": 1, "name": 2}', 'json_invalid'],
        ['[' .repeat(100000), 'json_invalid'],
        ['{"name": "a\\u0000b"}', 'json_invalid'],
        ['"text"', 'json_invalid'],
    ];
    for (const [body, code] of cases) {
        const answer = await server.call('POST', '/api/v1/agents', body);
        assert.equal(answer.status, 400, JSON.stringify(body).slice(0, 60));
        assert.equal(answer.json.code, code);
    }
});
