// Every command of doc/api.md runs, in order, in one shell, against a real server.
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {createHmac, randomBytes} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {startDialogd} from './dialogd.mjs';

const run = promisify(execFile);
const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const page = await readFile(path.join(source, 'doc/api.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text]) => text);
const has = (program) => { try { execFileSync('sh', ['-c', `command -v ${program}`]); return true; } catch { return false; } };
const missing = ['curl', 'jq', 'openssl', 'od'].filter((program) => !has(program));

let server;
let directory;
before(async () => {
    server = await startDialogd();
    directory = await mkdtemp(path.join(tmpdir(), 'dialogd-page-'));
    const channel = await server.control('channel', 'add', 'generic', 'hooks', '--set', 'verification=address', '--set', 'url=https://192.0.2.1/replies', '--no-check');
    for (let at = 0; at < 5; at++) await server.receive(channel, {id: `m${at}`, contact: `c${at}`, text: `Question ${at}`});
});
after(async () => {
    await server?.remove();
    await rm(directory, {recursive: true, force: true});
});

// What a receiver would have of one delivery.
async function hook() {
    const body = '{"type":"message_received","data":{"id":"1"}}';
    const key = randomBytes(24);
    const timestamp = String(Math.floor(Date.now() / 1000));
    await writeFile(path.join(directory, 'hook-body.json'), body);
    const signature = createHmac('sha256', key).update(`17.${timestamp}.${body}`).digest('base64');
    return {HOOK_SECRET: `whsec_${key.toString('base64')}`, HOOK_ID: '17', HOOK_TIMESTAMP: timestamp,
        HOOK_SIGNATURE: `v1,${randomBytes(32).toString('base64')} v1,${signature}`};
}

test('every command of doc/api.md does what the page says', {skip: missing.length ? `without ${missing}` : false}, async () => {
    assert.ok(blocks.length >= 10);
    const script = blocks.map((block, at) => `echo '== ${at}'\n${block}`).join('\n');
    const {stdout} = await run('sh', ['-eu', '-c', script],
        {cwd: directory, env: {...process.env, URL: server.url, TOKEN: server.token, ...await hook()}});
    const told = stdout.split(/^== \d+\n/m).slice(1).map((text) => text.trim().split('\n'));
    assert.deepEqual(told[0], ['Anna Admin']);
    assert.deepEqual(told[1], ['conversation_unknown']);
    assert.equal(told[2].length, 5);
    assert.match(told[3][0], /^Customer c\d$/);
    assert.deepEqual(told[4], ['1', '412']);
    assert.deepEqual(told[5], ['held', 'written once']);
    assert.deepEqual(told[6], ['cancelled']);
    assert.ok(told[7].some((line) => / message_received$/.test(line)));
    assert.ok(Number(told[8][0]) > 10);
    assert.deepEqual(told[9], ['genuine', 'forged']);
    assert.deepEqual(told[10], ['end']);
});
