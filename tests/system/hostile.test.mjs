// Attacks on every route of the table, with requests made from doc/openapi.yaml: what a route that
// is added tomorrow must bear, too (reliability.md A12-A15, A19, I01, I02, I05, I08, K02, K03, K08,
// S06, T02, T04, T08, W17).
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import net from 'node:net';
import {networkInterfaces} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {isSanitized, startDialogd} from './dialogd.mjs';
import {HookReceiver} from './hook-receiver.mjs';
import {parseYaml, resolve} from './openapi.mjs';

const run = promisify(execFile);
const source = process.env.TOP_SRCDIR ?? path.resolve('.');
const build = process.env.TOP_BUILDDIR ?? path.resolve('build');
const document = parseYaml(await readFile(path.join(source, 'doc/openapi.yaml'), 'utf8'));
const {stdout} = await run(path.join(build, 'tests/api/route_list'));
const routes = stdout.trim().split('\n').map((line) => {
    const [method, whole, permission] = line.split(' ');
    const pattern = whole.replace('...}', '}');
    return {method, pattern, permission, what: document.paths[pattern][method.toLowerCase()]};
});
// The body of a route's example, where it takes JSON.
const exampleOf = ({what}) => what.requestBody?.content?.['application/json']?.example;
const isOpen = ({pattern}) => pattern.startsWith('/hooks/');
const isPage = ({method, pattern, permission}) => method === 'GET' && permission === 'anyone' && /^\/(app\/|favicon)/.test(pattern);

let server, channel;
const ids = {};
before(async () => {
    server = await startDialogd();
    channel = await server.addHookChannel();
    await server.receive(channel, {id: 'one', text: 'Hello there'});
    const item = async (target) => (await server.call('GET', target)).json.items[0]?.id ?? '1';
    ids.conversation = await item('/api/v1/conversations?view=all');
    ids.message = await item(`/api/v1/conversations/${ids.conversation}/messages`);
    ids.customer = await item('/api/v1/customers');
    ids.channel = channel.id;
    ids.agent = server.agent.id;
    ids.wait = await item('/api/v1/waits');
    ids.kind = 'generic';
    ids.key = channel.hook_path.split('/').at(-1);
});
after(() => server?.remove());

const fill = (pattern, values = ids) => pattern.replace(/\{(\w+)\.*\}/g, (_, name) => encodeURIComponent(values[name] ?? '1'));
// One page of events in place of a stream that never ends.
const once = ({method, pattern}, target) => method === 'GET' && pattern === '/api/v1/events' ? `${target}?poll=1&since=0` : target;
const quiet = {token: null};
const call = (route, target, body, options) => server.call(route.method, once(route, target), body, options);

// All objects but the caller itself: what a route does to an object 1 is nothing.
const elsewhere = Object.fromEntries(['kind', 'key'].map((name) => [name, 'none']));

async function crawl() {
    const answers = [];
    for (const route of routes) {
        const harmless = route.method === 'GET' ? ids : elsewhere;
        for (const options of [quiet, {}])
            answers.push({route, ...await call(route, fill(route.pattern, harmless), route.method === 'GET' ? undefined : '{}', options)});
    }
    return answers;
}

test('K08, A14, A15: every answer of every route bears the headers that keep a browser safe', async () => {
    const answers = await crawl();
    assert.ok(answers.length === 2 * routes.length);
    for (const {route, status, headers} of answers) {
        const title = `${route.method} ${route.pattern} ${status}`;
        const policy = headers.get('content-security-policy');
        assert.ok(status < 500 || status === 503, title);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', title);
        assert.match(policy, /default-src 'none'/, title);
        assert.match(policy, route.pattern.endsWith('/html') && status === 200 ? /frame-ancestors 'self'/ : /frame-ancestors 'none'/, title);
        assert.match(headers.get('strict-transport-security'), /max-age/, title);
        assert.equal(headers.get('referrer-policy'), 'no-referrer', title);
        assert.match(headers.get('cache-control'), isPage(route) ? /no-cache|no-store/ : /no-store/, title); // the page's files bear no data
        for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'server', 'x-powered-by'])
            assert.equal(headers.get(name), null, title);
        if (/^text/.test(headers.get('content-type') ?? '')) assert.match(headers.get('content-type'), /charset=utf-8/, title);
    }
});

test('A15: no origin is let in, null and our own name included', async () => {
    for (const origin of ['null', 'https://evil.example', server.url])
        for (const [method, target] of [['GET', '/api/v1/me'], ['OPTIONS', '/api/v1/me'], ['OPTIONS', '/api/v1/conversations']]) {
            const {status, headers} = await server.call(method, target, undefined, {headers: {origin, 'access-control-request-method': 'POST'}});
            assert.ok(status === (method === 'GET' ? 200 : 405) || status === 403, `${method} ${target} ${origin} ${status}`);
            for (const [name] of headers) assert.ok(!name.startsWith('access-control-'), name);
        }
});

