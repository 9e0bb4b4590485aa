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
before(async () => { server = absent ? null : await startDialogd(); });
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

function exchange(bytes) {
    return new Promise((resolve) => {
        const socket = net.connect(server.port, '127.0.0.1');
        let text = '';
        const end = () => { clearTimeout(timer); socket.destroy(); resolve(text); };
        const timer = setTimeout(end, 150);
        socket.setEncoding('latin1');
        socket.on('data', (part) => { text += part; });
        socket.on('error', () => {});
        socket.on('close', end);
        socket.end(Buffer.from(bytes, 'latin1'));
    });
}

test('no HTTP request is taken for two, and none that must be refused is served', {skip: absent}, async () => {
    const wrong = [];
    for (const {title, request, verdict, messages} of rows('llhttp')) {
        // a bare line feed ends a line for libmicrohttpd, as RFC 9112 2.2 allows: two requests here
        if (title === 'Missing CR between headers') continue;
        const text = await exchange(request);
        const answers = (text.match(/HTTP\/1\.[01] \d+/g) ?? []).map((line) => Number(line.slice(-3)));
        // libmicrohttpd writes the head of its own refusals twice and closes: one answer
        const served = answers.filter((status) => status !== 400 && status !== 413 && status !== 100);
        if (served.length > Math.max(messages, 1)) wrong.push(`${title}: ${answers}`);
        if (verdict === '400' && served.some((status) => status < 300)) wrong.push(`${title}: ${answers}`);
    }
    assert.deepEqual(wrong, []);
    assert.equal((await server.call('GET', '/healthz')).status, 200);
});
