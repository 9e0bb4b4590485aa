// Hostile and clumsy HTTP against the real server, by raw sockets (reliability.md W07, W08, W12,
// W14-W16, F23, F24, K04, K05, K08, T08, I03, I08).
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {isSanitized, startDialogd} from './dialogd.mjs';

const MiB = 1024 * 1024;
let server;
before(async () => {
    server = await startDialogd({http: {header_seconds: 2, body_seconds: 3, connections: 400, connections_per_address: 300}});
});
after(() => server.remove());

// Sends bytes; gives all that comes back until the server closes, or ms have passed.
function raw(bytes, {ms = 5000, from = undefined} = {}) {
    return new Promise((resolve) => {
        const socket = net.connect({port: server.port, host: '127.0.0.1', localAddress: from});
        let text = '';
        const begun = performance.now();
        const end = (closed) => { clearTimeout(timer); socket.destroy(); resolve({text, closed, ms: performance.now() - begun}); };
        const timer = setTimeout(() => end(false), ms);
        socket.setEncoding('latin1');
        socket.on('data', (part) => { text += part; });
        socket.on('error', () => {});
        socket.on('close', () => end(true));
        socket.write(bytes);
    });
}

const status = (text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
const auth = () => `Host: x\r\nAuthorization: Bearer ${server.token}\r\n`;
const answers = (text) => text.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(9))) ?? [];

test('ambiguous framing is refused with 400 and the connection closed', async () => {
    const smuggled = 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n';
    const heads = {
        'CL and TE': 'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n',
        'TE and CL': 'Transfer-Encoding: chunked\r\nContent-Length: 6\r\n',
        'two CL': 'Content-Length: 2\r\nContent-Length: 40\r\n',
        'two equal CL': 'Content-Length: 2\r\nContent-Length: 2\r\n',
        'two TE': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
        'obscured TE': 'Transfer-Encoding: xchunked\r\n',
        'listed TE': 'Transfer-Encoding: gzip, chunked\r\n',
        'a blank before the colon': 'Content-Length : 40\r\n',
        'two hosts': 'Host: y\r\nContent-Length: 2\r\n',
    };
    for (const [name, head] of Object.entries(heads)) {
        const {text, closed} = await raw(`POST /api/v1/teams HTTP/1.1\r\n${auth()}Content-Type: application/json\r\n${head}\r\n0\r\n\r\n${smuggled}`);
        assert.deepEqual(answers(text), [400], name);
        assert.ok(closed, name);
    }
});