test('T02: a member that no body of the route has is refused, not set', async () => {
    const extras = {account_id: '1', is_administrator: true, verified: true, created_at: '2020-01-01T00:00:00Z', permissions_bits: -1};
    let tried = 0;
    for (const route of routes) {
        const example = exampleOf(route);
        if (!example || Array.isArray(example) || isOpen(route)) continue;
        const schema = resolve(document, route.what.requestBody.content['application/json'].schema);
        if (schema.additionalProperties !== false || Object.keys(schema.properties ?? {}).length === 0) continue;
        for (const [name, value] of Object.entries(extras)) {
            if (schema.properties?.[name]) continue;
            const {status, text} = await call(route, fill(route.pattern), {...example, [name]: value});
            assert.ok(status >= 400 && status < 500, `${route.method} ${route.pattern} takes ${name}: ${status} ${text.slice(0, 200)}`);
            tried++;
        }
    }
    assert.ok(tried >= 50, `${tried} bodies`);
    assert.equal((await server.call('GET', '/api/v1/me')).status, 200);
});

test('T02: an agent does not raise itself', async () => {
    const {json: agent} = await server.call('POST', '/api/v1/agents', {email: 'bo@example.org', name: 'Bo'});
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {agent_id: agent.id, name: 'bo'});
    for (const body of [{role: 'administrator'}, {name: 'Bo', role: 'administrator'}, {permissions: ['see_everything']}])
        for (const target of [`/api/v1/agents/${agent.id}`, '/api/v1/me'])
            assert.ok([400, 403, 404, 405].includes((await server.call('PATCH', target, body, {token})).status));
    assert.equal((await server.call('GET', `/api/v1/agents/${agent.id}`)).json.role, 'agent');
});

// Every query parameter that the document has, with its route.
const parameters = routes.flatMap((route) => (route.what.parameters ?? []).map((item) => resolve(document, item))
    .filter((item) => item.in === 'query').map((item) => ({route, ...item})));

test('T08: a parameter that comes twice is refused, whatever its value', async () => {
    assert.ok(parameters.length > 30);
    for (const {route, name} of parameters) {
        const {status} = await server.call(route.method, `${fill(route.pattern)}?${name}=1&${name}=2`, route.method === 'GET' ? undefined : '{}');
        assert.equal(status, 400, `${route.method} ${route.pattern} ${name}`);
    }
});

