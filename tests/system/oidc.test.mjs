// Signing in by OpenID Connect against a real provider (oidc-provider): reliability.md 5, O.
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {addAgent, Browser} from './browser.mjs';
import {startDialogd} from './dialogd.mjs';
import {startOidcProvider} from './oidc-provider.mjs';
import {installPeers} from './peers.mjs';

const {modules, reason} = await installPeers();
const skip = reason ?? false;
const password = 'ruosteinen polkupyörä';

// A person at the provider: signs in and agrees; gives the address that leads back.
async function signInAt(location, account) {
    const jar = new Map();
    let url = location, form = null;
    for (let step = 0; step < 15; step++) {
        const answer = await fetch(url, {redirect: 'manual', method: form ? 'POST' : 'GET', body: form,
            headers: {cookie: [...jar].map((pair) => pair.join('=')).join('; ')}});
        for (const line of answer.headers.getSetCookie()) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            if (value === '') jar.delete(name); else jar.set(name, value);
        }
        const next = answer.headers.get('location');
        form = null;
        if (next) {
            url = new URL(next, url).href;
            if (url.includes('/oidc/')) return url;
            continue;
        }
        const text = await answer.text();
        const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1];
        assert.ok(action, `${answer.status} ${url}: ${text.slice(0, 500)}`);
        const prompt = /name="prompt" value="([^"]+)"/.exec(text)[1];
        form = new URLSearchParams(prompt === 'login' ? {prompt, login: account, password: 'x'} : {prompt});
        url = new URL(action, url).href;
    }
    throw new Error('the provider never led back');
}

let server, first, second, firstId, secondId;
before(async () => {
    if (skip) return;
    const probe = net.createServer();
    await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const {port} = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    server = await startDialogd({http: {listen: `127.0.0.1:${port}`, public_url: `http://127.0.0.1:${port}`, trusted_proxies: '127.0.0.1'}, network: {allow_private_addresses: 'yes'}});
    [first, second] = [await startOidcProvider(modules), await startOidcProvider(modules)];
    const add = async (name, provider, more) => {
        const made = await server.call('POST', '/api/v1/oidc-providers', {name, issuer: provider.issuer, client_id: 'dialogd', client_secret: 'a secret of 24 letters!!', ...more});
        assert.equal(made.status, 201, made.text);
        provider.serve(`${server.url}/oidc/${made.json.id}/callback`);
        return made.json.id;
    };
    firstId = await add('First', first, {domains: ['example.org'], new_role: 'agent'});
    secondId = await add('Second', second, {domains: ['example.org'], new_role: 'agent'});
});
after(async () => { first?.stop(); second?.stop(); await server?.remove(); });

let last = 0;
const newBrowser = () => new Browser(server, {address: `198.51.100.${++last}`});

async function begin(browser, id, body = {}) {
    const answer = await browser.call('POST', `/api/v1/session/providers/${id}`, body);
    assert.equal(answer.status, 200, answer.text);
    return answer.json.location;
}

// What the browser does with the address that leads back.
async function comeBack(browser, url) {
    const answer = await fetch(url, {redirect: 'manual', headers: {cookie: browser.cookieHeader(), 'x-forwarded-for': browser.address}});
    browser.take(answer);
    assert.equal(answer.status, 303, await answer.text());
    return answer.headers.get('location');
}

const visit = async (browser, id, account, body) => comeBack(browser, await signInAt(await begin(browser, id, body), account));

test('providers are shown without secrets, to whoever signs in by name alone', {skip}, async () => {
    const browser = newBrowser();
    assert.deepEqual((await browser.call('GET', '/api/v1/session/providers')).json.items.map(({name}) => name), ['First', 'Second']);
    const {json} = await server.call('GET', '/api/v1/oidc-providers');
    assert.equal(json.items[0].has_secret, true);
    assert.ok(!JSON.stringify(json).includes('24 letters'));
    const stale = await server.call('PATCH', `/api/v1/oidc-providers/${firstId}`, {name: 'Primary'}, {headers: {'if-match': '"v7"'}});
    assert.equal(stale.status, 412);
    assert.equal((await server.call('PATCH', `/api/v1/oidc-providers/${firstId}`, {name: 'First of all'}, {headers: {'if-match': '"v1"'}})).json.version, 2);
    for (const issuer of ['ftp://id.example', 'https://id.example/?x=1', 'javascript:alert(1)', 'https://user@id.example'])
        assert.equal((await server.call('POST', '/api/v1/oidc-providers', {name: issuer, issuer, client_id: 'x'})).status, 400, issuer);
});

test('somebody of an allowed domain is let in, and is the same one the next time', {skip}, async () => {
    const browser = newBrowser();
    assert.equal(await visit(browser, firstId, 'aino', {return_to: '/inbox?view=open'}), '/inbox?view=open');
    const me = (await browser.call('GET', '/api/v1/me')).json;
    assert.equal(me.email, 'aino@example.org');
    assert.equal(me.role, 'agent');
    assert.equal((await browser.call('GET', '/api/v1/session')).json.method, 'oidc');
    const again = newBrowser();
    await visit(again, firstId, 'aino');
    assert.equal((await again.call('GET', '/api/v1/me')).json.id, me.id);
    await server.call('PATCH', `/api/v1/agents/${me.id}`, {disabled: true});
    assert.match(await visit(newBrowser(), firstId, 'aino'), /sign_in_error=/);
    await server.call('PATCH', `/api/v1/agents/${me.id}`, {disabled: false});
});

