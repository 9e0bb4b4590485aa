// Web hooks out against a receiver that fails on demand: nothing is lost, nothing is forged,
// nothing leads us elsewhere (reliability.md S01-S05, S07, K02).
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import https from 'node:https';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {startDialogd} from './dialogd.mjs';
import {HookReceiver, validEntries} from './hook-receiver.mjs';

const run = promisify(execFile);
let server, channel, receiver;
before(async () => {
    server = await startDialogd({network: {allow_private_addresses: 'yes'}});
    channel = await server.addHookChannel();
    receiver = await new HookReceiver().listen();
});
after(async () => {
    await server?.remove();
    receiver?.close();
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let names = 0;
async function add(fields = {}) {
    const {status, json, text} = await server.call('POST', '/api/v1/webhooks', {name: `hook ${++names}`, url: receiver.url, event_types: ['message_received'], ...fields});
    assert.equal(status, 201, text);
    return json;
}
const remove = (hook) => server.call('DELETE', `/api/v1/webhooks/${hook.id}`);
const log = async (hook, query = '') => (await server.call('GET', `/api/v1/webhooks/${hook.id}/deliveries${query}`)).json.items;
async function settled(hook, count = 1) {
    for (let round = 0; round < 150; round++, await pause(100)) {
        const items = await log(hook);
        if (items.filter(({attempted_at}) => attempted_at).length >= count) return items;
    }
    assert.fail('nothing was attempted');
}
function reset(answer = () => ({status: 200, body: 'ok'})) {
    receiver.got = [];
    receiver.answer = answer;
}

test('an event is told once, signed, with what was included', async () => {
    reset();
    const hook = await add({include: ['conversation', 'message']});
    await server.receive(channel, {id: 'first', text: 'Where is my order?'});
    await receiver.until((got) => got.length === 1);
    const [one] = receiver.got;
    assert.equal(one.body.type, 'message_received');
    assert.match(one.body.timestamp, /^\d{4}-.*Z$/);
    assert.equal(one.body.data.conversation.id, one.body.data.conversation_id);
    assert.equal(one.body.data.message.text, 'Where is my order?');
    assert.equal(validEntries(one, hook.secret).length, 1);
    assert.ok(Math.abs(Number(one.headers['webhook-timestamp']) - Date.now() / 1000) < 5);
    await pause(400);
    assert.equal(receiver.got.length, 1);
    const [entry] = await log(hook);
    assert.deepEqual([entry.id, entry.state, entry.attempts, entry.status, entry.answer], [one.id, 'delivered', 1, 200, 'ok']);
    await remove(hook);
});

test('events of one conversation come in order, and only of the channels asked for', async () => {
    reset();
    const other = await server.addHookChannel('other');
    const hook = await add({event_types: ['*'], channel_ids: [channel.id]});
    for (let at = 0; at < 30; at++) await server.receive(channel, {id: `order-${at}`, contact: `o${at % 3}`});
    await server.receive(other, {id: 'elsewhere', contact: 'x'});
    const {json: {event_seq: end}} = await server.call('GET', '/api/v1/conversations?view=all');
    await receiver.until((got) => got.filter(({body}) => body.type === 'message_received').length === 30);
    await pause(300);
    const seen = new Map();
    for (const {body: {data}} of receiver.got) {
        assert.equal(data.channel_id, channel.id);
        assert.ok(data.seq > (seen.get(data.conversation_id) ?? 0) && data.seq <= end);
        seen.set(data.conversation_id, data.seq);
    }
    assert.equal(seen.size, 3);
    await remove(hook);
});

test('a failure is tried again under the same id, and a later event of the conversation waits for it', async () => {
    reset((one, count) => ({status: count === 1 ? 500 : 200, body: 'x'.repeat(3000)}));
    const hook = await add();
    await server.receive(channel, {id: 'retry-1', contact: 'r'});
    await receiver.until((got) => got.length === 1);
    await server.receive(channel, {id: 'retry-2', contact: 'r'});
    const [entry] = (await settled(hook)).slice(-1);
    assert.deepEqual([entry.state, entry.attempts, entry.status, entry.reason, entry.answer.length], ['pending', 1, 500, 'HTTP status 500', 1024]);
    await receiver.until((got) => got.length === 3, 9000);
    const [first, again, later] = receiver.got;
    assert.equal(again.id, first.id);
    assert.equal(again.text, first.text);
    assert.ok(again.at - first.at > 4900);
    assert.notEqual(later.id, first.id);
    await remove(hook);
});

test('Retry-After holds back all that the hook would be told', async () => {
    reset((one, count) => count === 1 ? {status: 503, headers: {'retry-after': '7'}} : {});
    const hook = await add();
    await server.receive(channel, {id: 'patience-1', contact: 'p1'});
    await receiver.until((got) => got.length === 1);
    await settled(hook);
    await server.receive(channel, {id: 'patience-2', contact: 'p2'});
    await pause(3000);
    assert.equal(receiver.got.length, 1);
    await receiver.until((got) => got.length === 3, 9000);
    assert.ok(receiver.got[1].at - receiver.got[0].at > 6900);
    await remove(hook);
});

test('both secrets sign while one is changed, and neither is ever shown again (K02)', async () => {
    reset();
    const hook = await add();
    const {json: rotated} = await server.call('POST', `/api/v1/webhooks/${hook.id}/rotate`);
    assert.notEqual(rotated.secret, hook.secret);
    assert.ok(rotated.former_secret_until);
    await server.call('POST', `/api/v1/webhooks/${hook.id}/ping`);
    await receiver.until((got) => got.length === 1);
    assert.equal(receiver.got[0].body.type, 'ping');
    assert.equal(receiver.got[0].body.data.webhook_id, hook.id);
    assert.equal(validEntries(receiver.got[0], hook.secret).length, 1);
    assert.equal(validEntries(receiver.got[0], rotated.secret).length, 1);
    for (const target of ['/api/v1/webhooks', `/api/v1/webhooks/${hook.id}`, `/api/v1/webhooks/${hook.id}/deliveries`]) {
        const {text} = await server.call('GET', target);
        for (const secret of [hook.secret, rotated.secret]) assert.ok(!text.includes(secret.slice(6)), target);
    }
    for (const secret of [hook.secret, rotated.secret]) assert.ok(!server.log.includes(secret.slice(6)));
    const once = await server.call('POST', '/api/v1/webhooks', {name: 'once', url: receiver.url, event_types: []}, {headers: {'idempotency-key': 'one'}});
    const twice = await server.call('POST', '/api/v1/webhooks', {name: 'once', url: receiver.url, event_types: []}, {headers: {'idempotency-key': 'one'}});
    assert.deepEqual([once.status, twice.status, twice.json.code], [201, 409, 'idempotency_secret']);
    await remove(once.json);
    await remove(hook);
});

test('nothing is lost over a restart or a pause, and a delivery can be asked for again', async () => {
    reset();
    const hook = await add();
    const {json: paused} = await server.call('PATCH', `/api/v1/webhooks/${hook.id}`, {paused: true});
    assert.equal(paused.state, 'paused');
    await server.receive(channel, {id: 'paused'});
    await server.restart();
    await pause(500);
    assert.equal(receiver.got.length, 0);
    assert.equal((await server.call('POST', `/api/v1/webhooks/${hook.id}/ping`)).json.code, 'webhook_not_active');
    assert.equal((await server.call('PATCH', `/api/v1/webhooks/${hook.id}`, {paused: false}, {headers: {'if-match': '"v1"'}})).status, 412);
    await server.call('PATCH', `/api/v1/webhooks/${hook.id}`, {paused: false}, {headers: {'if-match': `"v${paused.version}"`}});
    await receiver.until((got) => got.length === 1);
    await settled(hook);
    const [entry] = await log(hook);
    assert.equal((await server.call('POST', `/api/v1/webhooks/${hook.id}/deliveries/${entry.id}/redeliver`)).status, 202);
    await receiver.until((got) => got.length === 2);
    assert.equal(receiver.got[1].id, receiver.got[0].id);
    await remove(hook);
});

test('a kill in the middle loses no delivery: each comes at least once, under one id', async () => {
    reset(() => ({status: 200, body: 'ok'}));
    const hook = await add();
    const wanted = Array.from({length: 60}, (_, at) => `kill-${at}`);
    for (const [at, id] of wanted.entries()) {
        await server.receive(channel, {id, contact: `k${at % 7}`});
        if (at % 20 === 10) {
            await server.stop('SIGKILL');
            await server.start();
        }
    }
    const told = () => new Map(receiver.got.map(({id, body}) => [id, body.data.message_id]));
    await receiver.until(() => new Set(told().values()).size === wanted.length, 15000);
    assert.equal(told().size, wanted.length, 'one id for each event');
    await remove(hook);
});

test('a receiver that is gone (410) is told no more, and the audit says so', async () => {
    reset(() => ({status: 410}));
    const hook = await add();
    await server.receive(channel, {id: 'gone-1'});
    await receiver.until((got) => got.length === 1);
    await settled(hook);
    const {json} = await server.call('GET', `/api/v1/webhooks/${hook.id}`);
    assert.equal(json.state, 'disabled');
    assert.match(json.state_reason, /410/);
    assert.match(server.log, /event=webhook_disabled/);
    await server.receive(channel, {id: 'gone-2'});
    await pause(500);
    assert.equal(receiver.got.length, 1);
    await remove(hook);
});

test('S03: a redirect is not followed', async () => {
    reset((one) => one.path === '/hook' ? {status: 302, headers: {location: `${receiver.url}/elsewhere`}} : {});
    const hook = await add();
    await server.receive(channel, {id: 'redirect'});
    const [entry] = await settled(hook);
    assert.deepEqual([entry.state, entry.status], ['pending', 302]);
    assert.ok(receiver.got.every(({path}) => path === '/hook'));
    await remove(hook);
});

test('S04: an answer without end is cut, and one that never comes is given up after ten seconds', async () => {
    reset();
    const flood = createServer((socket) => {
        socket.on('error', () => {});
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`), 1);
        socket.on('close', () => clearInterval(timer));
    });
    await new Promise((resolve) => flood.listen(0, '127.0.0.1', resolve));
    receiver.answer = () => ({hold: true});
    const before = await server.residentMiB();
    const endless = await add({url: `http://127.0.0.1:${flood.address().port}/`});
    const silent = await add();
    const begun = performance.now();
    await server.receive(channel, {id: 'endless'});
    assert.match((await settled(endless))[0].reason, /larger than the limit/);
    const [entry] = await settled(silent);
    assert.equal(entry.status, null);
    assert.ok(entry.milliseconds > 9000 && entry.milliseconds < 12000, `${entry.milliseconds} ms`);
    assert.ok(performance.now() - begun < 14000);
    assert.ok(await server.residentMiB() - before < 30);
    flood.close();
    await remove(endless);
    await remove(silent);
});

test('S01, S02, S05: addresses that are not public are refused, however they are written or named, and get no byte', async () => {
    reset();
    const strict = await startDialogd();
    const hooks = [];
    try {
        const shop = await strict.addHookChannel();
        for (const host of ['127.0.0.1', '[::1]', '0.0.0.0', '10.0.0.1', '169.254.169.254', '[::ffff:127.0.0.1]', '2130706433', '0177.0.0.1', '0x7f.1', 'localhost']) {
            const {status, json} = await strict.call('POST', '/api/v1/webhooks', {name: host, url: `https://${host}:${receiver.port}/`, event_types: ['message_received']});
            assert.equal(status, 201, host);
            hooks.push(json);
        }
        for (const url of ['http://example.org/', 'ftp://example.org/', 'https://user:word@example.org/', 'https:///x', 'file:///etc/passwd', 'nonsense', `https://example.org/${'x'.repeat(2000)}`]) {
            const {status, json} = await strict.call('POST', '/api/v1/webhooks', {name: url.slice(0, 50), url, event_types: []});
            assert.deepEqual([status, json.code], [400, 'url_invalid'], url);
        }
        await strict.receive(shop, {id: 'private'});
        for (const hook of hooks) {
            let items = [];
            for (let round = 0; round < 100 && !items[0]?.attempted_at; round++, await pause(100))
                items = (await strict.call('GET', `/api/v1/webhooks/${hook.id}/deliveries`)).json.items;
            assert.match(items[0].reason, /is not a public one/, hook.name);
            assert.equal(items[0].status, null);
        }
        assert.equal(receiver.got.length, 0);
    } finally {
        await strict.remove();
    }
});

test('S07: a certificate that is expired, of another name or of nobody we trust, and an old TLS, are refused', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-tls-'));
    const file = (name) => path.join(directory, name);
    const openssl = (...words) => run('openssl', words, {cwd: directory});
    const make = (name, subject, days) => openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`,
        '-out', `${name}.pem`, '-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`, '-days', days);
    await make('good', 'localhost', '3');
    await make('other', 'elsewhere.example', '3');
    await make('unknown', 'localhost', '3');
    await writeFile(file('ca.cnf'), '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=p\nx509_extensions=v\n'
        + '[p]\ncommonName=supplied\n[v]\nsubjectAltName=DNS:localhost\nbasicConstraints=CA:TRUE\n');
    await writeFile(file('index'), '');
    await writeFile(file('serial'), '01\n');
    await openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'expired.key', '-out', 'expired.csr', '-subj', '/CN=localhost');
    await openssl('ca', '-batch', '-selfsign', '-config', 'ca.cnf', '-keyfile', 'expired.key', '-in', 'expired.csr', '-out', 'expired.pem', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z');
    await writeFile(file('ca.pem'), Buffer.concat(await Promise.all(['good', 'other', 'expired'].map((name) => readFile(file(`${name}.pem`))))));
    let served = 0;
    const listeners = [];
    const listen = async (name, options = {}) => {
        const one = https.createServer({key: await readFile(file(`${name}.key`)), cert: await readFile(file(`${name}.pem`)), ...options},
            (request, response) => { served++; request.resume(); response.end('ok'); });
        one.on('tlsClientError', () => {});
        await new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));
        listeners.push(one);
        return `https://localhost:${one.address().port}/`;
    };
    const strict = await startDialogd({network: {allow_private_addresses: 'yes', ca_file: file('ca.pem')}});
    try {
        const ping = async (url) => {
            const {json: hook} = await strict.call('POST', '/api/v1/webhooks', {name: url, url, event_types: []});
            await strict.call('POST', `/api/v1/webhooks/${hook.id}/ping`);
            for (let round = 0; round < 100; round++, await pause(50)) {
                const {json: {items: [entry]}} = await strict.call('GET', `/api/v1/webhooks/${hook.id}/deliveries`);
                if (entry.attempted_at) return entry;
            }
            return assert.fail('not attempted');
        };
        assert.equal((await ping(await listen('good'))).state, 'delivered');
        assert.equal(served, 1);
        for (const url of [await listen('other'), await listen('unknown'), await listen('expired'),
            await listen('good', {maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0'})]) {
            const entry = await ping(url);
            assert.deepEqual([entry.state, entry.status], ['pending', null], url);
            assert.match(entry.reason, /certificate|SSL|TLS/i);
        }
        assert.equal(served, 1);
    } finally {
        listeners.forEach((one) => one.close());
        await strict.remove();
        await rm(directory, {recursive: true});
    }
});

test('what is asked wrongly is refused by name', async () => {
    const good = {name: 'wrong', url: receiver.url, event_types: []};
    for (const [change, code] of [[{event_types: ['nonsense']}, 'field_invalid'], [{include: ['password']}, 'field_invalid'], [{channel_ids: ['1']}, 'field_invalid'],
        [{team_ids: ['x']}, 'field_invalid'], [{secret: 'whsec_mine'}, 'body_invalid'], [{state: 'active'}, 'body_invalid'], [{name: ''}, 'field_invalid']]) {
        const {status, json} = await server.call('POST', '/api/v1/webhooks', {...good, ...change});
        assert.equal(status, 400, JSON.stringify(change));
        assert.equal(json.code, code, JSON.stringify(change));
    }
    assert.equal((await server.call('GET', '/api/v1/webhooks/1')).status, 404);
    assert.equal((await server.call('GET', '/api/v1/webhooks/1/deliveries')).status, 404);
    assert.equal((await server.call('POST', '/api/v1/webhooks/1/ping')).status, 404);
});

test('dialogctl adds, shows, pauses, pings and removes web hooks', async () => {
    reset();
    const made = await server.control('webhook', 'add', 'by hand', receiver.url, '--event', '*');
    assert.match(made.secret, /^whsec_/);
    await server.control('webhook', 'ping', made.id);
    await receiver.until((got) => got.some(({body}) => body.type === 'ping'));
    const {items} = await server.control('webhook', 'deliveries', made.id);
    assert.ok(items.some(({type}) => type === 'ping'));
    assert.equal((await server.control('webhook', 'change', made.id, '--pause')).state, 'paused');
    assert.match((await server.control('webhook', 'rotate', made.id)).secret, /^whsec_/);
    await server.control('webhook', 'remove', made.id);
    assert.ok(!(await server.control('webhook', 'list')).items.some(({id}) => id === made.id));
});