test('I08: numbers and ids beyond their range are refused, none is cut to fit', async () => {
    for (const {route, name, schema} of parameters) {
        const known = resolve(document, schema ?? {});
        const isNumber = [known.type].flat().includes('integer');
        const isId = schema?.$ref?.endsWith('/Id');
        if (!isNumber && !isId) continue;
        for (const value of ['-1', '9223372036854775808', '99999999999999999999999', '1e3', '0x10', '1.5', '%00', '%20' + '1', 'abc', '']) {
            if (isNumber && value === '-1' && known.minimum === undefined) continue;
            const {status} = await call(route, `${fill(route.pattern)}?${name}=${value}`);
            const isOfNothing = status === 404 && [...route.pattern.matchAll(/\{(\w+)/g)].some(([, parameter]) => !(parameter in ids));
            assert.ok(status === 400 || isOfNothing, `${route.method} ${route.pattern}?${name}=${value}: ${status}`);
        }
    }
    for (const route of routes) {
        if (!route.pattern.includes('{') || isOpen(route) || isPage(route)) continue;
        for (const value of ['0', '-1', '9223372036854775808', '1e3', '0x10', '1 ', "1'--", '%00', '../1']) {
            const target = route.pattern.replace(/\{(\w+)\.*\}/g, () => encodeURIComponent(value));
            const {status} = await server.call(route.method, target, route.method === 'GET' ? undefined : '{}');
            const isLedBack = status === 303 && route.pattern.startsWith('/oidc/'); // to the page, which says that it failed
            assert.ok([400, 403, 404].includes(status) || isLedBack, `${route.method} ${target}: ${status}`);
        }
    }
});

// The example with one of its texts replaced.
function* variants(value, text) {
    if (typeof value === 'string') yield text;
    else if (Array.isArray(value)) for (let at = 0; at < value.length; at++) for (const item of variants(value[at], text)) yield value.with(at, item);
    else if (value !== null && typeof value === 'object')
        for (const [name, member] of Object.entries(value)) for (const item of variants(member, text)) yield {...value, [name]: item};
}

const nasty = ["'; DROP TABLE agent; --", '" OR 1=1 --', 'NEAR("a" "b", 1)', '%s%n%x%99999d', 'a\u0000b', 'line\r\nBcc: x@example.org', '\u001b[31mred', '=cmd|calc', '{{7*7}}${7*7}', '../../etc/passwd', '\ud83d'];

test('I01, I02: hostile texts in every field of every body do nothing but be texts', async () => {
    let tried = 0;
    for (const route of routes) {
        const example = exampleOf(route);
        if (!example || isOpen(route)) continue;
        for (const text of nasty)
            for (const body of variants(example, text)) {
                const {status, text: answer} = await call(route, fill(route.pattern, elsewhere), body);
                assert.ok(status < 500 || status === 502 || status === 503, `${route.method} ${route.pattern} ${JSON.stringify(body)}: ${status}`);
                assert.doesNotMatch(answer, /sqlite|syntax error|near "|no such (table|column)/i, `${route.method} ${route.pattern}`);
                tried++;
            }
    }
    assert.ok(tried > 300, `${tried} bodies`);
    assert.equal((await server.call('GET', '/api/v1/me')).json.email, 'anna@example.org');
    const {json: team} = await server.call('POST', '/api/v1/teams', {name: '%s%n\'"--'});
    assert.equal(team.name, '%s%n\'"--');
});

test('I01: the operators of a search engine are only words, and no error of it is shown', async () => {
    for (const q of ['"', '*', 'NEAR(', 'a NEAR/2 b', '(', 'a AND', 'OR', 'NOT NOT', '^a', 'text:a', '{a b}:c', "';--", '"unclosed', 'a*b*', '-', '--', ':::', 'from:', '\u0000', 'x'.repeat(5000)]) {
        const {status, text} = await server.call('GET', `/api/v1/search?q=${encodeURIComponent(q)}`);
        assert.ok(status === 200 || status === 400, `${q}: ${status}`);
        assert.doesNotMatch(text, /fts5|sqlite|syntax error/i, q);
    }
});

test('A13: nothing is changed by a form, a text, a GET, a HEAD or a method in a header', async () => {
    const names = async () => (await server.call('GET', '/api/v1/teams')).json.items.map(({name}) => name);
    const before = await names();
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/jsonx', 'text/json'])
        assert.equal((await server.call('POST', '/api/v1/teams', '{"name":"forged"}', {headers: {'content-type': type}})).status, 415, type);
    for (const headers of [{'x-http-method-override': 'POST'}, {'x-method-override': 'POST'}])
        await server.call('GET', '/api/v1/teams?name=forged', undefined, {headers});
    await server.call('HEAD', '/api/v1/teams');
    assert.equal((await server.call('GET', '/api/v1/teams?_method=POST')).status, 400);
    assert.deepEqual(await names(), before);
});

test('A12: a token in the address is no token, and none stands in the log', async () => {
    for (const name of ['access_token', 'token', 'authorization', 'api_key']) {
        const {status} = await server.call('GET', `/api/v1/me?${name}=${server.token}`, undefined, quiet);
        assert.ok(status === 401 || status === 400, name);
    }
    await server.call('GET', '/api/v1/me', undefined, {token: `${server.token}x`});
    await server.call('GET', '/api/v1/me', undefined, {headers: {authorization: `Basic ${server.token}`}, token: null});
    await server.call('GET', `/nothing/${server.token}`);
    assert.ok(!server.log.includes(server.token));
    assert.ok(!server.log.includes(ids.key), 'nor the key of a web hook');
});

test('A19: ten megabytes for a password are refused before anything is made of them', async () => {
    const long = JSON.stringify({email: 'anna@example.org', password: 'x'.repeat(10 * 1024 * 1024)});
    const open = routes.filter((route) => route.permission === 'anyone' && route.method === 'POST' && !isOpen(route));
    for (const {method, pattern} of [...open, {method: 'POST', pattern: '/api/v1/teams'}]) {
        const begun = performance.now();
        // the server answers and closes while the body is still coming
        const answer = await server.call(method, fill(pattern), long).catch(() => ({status: 413}));
        assert.equal(answer.status, 413, pattern);
        assert.ok(performance.now() - begun < 1000, pattern);
    }
});

test('I05: what a stranger writes cannot make a line of the log', async () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET /api/v1/me?x=%0d%0aforged HTTP/1.1\r\nHost: x\r\nUser-Agent: a\u001b[31m\r\nAuthorization: Bearer x\u001b[2J\r\nConnection: close\r\n\r\n`);
    await new Promise((done) => { socket.resume(); socket.on('close', done); });
    await server.call('GET', `/%0d%0atime=2026 level=error`);
    await server.call('POST', '/api/v1/teams', {name: 'a\r\ntime=now level=error event=forged'});
    await server.call('GET', '/hooks/telegram%0aforged/x', undefined, quiet);
    for (const line of server.log.trimEnd().split('\n')) assert.match(line, /^time=\d{4}-[^\s]+Z level=(debug|info|warning|error) event=/, JSON.stringify(line));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(server.log, /[\u0000-\u0008\u000b-\u001f\u007f]/);
});

test('K02: what a channel keeps secret is never shown, not even to an administrator', async () => {
    const secret = 'whsec_dGhpcyBpcyBhIHNlY3JldCBvZiBvdXJz';
    const {json: made} = await server.call('POST', '/api/v1/channels?check=no', {kind: 'generic', name: 'kept', settings: {secret}});
    await server.call('PATCH', `/api/v1/channels/${made.id}?check=no`, {settings: {secret: `${secret}2`}});
    for (const {method, pattern} of routes) {
        if (method !== 'GET') continue;
        const {text} = await server.call('GET', once({method, pattern}, fill(pattern, {...ids, channel: made.id})));
        assert.ok(!text.includes(secret.slice(6)), pattern);
    }
    assert.ok(!server.log.includes(secret.slice(6)));
});

// A server of ours that is not loopback, which needs no leave (doc/decisions/0007).
const inside = Object.values(networkInterfaces()).flat().find(({family, internal, address}) => !internal && family === 'IPv4' && /^(10|172|192)\./.test(address))?.address;

test('S06: a mail server at a private address gets no connection unless the operator allows such', {skip: inside ? false : 'this machine has no private address'}, async () => {
    let connections = 0;
    const listener = net.createServer((socket) => { connections++; socket.destroy(); });
    await new Promise((done) => listener.listen(0, inside, done));
    const port = String(listener.address().port);
    const allowing = await startDialogd({network: {allow_private_addresses: 'yes'}});
    try {
        for (const [to, expected] of [[server, 0], [allowing, 1]]) {
            const settings = {address: 'a@example.org', imap_host: inside, imap_port: port, imap_password: 'b', smtp_host: inside, smtp_port: port};
            const {status, text} = await to.call('POST', '/api/v1/channels', {kind: 'email', name: 'inside', settings});
            assert.ok([400, 403, 502].includes(status), text);
            assert.equal(connections > 0 ? 1 : 0, expected, text);
            assert.deepEqual((await to.call('GET', '/api/v1/channels')).json.items.filter(({name}) => name === 'inside'), []);
        }
    } finally {
        listener.close();
        await allowing.remove();
    }
});

test('T04: a note reaches nobody outside', async () => {
    const receiver = await new HookReceiver().listen();
    const outside = await startDialogd({network: {allow_private_addresses: 'yes'}});
    try {
        const shop = await outside.control('channel', 'add', 'generic', 'shop', '--set', 'verification=address', '--set', `url=${receiver.url}`, '--no-check');
        await outside.receive(shop, {id: 'note'});
        const {json: {items: [{id}]}} = await outside.call('GET', '/api/v1/conversations?view=all');
        assert.equal((await outside.call('POST', `/api/v1/conversations/${id}/notes`, {text: 'between us: a secret'})).status, 201);
        assert.equal((await outside.call('POST', `/api/v1/conversations/${id}/replies`, {client_key: 'r1', text: 'for you'})).status, 201);
        await receiver.until((got) => got.some(({text}) => text.includes('for you')), 20000);
        assert.ok(receiver.got.every(({text}) => !text.includes('a secret')));
        assert.equal(receiver.got.length, 1);
    } finally {
        receiver.close();
        await outside.remove();
    }
});

test('K03: neither a core nor the process table shows a secret', async () => {
    const about = (name) => readFile(`/proc/${server.process.pid}/${name}`, 'utf8');
    assert.match(await about('limits'), /Max core file size +0 +0 /);
    assert.ok(!(await about('cmdline')).includes(server.token));
    assert.ok(!(await about('environ')).includes(server.token));
});

test('W17: a wrong signature takes as long for a channel as for none', {skip: isSanitized ? 'times do not hold' : false}, async () => {
    const took = {known: [], unknown: []};
    const body = JSON.stringify({type: 'message.created', id: 'x'});
    const {json: signed} = await server.call('POST', '/api/v1/channels?check=no', {kind: 'generic', name: 'signed'});
    for (let round = 0; round < 300; round++)
        for (const [name, target] of [['known', signed.hook_path], ['unknown', '/hooks/generic/' + 'x'.repeat(32)]]) {
            const begun = performance.now();
            const {status, json} = await server.call('POST', target, body, quiet);
            took[name].push(performance.now() - begun);
            assert.deepEqual([status, json.code], [401, 'hook_refused']);
        }
    // of the quick ones: a busy machine disturbs the others
    const [known, unknown] = Object.values(took).map((list) => list.sort((a, b) => a - b)[list.length / 10]);
    assert.ok(Math.abs(known - unknown) < Math.max(0.3, 0.3 * known), `${known} and ${unknown} ms`);
});