test('nobody of another domain or with an unverified address is let in', {skip}, async () => {
    for (const account of ['stranger', 'unverified']) {
        const browser = newBrowser();
        assert.equal(await visit(browser, firstId, account), '/app/sign-in?sign_in_error=oidc_unknown');
        assert.equal((await browser.call('GET', '/api/v1/me')).status, 401);
    }
});

test('O03: a code counts only in the browser that asked for it, and only for its provider', {skip}, async () => {
    const browser = newBrowser(), other = newBrowser();
    const back = await signInAt(await begin(browser, firstId), 'aino');
    assert.equal(await comeBack(other, back), '/app/sign-in?sign_in_error=oidc_state');
    await begin(other, firstId);
    assert.equal(await comeBack(other, back), '/app/sign-in?sign_in_error=oidc_state', 'with a state of its own');
    const mixed = await signInAt(await begin(browser, firstId), 'aino');
    assert.equal(await comeBack(browser, mixed.replace(firstId, secondId)), '/app/sign-in?sign_in_error=oidc_state');
    const named = new URL(await signInAt(await begin(browser, firstId), 'aino'));
    assert.equal(named.searchParams.get('iss'), first.issuer, 'this provider says who it is');
    named.searchParams.set('iss', second.issuer);
    assert.equal(await comeBack(browser, named.href), '/app/sign-in?sign_in_error=oidc_mix_up');
    const good = await signInAt(await begin(browser, firstId), 'aino');
    assert.equal(await comeBack(browser, good), '/');
    assert.equal(await comeBack(browser, good), '/app/sign-in?sign_in_error=oidc_state', 'once');
});

test('O04: the same address at another provider is another person until somebody links it', {skip}, async () => {
    const thief = newBrowser();
    assert.equal(await visit(thief, secondId, 'aino'), '/app/sign-in?sign_in_error=agent_exists');
    assert.equal((await thief.call('GET', '/api/v1/me')).status, 401);
    await addAgent(server, 'bo@example.org', {password});
    assert.equal(await visit(newBrowser(), firstId, 'bo'), '/app/sign-in?sign_in_error=agent_exists');
    const browser = newBrowser();
    await browser.signIn('bo@example.org', password);
    const link = await browser.call('POST', '/api/v1/me/identities', {provider_id: secondId, return_to: '/settings'});
    assert.equal(link.status, 200, link.text);
    assert.equal(await comeBack(browser, await signInAt(link.json.location, 'bo')), '/settings');
    const linked = newBrowser();
    assert.equal(await visit(linked, secondId, 'bo'), '/');
    assert.equal((await linked.call('GET', '/api/v1/me')).json.email, 'bo@example.org');
    const taken = await browser.call('POST', '/api/v1/me/identities', {provider_id: firstId});
    assert.equal(await comeBack(browser, await signInAt(taken.json.location, 'aino')), '/app/sign-in?sign_in_error=identity_taken');
    const {items: [identity]} = (await browser.call('GET', '/api/v1/me/identities')).json;
    assert.deepEqual([identity.issuer, identity.subject], [second.issuer, 'bo']);
    assert.equal((await browser.call('DELETE', `/api/v1/me/identities/${identity.id}`)).status, 204);
    assert.equal(await visit(newBrowser(), secondId, 'bo'), '/app/sign-in?sign_in_error=agent_exists');
});

test('O04: a link that was begun is not finished for somebody else', {skip}, async () => {
    const browser = newBrowser();
    await browser.signIn('bo@example.org', password);
    const {json: {location}} = await browser.call('POST', '/api/v1/me/identities', {provider_id: firstId});
    await browser.call('DELETE', '/api/v1/session');
    assert.equal(await comeBack(browser, await signInAt(location, 'cleo')), '/app/sign-in?sign_in_error=oidc_link');
});

test('O05: a browser is led to our own paths only', {skip}, async () => {
    const browser = newBrowser();
    for (const return_to of ['//evil.example', '/\\evil.example', '\\evil.example', 'https://evil.example', '/%0d%0aSet-Cookie:x=1', '/%5cevil', ''])
        assert.equal((await browser.call('POST', `/api/v1/session/providers/${firstId}`, {return_to})).status, 400, return_to);
});

test('what a provider answers wrongly lets nobody in', {skip}, async () => {
    const browser = newBrowser();
    const back = new URL(await signInAt(await begin(browser, firstId), 'aino'));
    back.searchParams.set('code', 'not-the-code');
    assert.equal(await comeBack(browser, back.href), '/app/sign-in?sign_in_error=provider_failed');
    const refused = new URL(await signInAt(await begin(browser, firstId), 'aino'));
    refused.searchParams.delete('code');
    refused.searchParams.set('error', 'access_denied');
    assert.equal(await comeBack(browser, refused.href), '/app/sign-in?sign_in_error=oidc_refused');
    const made = await server.call('POST', '/api/v1/oidc-providers', {name: 'Away', issuer: 'http://127.0.0.1:9', client_id: 'x'});
    const away = await browser.call('POST', `/api/v1/session/providers/${made.json.id}`, {});
    assert.equal(away.status, 502);
    assert.equal((await server.call('DELETE', `/api/v1/oidc-providers/${made.json.id}`)).status, 204);
    assert.equal((await browser.call('POST', `/api/v1/session/providers/${made.json.id}`, {})).status, 404);
});
