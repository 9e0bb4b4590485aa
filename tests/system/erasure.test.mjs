// Personal data: all of it handed out, and all of it forgotten, on the real server and its files.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {startDialogd} from './dialogd.mjs';

const run = promisify(execFile);
let server, mail;
before(async () => {
    server = await startDialogd();
    mail = await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org', '--set', 'incoming=none', '--no-check');
});
after(() => server.remove());

// Words that stand nowhere else. What is stored is compressed or in pages: so they are random letters.
const secrets = {name: 'Xylqvanderzomp', address: 'wkzjrvuptq', text: 'gorplexinatrum', subject: 'bluvernoctive',
    file: 'frimblewarkus', note: 'squandorphix', domain: 'zwiktor'};
const attached = randomBytes(400 * 1024); // a file of its own in blobs/

function mailOf(id, {from = `${secrets.name} <${secrets.address}@${secrets.domain}.example>`, text = secrets.text, extra = ''} = {}) {
    return [`From: ${from}`, 'To: support@example.org', `Subject: ${secrets.subject} ${id}`, `Message-ID: <${id}@${secrets.domain}.example>`,
        'Date: Tue, 24 Nov 2026 10:00:00 +0200', extra + 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
        '--b', 'Content-Type: text/html; charset=utf-8', '', `<p>${text} and <b>more</b></p>`, '--b',
        `Content-Type: application/octet-stream; name=${secrets.file}.bin`, 'Content-Transfer-Encoding: base64', '',
        attached.toString('base64').replace(/.{76}/g, '$&\r\n'), '--b--', ''].join('\r\n');
}
async function deliver(raw) {
    const answer = await server.call('POST', '/api/v1/mails?recipient=support@example.org', raw, {headers: {'content-type': 'message/rfc822'}});
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
}
async function files(directory) {
    const found = [];
    for (const entry of await readdir(directory, {withFileTypes: true, recursive: true}))
        if (entry.isFile()) found.push(path.join(entry.parentPath ?? entry.path, entry.name));
    return found;
}
// Which of the words stand in which file of the data directory.
async function standing(words) {
    const found = [];
    for (const file of await files(server.data)) {
        const bytes = await readFile(file).catch(() => Buffer.alloc(0));
        const text = bytes.toString('latin1').toLowerCase();
        for (const word of words) if (text.includes(word.toLowerCase())) found.push(`${path.basename(file)}: ${word}`);
    }
    return found;
}
async function finished(erasure) {
    for (let tries = 0; tries < 150; tries++) {
        const {json} = await server.call('GET', `/api/v1/erasures/${erasure.id}`);
        if (json.state === 'done') return json;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`not done: ${server.log.split('\n').filter((line) => /erasure/.test(line)).slice(-3)}`);
}
const figures = async () => {
    const waits = (await server.call('GET', '/api/v1/waits?format=csv')).text;
    const report = (await server.call('GET', '/api/v1/reports/response-times.csv?by=agent&from=2026-01-01&to=2099-01-01')).text;
    return waits + report;
};

let customer, conversation, first;
test('all that is held on a person is handed out as a tar archive', async () => {
    first = await deliver(mailOf('one'));
    conversation = first.conversation_id;
    await deliver(mailOf('two', {extra: `In-Reply-To: <one@${secrets.domain}.example>\r\n`}));
    const shown = (await server.call('GET', `/api/v1/conversations/${conversation}`)).json;
    customer = shown.customer.id;
    await server.call('POST', `/api/v1/customers/${customer}/notes`, {text: secrets.note});
    await server.call('POST', `/api/v1/customers/${customer}/consents`, {purpose: 'marketing', state: 'given', source: secrets.note});
    await server.call('POST', `/api/v1/conversations/${conversation}/notes`, {text: `internal ${secrets.note}`}, {headers: {'idempotency-key': 'k1'}});
    await server.call('POST', '/api/v1/calls', {conversation_id: conversation, direction: 'out', outcome: 'answered', text: secrets.text});
    const directory = await mkdtemp(path.join(tmpdir(), 'personal-'));
    const file = path.join(directory, 'all.tar');
    await server.control('customer', 'export', customer, file);
    await run('tar', ['-xf', file, '-C', directory]);
    const held = JSON.parse(await readFile(path.join(directory, 'customer.json'), 'utf8'));
    assert.equal(held.identities[0].address, `${secrets.address}@${secrets.domain}.example`);
    assert.equal(held.notes[0].text, secrets.note);
    assert.equal(held.consents.length, 1);
    const talk = JSON.parse(await readFile(path.join(directory, 'conversations', `${conversation}.json`), 'utf8'));
    assert.equal(talk.messages.length, 4);
    const names = await files(directory);
    const bytes = names.find((name) => name.includes('/attachments/'));
    assert.ok(attached.equals(await readFile(bytes)));
    assert.equal(names.filter((name) => name.includes('/mails/')).length, 2);
    assert.ok((await readFile(names.find((name) => name.includes('/mails/')), 'utf8')).includes(secrets.text));
    await rm(directory, {recursive: true});
});

