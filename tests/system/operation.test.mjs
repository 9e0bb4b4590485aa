// Running it: start, stop, signals, backup and restore, the control socket, small footprint.
import assert from 'node:assert/strict';
import {copyFile, mkdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Dialogd, isSanitized, startDialogd} from './dialogd.mjs';

let server;
let channel;
before(async () => {
    server = await startDialogd();
    channel = await server.addHookChannel();
    for (let at = 0; at < 30; at++) await server.receive(channel, {id: `m${at}`, contact: `c${at % 7}`, text: `Message number ${at}`});
});
after(() => server.remove());

test('it is ready within 200 ms and small', async () => {
    await server.restart();
    assert.ok(isSanitized || server.readyMs < 200, `${server.readyMs} ms`);
    assert.ok(isSanitized || await server.residentMiB() < 40, `${await server.residentMiB()} MiB`);
});

test('dialogctl speaks to the running server, and opens the store when none runs', async () => {
    const running = await server.control('conversation', 'list', '--view', 'all');
    await server.stop();
    const alone = await server.control('conversation', 'list', '--view', 'all');
    assert.equal(running.items.length, 7);
    assert.deepEqual(alone, running);
    await server.start();
});

test('a second server on the same data directory is refused', async () => {
    const other = new Dialogd(server.directory);
    await assert.rejects(other.start(), /did not start[^]*level=(warning|error) event=start_failed/);
    assert.equal((await server.call('GET', '/readyz')).status, 200);
});

test('the control socket is for its owner alone', async () => {
    const facts = await stat(path.join(server.data, 'control.sock'));
    assert.equal(facts.mode & 0o777, 0o600);
});

test('a stop drains: the request under way is answered, and signals come as they like', async () => {
    const calls = Array.from({length: 20}, (_, at) => server.receive(channel, {id: `drain-${at}`}).catch(() => null));
    for (let at = 0; at < 5; at++) server.process.kill('SIGHUP');
    server.process.kill('SIGTERM');
    server.process.kill('SIGTERM');
    const {code, ms} = await server.stop();
    assert.equal(code, 0);
    assert.ok(ms < 10000);
    const answered = (await Promise.all(calls)).filter((answer) => answer?.status === 200).length;
    await server.start();
    const {json} = await server.call('GET', '/api/v1/events?poll=1&since=0');
    const received = json.items.filter(({type}) => type === 'message_received').length;
    assert.ok(received >= 30 + answered, `${received} stored, ${answered} acknowledged`);
});

test('a backup of the running server restores to the same answers', async () => {
    const archive = path.join(server.directory, 'backup.archive');
    const facts = await server.control('backup', archive);
    assert.equal(facts.path, archive);
    const before = await server.call('GET', '/api/v1/conversations?view=all&limit=200');
    const other = new Dialogd(path.join(server.directory, 'other'));
    await mkdir(other.directory);
    await writeFile(other.config, `[server]\ndata_directory = ${other.data}\n[http]\nlisten = 127.0.0.1:0\n`);
    await other.control('restore', archive);
    await copyFile(path.join(server.data, 'key'), path.join(other.data, 'key'));
    await other.start();
    const after = await other.call('GET', '/api/v1/conversations?view=all&limit=200', undefined, {token: server.token});
    assert.deepEqual(after.json.items, before.json.items);
    assert.equal((await other.control('verify')).is_sound, true);
    await other.stop();
});

test('no token, text or address reaches the log', async () => {
    await server.call('GET', '/api/v1/me', undefined, {token: 'dlg_' + 'secret'.repeat(8)});
    assert.doesNotMatch(server.log, /dlg_|secretsecret|Message number|@example/);
});

test('the page at / says what runs', async () => {
    const page = await server.call('GET', '/', undefined, {token: null});
    assert.equal(page.status, 200);
    assert.match(page.text, /<h1>dialogd \d/);
    assert.match(await readFile(server.config, 'utf8'), /listen/);
});

test('figures are OpenMetrics', async () => {
    const {text, headers} = await server.call('GET', '/metrics');
    assert.match(headers.get('content-type'), /^application\/openmetrics-text/);
    assert.match(text, /^dialogd_conversations_open \d+$/m);
    assert.match(text, /^dialogd_events_total \d+$/m);
    assert.ok(text.endsWith('# EOF\n'));
});
