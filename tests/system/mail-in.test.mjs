// Mail brought by hand: dialogctl import and deliver, with a running server and without one.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {program, startDialogd} from './dialogd.mjs';

let server, channel;
const mail = (number, extra = '') => `From: Customer ${number} <c${number}@example.net>\nTo: help@example.org\n` +
    `Subject: Order ${number}\nMessage-ID: <${number}@example.net>\n${extra}\nWhere is order ${number}?\n`;

before(async () => {
    server = await startDialogd();
    channel = await server.control('channel', 'add', 'email', 'help', '--no-check',
        '--set', 'address=help@example.org', '--set', 'incoming=none');
});
after(() => server.remove());

// dialogctl deliver with the mail on standard input; gives the exit code.
function deliver(text, ...words) {
    return new Promise((resolve) => {
        const child = spawn(program('dialogctl'), ['-c', server.config, 'deliver', ...words],
            {stdio: ['pipe', 'ignore', 'ignore']});
        child.once('exit', resolve);
        child.stdin.on('error', () => {});
        child.stdin.end(text);
    });
}

const exported = () => new Promise((resolve) => {
    const child = spawn(program('dialogctl'), ['-c', server.config, 'export'], {stdio: ['ignore', 'pipe', 'ignore']});
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.once('close', () => resolve(text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line))));
});

test('an mbox comes in once, however often it is imported, with the times of its From lines', async () => {
    const file = path.join(server.directory, 'in.mbox');
    await writeFile(file, [1, 2, 3].map((number) =>
        `From c${number}@example.net Wed Jul 17 02:44:0${number} 1996\n${mail(number)}\n`).join(''));
    assert.deepEqual(await server.control('import', channel.id, file), {stored: 3, duplicate: 0, quarantined: 0, refused: 0});
    assert.deepEqual(await server.control('import', channel.id, file), {stored: 0, duplicate: 3, quarantined: 0, refused: 0});
    const messages = await exported();
    assert.equal(messages.length, 3);
    assert.deepEqual(messages.map((message) => message.occurred_at).sort(),
        ['1996-07-17T02:44:01.000Z', '1996-07-17T02:44:02.000Z', '1996-07-17T02:44:03.000Z']);
});

test('a Maildir and single files come in', async () => {
    const maildir = path.join(server.directory, 'Maildir');
    for (const name of ['cur', 'new', 'tmp']) await mkdir(path.join(maildir, name), {recursive: true});
    await writeFile(path.join(maildir, 'cur/1500000000.M1P1.host:2,S'), mail(11));
    await writeFile(path.join(maildir, 'new/1500000001.M2P1.host'), mail(12));
    await writeFile(path.join(server.directory, 'one.eml'), mail(13));
    const counts = await server.control('import', channel.id, maildir, path.join(server.directory, 'one.eml'));
    assert.equal(counts.stored, 3);
    const message = (await exported()).find((one) => one.message_id === '11@example.net');
    assert.equal(message.occurred_at, '2017-07-14T02:40:00.000Z');
});

test('deliver takes a mail for a known address and tells a mail server what to do with others', async () => {
    assert.equal(await deliver(mail(21), '--recipient', 'help+c1.x@example.org', '--sender', 'c21@example.net'), 0);
    assert.equal(await deliver(mail(22), '--recipient', 'nobody@example.org'), 67);
    assert.equal(await deliver('', '--recipient', 'help@example.org'), 65);
    assert.equal(await deliver(mail(23)), 64);
    assert.ok((await exported()).some((one) => one.message_id === '21@example.net'));
});

test('without a server the same is done in process', async () => {
    await server.stop();
    assert.equal(await deliver(mail(31), '--recipient', 'help@example.org'), 0);
    assert.ok((await exported()).some((one) => one.message_id === '31@example.net'));
    await server.start();
});

test('the ledger of a channel without folders is empty', async () => {
    assert.deepEqual(await server.control('channel', 'ledger', channel.id), {items: []});
});
