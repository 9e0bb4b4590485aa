// How long what is kept: rules, their dry run, what is held, and the audit row of a run.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

let server, mail;
before(async () => {
    server = await startDialogd();
    mail = await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org', '--set', 'incoming=none', '--no-check');
});
after(() => server.remove());

const old = (name, year = 2019) => [`From ${name}@old.example Tue Jan  1 10:00:00 ${year}`, `From: ${name} <${name}@old.example>`,
    'To: support@example.org', `Subject: about ${name}`, `Message-ID: <${name}@old.example>`, `Date: Tue, 1 Jan ${year} 10:00:00 +0000`,
    `Received: from x by y; Tue, 1 Jan ${year} 10:00:00 +0000`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
    '--b', 'Content-Type: text/plain', '', `text of ${name}`, '--b', `Content-Type: application/octet-stream; name=${name}.bin`, '', 'bytes', '--b--', '', ''].join('\n');
const rule = async (body) => {
    const answer = await server.call('POST', '/api/v1/retention-rules', body);
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
};
const forecast = async ({id}) => (await server.call('GET', `/api/v1/retention-rules/${id}/dry-run`)).json;
async function ran({id}) {
    for (let tries = 0; tries < 100; tries++) {
        const {json} = await server.call('GET', `/api/v1/retention-rules/${id}`);
        if (json.last_run_at && !json.is_running) return json;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('the rule did not run');
}
const message = async (word) => {
    const {items} = (await server.call('GET', '/api/v1/conversations?view=all&limit=200')).json;
    const one = items.find(({customer}) => customer?.address?.startsWith(word));
    const {json} = await server.call('GET', `/api/v1/conversations/${one.id}/messages`);
    return {conversation: one, ...json.items[0]};
};

test('old texts of resolved conversations go; what is held, waits or is young stays', async () => {
    const names = ['gone', 'held', 'waiting'];
    const file = path.join(server.directory, 'old.mbox');
    await writeFile(file, names.map((name) => old(name)).join('\n'));
    await server.control('import', mail.id, file);
    const kept = await message('held');
    await server.call('POST', `/api/v1/customers/${kept.conversation.customer.id}/hold`, {is_held: true});
    const waiting = await message('waiting');
    await server.call('PATCH', `/api/v1/conversations/${waiting.conversation.id}`, {status: 'open'});
    const files = await rule({name: 'Files', what: 'attachments', days: 365});
    const texts = await rule({name: 'Texts', what: 'texts', days: 365, channel_kind: 'email'});
    assert.deepEqual(await forecast(files), {conversations: 1, rows: 1});
    assert.deepEqual(await forecast(texts), {conversations: 1, rows: 1});
    assert.deepEqual(await forecast(await rule({name: 'Young', what: 'texts', days: 36000})), {conversations: 0, rows: 0});
    assert.equal((await message('gone')).text.trim(), 'text of gone', 'a dry run takes nothing');
    await server.call('PATCH', `/api/v1/retention-rules/${files.id}`, {is_active: true});
    assert.equal((await ran(files)).run_count, 1);
    const bare = await message('gone');
    assert.deepEqual([bare.attachments.length, bare.text.trim()], [0, 'text of gone']);
    await server.call('PATCH', `/api/v1/retention-rules/${texts.id}`, {is_active: true});
    assert.equal((await ran(texts)).run_count, 1);
    const all = (await server.call('GET', '/api/v1/conversations?view=all&limit=200')).json.items;
    assert.equal(all.length, 3, 'rows stay');
    assert.deepEqual((await server.call('GET', '/api/v1/search?q=gone')).json.items, []);
    for (const name of ['held', 'waiting']) assert.equal((await message(name)).text.trim(), `text of ${name}`);
    assert.deepEqual(await forecast(texts), {conversations: 0, rows: 0});
});

test('what is held cannot be erased until it is released', async () => {
    const {conversation: {customer: {id}}} = await message('held');
    assert.equal((await server.call('POST', `/api/v1/customers/${id}/erase`)).json.code, 'customer_held');
    await server.control('customer', 'release', id);
    assert.equal((await server.call('POST', `/api/v1/customers/${id}/erase`)).status, 202);
});

test('deliveries that could not be read stay while they are young', async () => {
    const strange = await server.call('POST', '/api/v1/channels', {kind: 'generic', name: 'strange', settings: {verification: 'address'}});
    await fetch(server.url + strange.json.hook_path, {method: 'POST', body: '{"type": "message.created", "secretword": 1}',
        headers: {'content-type': 'application/json'}});
    const unread = await rule({name: 'Unread', what: 'unread_mails', days: 1});
    assert.deepEqual(await forecast(unread), {conversations: 0, rows: 0}, 'it is young');
    await server.call('PATCH', `/api/v1/retention-rules/${unread.id}`, {is_active: true});
    assert.equal((await ran(unread)).run_count, 0);
});

test('K06: rules and runs leave audit rows; rules are checked and versioned', async () => {
    for (const wrong of [{name: 'x', what: 'everything', days: 3}, {name: 'x', what: 'texts', days: 0}, {name: 'x', what: 'texts', days: -1},
        {name: 'x', what: 'texts', days: 3, channel_kind: 'pigeon'}, {name: '', what: 'texts', days: 3}])
        assert.equal((await server.call('POST', '/api/v1/retention-rules', wrong)).status, 400, JSON.stringify(wrong));
    const made = await server.control('retention', 'add', 'Log', 'audit', '400');
    const path = `/api/v1/retention-rules/${made.id}`;
    assert.equal((await server.call('PATCH', path, {days: 500}, {headers: {'if-match': '"v7"'}})).status, 412);
    assert.equal((await server.control('retention', 'dry-run', made.id)).rows, 0);
    await server.control('retention', 'start', made.id);
    await ran(made);
    await server.control('retention', 'remove', made.id);
    const lines = (await server.call('GET', '/api/v1/export')).text.split('\n').filter((line) => line.startsWith('{'));
    const actions = new Set(lines.map((line) => JSON.parse(line)).filter(({record}) => record === 'audit').map(({action}) => action));
    for (const action of ['retention_added', 'retention_changed', 'retention_removed', 'retention_run', 'held', 'released', 'customer_erased'])
        assert.ok(actions.has(action), action);
});
