// Everything out as lines of JSON and in again elsewhere.
import assert from 'node:assert/strict';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Dialogd, startDialogd} from './dialogd.mjs';

let server;
let directory;
before(async () => {
    server = await startDialogd();
    directory = await mkdtemp(path.join(tmpdir(), 'dialogd-exchange-'));
    const channel = await server.addHookChannel();
    for (let at = 0; at < 40; at++)
        await server.receive(channel, {id: `m${at}`, contact: `c${at % 9}`, text: `Message ${at}: käännös 日本語 ${'x'.repeat(at * 400)}`});
    const {items} = await server.control('conversation', 'list', '--view', 'all');
    await server.control('note', items[0].id, 'An internal note');
    await server.control('conversation', 'change', items[1].id, '--status', 'resolved', '--tag', 'returned');
    await server.control('sla', 'add', 'Quick', '--target', 'first_response 4h elapsed');
    await server.control('view', 'add', 'Returned ones', 'tag:returned');
    await server.control('canned', 'add', 'Greeting', 'Hello!');
    await server.control('field', 'add', 'conversation', 'order_number', 'text');
    await server.control('company', 'add', 'Harju Oy');
    await server.control('role', 'add', 'auditor', 'audit_read');
});
after(async () => {
    await server.remove();
    await rm(directory, {recursive: true, force: true});
});

async function emptyServer(name) {
    const other = new Dialogd(path.join(directory, name));
    const config = (await readFile(server.config, 'utf8')).replaceAll(server.directory, other.directory);
    await mkdir(other.directory);
    await writeFile(other.config, config);
    return other;
}

test('export, import, export: the same bytes, sound, and the same reports', async () => {
    const file = path.join(directory, 'one.jsonl');
    const facts = await server.control('export', '--all', file);
    const text = await readFile(file, 'utf8');
    assert.equal(text.trimEnd().split('\n').length, facts.lines);
    const other = await emptyServer('other');
    const imported = await other.control('import', '--all', file);
    assert.equal(imported.lines, facts.lines);
    const again = path.join(directory, 'two.jsonl');
    await other.control('export', '--all', again);
    assert.equal(await readFile(again, 'utf8') === text, true);
    assert.equal((await other.control('verify')).is_sound, true);
    const words = ['report', 'response-times', '--from', '2020-01-01T00:00:00Z', '--to', '2040-01-01T00:00:00Z'];
    // Open waits grow while we look.
    const report = (json) => JSON.stringify(json).replace(/"at":"[^"]*"/, '').replaceAll(/"more_than_ms":\d+/g, '');
    assert.equal(report(await other.control(...words)), report(await server.control(...words)));
    // Views are counted where a server runs.
    const told = (json) => JSON.stringify(json, (name, value) => /^count/.test(name) ? undefined : value);
    for (const list of [['conversation', 'list', '--view', 'all'], ['customer', 'list'], ['view', 'list'], ['canned', 'list'], ['field', 'list'],
        ['company', 'list'], ['role', 'list'], ['agent', 'list'], ['team', 'list'], ['sla', 'list'], ['event', 'list']])
        assert.equal(told(await other.control(...list)), told(await server.control(...list)), list.join(' '));
    const found = await other.control('search', 'käännös');
    assert.ok(found.items.length > 0);
});

test('the stream of the API is the same as the file, and is audited', async () => {
    const file = path.join(directory, 'three.jsonl');
    const {status, text, headers} = await server.call('GET', '/api/v1/export');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^application\/jsonl/);
    await server.control('export', '--all', file);
    const other = (await readFile(file, 'utf8')).split('\n');
    const lines = text.split('\n').filter((line) => !line.includes('"record":"end"'));
    assert.deepEqual(lines.filter((line) => !other.includes(line)), []);
    const audits = other.filter((line) => line.includes('data_exported'));
    assert.ok(audits.some((line) => line.includes(`"actor_id":"${server.agent.id}"`)));
});

test('no secret is in it', async () => {
    const {text} = await server.call('GET', '/api/v1/export');
    const rows = text.slice(text.indexOf('\n')); // the header names what is left out
    const found = /password_hash|"secrets":"|"record":"(token|totp|session|ticket|recovery_code|oidc_provider)"/.exec(rows);
    assert.equal(found, null);
});

test('a running server and a directory in use are not imported into', async () => {
    const file = path.join(directory, 'one.jsonl');
    await assert.rejects(server.control('import', '--all', file), /stop it first/);
    const other = await emptyServer('third');
    await other.control('import', '--all', file);
    await assert.rejects(other.control('import', '--all', file), /empty data directory/);
});
