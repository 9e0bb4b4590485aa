// JSON and HTTP that others collected: what must be refused is refused, nothing crashes and no
// request is taken for another (rows of ../shared/data/expect, absent in a tarball).
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

const shared = path.join(process.env.SHARED_DATA ?? '../shared', 'data');
const rows = (name) => readFileSync(path.join(shared, 'expect', `${name}.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const absent = existsSync(path.join(shared, 'expect')) ? false : 'the shared test data is not here';

// Valid JSON that we refuse on purpose: it means different things to different readers.
const stricter = ['y_object_duplicated_key', 'y_object_duplicated_key_and_value', 'y_string_null_escape', 'y_object_escaped_null_in_key',
    'y_string_escaped_noncharacter', 'y_string_nonCharacterInUTF-8_U+FFFF'];

let server;
before(async () => { server = absent ? null : await startDialogd({http: {header_seconds: 1, body_seconds: 1}}); });
after(() => server?.remove());

test('JSON that must be refused is refused, and what is good is read', {skip: absent}, async () => {
    const wrong = [];
    for (const {file, expect} of rows('jsontestsuite')) {
        const bytes = readFileSync(path.join(shared, 'corpora', file));
        const body = Buffer.concat([Buffer.from('{"name":'), bytes, Buffer.from('}')]);
        const answer = await server.call('POST', '/api/v1/teams', body, {headers: {'content-type': 'application/json'}});
        assert.ok([201, 400, 409].includes(answer.status), `${file}: ${answer.status}`);
        const isRefused = answer.json.code === 'json_invalid';
        if (expect === 'reject' && !isRefused) wrong.push(file);
        if (expect === 'accept' && isRefused && !stricter.some((name) => file.endsWith(`${name}.json`))) wrong.push(file);
    }
    assert.deepEqual(wrong, []);
});

// Sends bytes; gives what came back, and whether the server closed within ms.
function exchange(bytes, ms) {
    return new Promise((resolve) => {
        const socket = net.connect(server.port, '127.0.0.1');
        let text = '';
        const end = (isClosed) => { clearTimeout(timer); socket.destroy(); resolve({text, isClosed}); };
        const timer = setTimeout(end, ms, false);
        socket.setEncoding('latin1');
        socket.on('data', (part) => { text += part; });
        socket.on('error', () => {});
        socket.on('close', () => end(true));
        socket.write(bytes);
    });
}
const statuses = (text) => (text.match(/HTTP\/1\.[01] \d+/g) ?? []).map((line) => Number(line.slice(-3))).filter((status) => status !== 100);

test('JSON as the whole body of a raw request is judged rightly on every kind of endpoint', {skip: absent}, async () => {
    const wrong = [];
    const targets = ['POST /api/v1/teams', 'PATCH /api/v1/conversations/1', 'POST /api/v1/webhooks', 'POST /api/v1/channels/1/check'];
    const list = rows('jsontestsuite');
    for (const [at, {file, expect}] of list.entries()) {
        const body = readFileSync(path.join(shared, 'corpora', file));
        const head = `${targets[at % targets.length]} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
        const {text, isClosed} = await exchange(Buffer.concat([Buffer.from(head), body]), 5000);
        const [status, ...others] = statuses(text);
        // none of them is a body that an endpoint wants: 4xx always, and never for the wrong reason
        if (!isClosed || others.length > 0 || !(status >= 400 && status < 500)) wrong.push(`${file}: ${status}`);
        const isRefused = text.includes('"json_invalid"');
        if (expect === 'reject' && targets[at % targets.length].endsWith('teams') && body.length > 0 && !isRefused) wrong.push(`${file}: ${text.split('\r\n').at(-1)}`);
    }
    assert.deepEqual(wrong, []);
    assert.equal(list.length, 318);
    assert.equal((await server.call('GET', '/healthz')).status, 200);
});

test('every HTTP request of the corpus gets its verdict or a closed connection, none is taken for two', {skip: absent}, async () => {
    const wrong = [];
    const list = rows('llhttp');
    await Promise.all(list.map(async ({title, request, verdict, messages}) => {
        // a bare line feed ends a line for libmicrohttpd, as RFC 9112 2.2 allows: two requests here
        if (title === 'Missing CR between headers') return;
        const {text, isClosed} = await exchange(Buffer.from(request, 'latin1'), 4000);
        const answers = statuses(text);
        // libmicrohttpd writes the head of its own refusals twice and closes: one answer
        const served = answers.filter((status) => status !== 400 && status !== 413);
        if (served.length > Math.max(messages, 1)) wrong.push(`${title}: ${answers}`);
        if (answers.length === 0 && !isClosed) wrong.push(`${title}: neither answered nor closed`);
        if (verdict === 'accept' && messages > 0 && answers.length === 0) wrong.push(`${title}: no answer`);
        if (verdict === '400' && answers.some((status) => status < 400)) wrong.push(`${title}: ${answers}`);
        if (answers.some((status) => status >= 500)) wrong.push(`${title}: ${answers}`);
    }));
    assert.deepEqual(wrong, []);
    assert.equal(list.length, 49);
    assert.equal((await server.call('GET', '/healthz')).status, 200);
});