test('folded headers, bare line feeds and odd lines do not desynchronise', async () => {
    const heads = [
        `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n folded\r\n\r\n`,
        `GET /healthz HTTP/1.1\nHost: x\n\n`,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello`,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello`,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n`,
        `GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n`,
        `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`,
        `GET /${'a'.repeat(100000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        `GET /healthz HTTP/1.1\r\nHost: x\r\n${'X-Many: 1\r\n'.repeat(3000)}\r\n`,
    ];
    for (const head of heads) {
        const {text, closed} = await raw(head, {ms: 3500});
        // libmicrohttpd 0.9.75 writes the head of its own 400 and 413 twice, then closes
        assert.ok(answers(text).length <= 1 || (closed && answers(text).every((code) => code === 400 || code === 413)), head.slice(0, 60));
        assert.equal((await server.call('GET', '/healthz')).status, 200);
    }
});

test('a body that says it is too large is refused before it is read', async () => {
    const before = await server.residentMiB();
    const {text, closed} = await raw(`POST /api/v1/teams HTTP/1.1\r\n${auth()}Content-Type: application/json\r\nContent-Length: ${2 ** 31}\r\n\r\n`);
    assert.equal(status(text), 413);
    assert.ok(closed);
    assert.ok(isSanitized || await server.residentMiB() - before < 4);
});

test('a body of chunks without end is refused while it is read, in constant memory', async () => {
    const before = await server.residentMiB();
    const socket = net.connect(server.port, '127.0.0.1');
    let text = '';
    socket.on('data', (part) => { text += part; });
    const closed = new Promise((resolve) => { socket.on('error', () => {}); socket.on('close', resolve); });
    socket.write(`POST /api/v1/teams HTTP/1.1\r\n${auth()}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let sent = 0;
    for (; sent < 500 && !socket.destroyed; sent++)
        if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    await closed;
    assert.ok(sent < 500, `${sent} chunks of 64 KiB were taken`);
    assert.ok(isSanitized || await server.residentMiB() - before < 6);
    if (text) assert.equal(status(text), 413);
});

test('a little too much is read to its end and answered 413', async () => {
    const answer = await server.call('POST', '/api/v1/teams', JSON.stringify({name: 'x'.repeat(MiB)}), {headers: {'transfer-encoding': 'chunked'}})
        .catch(() => server.call('POST', '/api/v1/teams', JSON.stringify({name: 'x'.repeat(MiB)})));
    assert.equal(answer.status, 413);
});

test('encoded bodies are never inflated', async () => {
    const answer = await server.call('POST', '/api/v1/teams', Buffer.alloc(100), {headers: {'content-encoding': 'gzip', 'content-type': 'application/json'}});
    assert.equal(answer.status, 415);
    const form = await server.call('POST', '/api/v1/teams', 'name=x', {headers: {'content-type': 'text/plain'}});
    assert.equal(form.status, 415);
});

test('other expectations than 100-continue are refused', async () => {
    const {text} = await raw(`POST /api/v1/teams HTTP/1.1\r\n${auth()}Expect: 200-ok\r\nContent-Length: 2\r\n\r\n`);
    assert.equal(status(text), 417);
    const waiting = await raw(`POST /api/v1/teams HTTP/1.1\r\n${auth()}Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`);
    assert.deepEqual(answers(waiting.text), [100, 400]);
});

test('methods that a path does not take are 405 with Allow', async () => {
    for (const method of ['TRACE', 'OPTIONS', 'DELETE', 'PROPFIND']) {
        const {text} = await raw(`${method} /api/v1/conversations HTTP/1.1\r\n${auth()}Connection: close\r\n\r\n`);
        assert.equal(status(text), 405, method);
        assert.match(text, /\r\nAllow: GET, HEAD/);
    }
    const head = await raw(`HEAD /api/v1/me HTTP/1.1\r\n${auth()}Connection: close\r\n\r\n`);
    assert.equal(status(head.text), 200);
    assert.ok(head.text.endsWith('\r\n\r\n'));
});

test('parameters that come twice or are unknown, and numbers out of range, are 400', async () => {
    for (const target of ['/api/v1/conversations?view=all&view=open', '/api/v1/conversations?page=1',
        '/api/v1/conversations?limit=-1', '/api/v1/conversations?limit=2147483648', '/api/v1/conversations?channel=99999999999999999999',
        '/api/v1/conversations?cursor=1.x', '/api/v1/conversations?view=%ff', '/api/v1/conversations?view=a%00b', '/api/v1/search?q=before:nonsense'])
        assert.equal((await server.call('GET', target)).status, 400, target);
});

test('paths that climb or hide are 404, and tell nothing', async () => {
    for (const target of ['/../etc/passwd', '/api/v1/attachments/..%2f..%2fkey', '/api/v1/attachments/%252e', '/.git/config', '/debug', '/api/v1/messages/0',
        '/api/v1/messages/9223372036854775808', '/api/v1/conversations/', '//healthz']) {
        const {text} = await raw(`GET ${target} HTTP/1.1\r\n${auth()}Connection: close\r\n\r\n`);
        assert.equal(status(text), 404, target);
        assert.doesNotMatch(text, /sqlite|\.c:|\/tmp|0x/i);
    }
});

test('every answer bears the security headers', async () => {
    for (const [method, target, token] of [['GET', '/'], ['GET', '/healthz'], ['GET', '/api/v1/me'], ['GET', '/nothing'], ['POST', '/healthz'], ['GET', '/api/v1/me', null], ['GET', '/metrics']]) {
        const {headers, status} = await server.call(method, target, undefined, token === null ? {token} : {});
        assert.equal(headers.get('x-content-type-options'), 'nosniff', target);
        assert.match(headers.get('content-security-policy'), /default-src 'none'/, target);
        assert.match(headers.get('strict-transport-security'), /max-age/, target);
        assert.equal(headers.get('referrer-policy'), 'no-referrer', target);
        assert.match(headers.get('cache-control'), /no-store/, target);
        assert.equal(headers.get('access-control-allow-origin'), null, target);
        if (/^text/.test(headers.get('content-type'))) assert.match(headers.get('content-type'), /charset=utf-8/, `${target} ${status}`);
    }
});

test('a forged X-Forwarded-For opens nothing', async () => {
    assert.equal((await server.call('GET', '/metrics', undefined, {token: null})).status, 200);
    assert.equal((await server.call('GET', '/metrics', undefined, {token: null, headers: {'x-forwarded-for': '127.0.0.1'}})).status, 404);
});

test('pipelined requests are answered in order', async () => {
    const one = `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`;
    const two = `GET /api/v1/conversations HTTP/1.1\r\n${auth()}\r\n`;
    const {text} = await raw(one + two + one + `GET /nothing HTTP/1.1\r\n${auth()}Connection: close\r\n\r\n`);
    assert.deepEqual(answers(text), [200, 200, 200, 404]);
});

// Connections that send a byte now and then, from another address than honest ones.
function drip(count, first, piece, everyMs) {
    return Array.from({length: count}, () => {
        const socket = net.connect({port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2'});
        const state = {begun: performance.now(), closedMs: null};
        socket.on('error', () => {});
        socket.on('close', () => { state.closedMs = performance.now() - state.begun; clearInterval(state.timer); });
        socket.write(first);
        state.timer = setInterval(() => socket.write(piece), everyMs);
        state.socket = socket;
        return state;
    });
}

async function honest(ms) {
    const took = [];
    for (const begun = performance.now(); performance.now() - begun < ms;) {
        const at = performance.now();
        const answer = await server.call('GET', '/api/v1/me');
        assert.equal(answer.status, 200);
        took.push(performance.now() - at);
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    took.sort((a, b) => a - b);
    return took[Math.floor(took.length * 0.99)];
}

test('drips of headers are cut at the deadline, and honest requests stay quick meanwhile', async () => {
    const drips = drip(250, 'GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X', 200);
    const p99 = await honest(3500);
    assert.ok(drips.every(({closedMs}) => closedMs !== null && closedMs < 3400), 'all are cut');
    assert.ok(p99 < 100, `p99 ${p99} ms`);
});

test('drips of bodies are cut at the deadline', async () => {
    const drips = drip(50, `POST /api/v1/teams HTTP/1.1\r\n${auth()}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`, ' ', 200);
    const p99 = await honest(4500);
    assert.ok(drips.every(({closedMs}) => closedMs !== null && closedMs < 4400), 'all are cut');
    assert.ok(p99 < 100, `p99 ${p99} ms`);
});

test('one address cannot take every connection', async () => {
    const drips = drip(400, 'GET /', 'x', 500);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await server.call('GET', '/healthz')).status, 200);
    assert.ok(drips.filter(({closedMs}) => closedMs !== null).length >= 90, 'the rest was refused');
    drips.forEach(({socket}) => socket.destroy());
});