test('K06: who may not erase may not export either, and both leave a row without contents', async () => {
    const agent = await server.call('POST', '/api/v1/agents', {email: 'bo@example.org', name: 'Bo'});
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {name: 'bo', agent_id: agent.json.id});
    for (const [method, what] of [['GET', `customers/${customer}/personal-data`], ['POST', `customers/${customer}/erase`], ['POST', `messages/${first.message_id}/erase`]])
        assert.equal((await server.call(method, `/api/v1/${what}`, undefined, {token})).status, 403, what);
});

test('erasing leaves no word of the person on the disk, and every figure as it was', async () => {
    assert.ok((await standing(Object.values(secrets))).length > 0, 'the words can be found at all');
    const before = await figures();
    const begun = await server.call('POST', `/api/v1/customers/${customer}/erase`);
    assert.equal(begun.status, 202, begun.text);
    const done = await finished(begun.json);
    assert.equal(done.message_count, 4);
    assert.deepEqual(await standing(Object.values(secrets)), []);
    assert.equal((await files(path.join(server.data, 'blobs')).catch(() => [])).length, 0, 'files of bytes are gone');
    assert.equal(await figures(), before);
    assert.equal((await server.call('POST', '/api/v1/reports/rebuild', {})).status, 200);
    assert.equal(await figures(), before, 'also after a rebuild');
    assert.equal((await server.call('GET', `/api/v1/customers/${customer}`)).status, 404);
    assert.deepEqual((await server.call('GET', `/api/v1/search?q=${secrets.text}`)).json.items, []);
    assert.deepEqual((await server.call('GET', `/api/v1/customers?search=${secrets.name}`)).json.items, []);
    const {items} = (await server.call('GET', `/api/v1/conversations/${conversation}/messages`)).json;
    assert.ok(items.every(({text, subject, attachments}) => text === '' && subject === '' && attachments.length === 0));
    const report = (await server.call('GET', '/api/v1/verify')).json;
    assert.deepEqual(report.findings ?? report.problems ?? [], []);
    const again = await server.call('POST', `/api/v1/customers/${customer}/erase`);
    assert.equal(again.status, 404);
    assert.equal((await server.call('GET', `/api/v1/customers/${customer}/personal-data`)).status, 404);
});

test('the same mail again is not kept; a new one makes a new customer and conversation', async () => {
    const repeated = await deliver(mailOf('one'));
    assert.equal(repeated.state, 'duplicate');
    const next = await deliver(mailOf('three', {text: 'fresh', extra: `References: <one@${secrets.domain}.example>\r\n`}));
    assert.equal(next.state, 'stored');
    assert.notEqual(next.conversation_id, conversation);
    const shown = (await server.call('GET', `/api/v1/conversations/${next.conversation_id}`)).json;
    assert.notEqual(shown.customer.id, customer);
    assert.equal(shown.customer.name, secrets.name);
    assert.deepEqual((await standing([secrets.text])), []);
});

test('one message alone can be forgotten; bytes that others name stay', async () => {
    const one = await deliver(mailOf('four', {from: 'Other <other@example.net>', text: 'quorblethin'}));
    const two = await deliver(mailOf('five', {from: 'Other <other@example.net>', text: 'staying'}));
    const begun = await server.call('POST', `/api/v1/messages/${one.message_id}/erase`);
    assert.equal(begun.status, 202, begun.text);
    await finished(begun.json);
    assert.deepEqual(await standing(['quorblethin']), []);
    const {json} = await server.call('GET', `/api/v1/messages/${two.message_id}`);
    assert.match(json.text, /staying/);
    const [{id}] = json.attachments;
    const bytes = await fetch(`${server.url}/api/v1/attachments/${id}`, {headers: {authorization: `Bearer ${server.token}`}});
    assert.ok(attached.equals(Buffer.from(await bytes.arrayBuffer())));
});

test('an erasure that a crash interrupted is finished after the next start', async () => {
    const hook = await server.addHookChannel('crash');
    for (let n = 0; n < 300; n++) await server.receive(hook, {id: `e${n}`, contact: 'crash', text: `plimberquoz ${n}`});
    const [{customer: {id}}] = (await server.call('GET', '/api/v1/conversations?limit=1')).json.items;
    const begun = await server.call('POST', `/api/v1/customers/${id}/erase`);
    await server.stop('SIGKILL');
    await server.start();
    const done = await finished(begun.json);
    assert.equal(done.message_count, 300);
    assert.deepEqual(await standing(['plimberquoz']), []);
});

test('dialogctl erases without a running server too', async () => {
    const hook = await server.addHookChannel('offline');
    await server.receive(hook, {id: 'off', contact: 'off', text: 'vexonibular'});
    const [{customer: {id}}] = (await server.call('GET', '/api/v1/conversations?limit=1')).json.items;
    await server.stop();
    const done = await server.control('customer', 'erase', id);
    assert.equal(done.state, 'done');
    assert.deepEqual(await standing(['vexonibular']), []);
    await server.start();
    const lines = (await server.call('GET', '/api/v1/export')).text.split('\n').filter((line) => line.includes('"record":"audit"'));
    for (const action of ['customer_erased', 'personal_data_exported', 'message_erased'])
        assert.ok(lines.some((line) => line.includes(action)), action);
    for (const secret of Object.values(secrets)) assert.ok(!lines.join('').includes(secret), 'no contents');
});
