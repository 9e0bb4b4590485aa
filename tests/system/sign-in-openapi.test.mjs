// Real answers of everything about signing in against doc/openapi.yaml.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {addAgent, Browser, local, totp} from './browser.mjs';
import {startDialogd} from './dialogd.mjs';
import {parseYaml, problems, resolve} from './openapi.mjs';

const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const document = parseYaml(await readFile(path.join(source, 'doc/openapi.yaml'), 'utf8'));
const password = 'ruosteinen polkupyörä';

let server, browser, agent;
before(async () => {
    server = await startDialogd();
    agent = await addAgent(server, 'bo@example.org', {password, role: 'administrator'});
    browser = new Browser(server);
});
after(() => server?.remove());

const covered = new Set();
function fits(method, pattern, answer, expect) {
    assert.equal(answer.status, expect, `${method} ${pattern}: ${answer.text}`);
    const documented = document.paths[pattern]?.[method.toLowerCase()];
    assert.ok(documented, `${method} ${pattern} is documented`);
    const response = resolve(document, documented.responses[answer.status] ?? documented.responses.default);
    const schema = response.content?.['application/json']?.schema;
    if (schema) assert.deepEqual(problems(document, schema, answer.json), [], `${method} ${pattern}`);
    else assert.equal(answer.text, '', `${method} ${pattern} has no body`);
    covered.add(`${method} ${pattern}`);
    return answer.json;
}
const fill = (pattern, parameters) => pattern.replace(/\{(\w+)\}/g, (_, name) => parameters[name]);

async function call(method, pattern, {parameters = {}, query = '', body, expect = 200} = {}) {
    return fits(method, pattern, await browser.call(method, fill(pattern, parameters) + query, body), expect);
}
async function callLocally(method, pattern, {parameters = {}, body, expect = 200} = {}) {
    return fits(method, pattern, await local(server, method, fill(pattern, parameters), body), expect);
}

test('set-up and sign-in', async () => {
    await call('GET', '/api/v1/setup');
    await call('POST', '/api/v1/session', {body: {email: 'bo@example.org', password}, expect: 201});
    await call('GET', '/api/v1/session');
    await call('POST', '/api/v1/session/confirm', {body: {password}});
    await call('GET', '/api/v1/sessions');
    await call('DELETE', '/api/v1/sessions', {expect: 204});
    await call('PUT', '/api/v1/me/password', {body: {password: 'vihreä talo mäellä'}, expect: 204});
    await callLocally('PUT', '/api/v1/agents/{agent}/password', {parameters: {agent: agent.id}, body: {password}, expect: 204});
    await call('POST', '/api/v1/session', {body: {email: 'bo@example.org', password}, expect: 201});
});

test('second factor', async () => {
    const {secret} = await call('POST', '/api/v1/me/second-factor/totp', {expect: 201});
    await call('GET', '/api/v1/me/second-factor');
    const {recovery_codes: [code]} = await call('POST', '/api/v1/me/second-factor/totp/confirm', {body: {code: totp(secret)}});
    await call('POST', '/api/v1/me/second-factor/recovery-codes', {expect: 201});
    await call('DELETE', '/api/v1/session', {expect: 204});
    const {challenge} = await call('POST', '/api/v1/session', {body: {email: 'bo@example.org', password}});
    assert.equal((await browser.call('POST', '/api/v1/session', {challenge, recovery_code: code})).status, 401, 'it was replaced');
    await call('POST', '/api/v1/session', {body: {challenge, code: totp(secret, Math.floor(Date.now() / 30000) + 1)}, expect: 201});
    await call('DELETE', '/api/v1/me/second-factor/totp', {expect: 204});
    const other = await addAgent(server, 'cleo@example.org');
    await call('DELETE', '/api/v1/agents/{agent}/second-factor', {parameters: {agent: other.id}, expect: 204});
    await call('POST', '/api/v1/agents/{agent}/invitation', {parameters: {agent: other.id}, expect: 201});
    await call('GET', '/api/v1/agents/{agent}/invitation', {parameters: {agent: other.id}});
    await call('DELETE', '/api/v1/agents/{agent}/invitation', {parameters: {agent: other.id}, expect: 204});
    await call('POST', '/api/v1/password-reset', {body: {email: 'bo@example.org'}, expect: 202});
});

test('system mail', async () => {
    await call('GET', '/api/v1/system-mail');
    await call('PUT', '/api/v1/system-mail', {body: {channel_id: null}});
});

test('providers and audit', async () => {
    const made = await call('POST', '/api/v1/oidc-providers', {body: {name: 'Example', issuer: 'https://id.example.org', client_id: 'x', domains: ['example.org']}, expect: 201});
    const of = {parameters: {provider: made.id}};
    await call('GET', '/api/v1/oidc-providers');
    await call('GET', '/api/v1/oidc-providers/{provider}', of);
    await call('PATCH', '/api/v1/oidc-providers/{provider}', {...of, body: {new_role: 'agent'}});
    await call('GET', '/api/v1/session/providers');
    await call('DELETE', '/api/v1/oidc-providers/{provider}', {...of, expect: 204});
    await call('GET', '/api/v1/me/identities');
    await call('GET', '/api/v1/audit', {query: '?limit=5'});
});

test('the rest of what is about signing in is shown by other tests', () => {
    const elsewhere = ['POST /api/v1/invitation/redeem', 'POST /api/v1/password-reset/redeem', 'POST /api/v1/setup', 'POST /api/v1/setup/code',
        'DELETE /api/v1/sessions/{session}', 'POST /api/v1/session/providers/{provider}', 'POST /api/v1/me/identities',
        'DELETE /api/v1/me/identities/{identity}', 'GET /oidc/{provider}/callback'];
    const missing = Object.entries(document.paths).flatMap(([pattern, methods]) => Object.entries(methods)
        .filter(([, what]) => what.tags.includes('Sign-in')).map(([method]) => `${method.toUpperCase()} ${pattern}`))
        .filter((name) => !covered.has(name) && !elsewhere.includes(name));
    assert.deepEqual(missing, []);
});
