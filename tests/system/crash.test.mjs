// kill -9 under load, again and again: mail by LMTP and IMAP comes in, replies go out to an SMTP
// server that counts. Nothing acknowledged may be lost, nothing shown twice, nothing sent twice.
// CRASH_KILLS says how often (500), CRASH_SECONDS how long at most (240); make crash kills 10,000 times.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {test} from 'node:test';
import {deliver, freePort, insist, repeat, sleep, startDovecot} from './crash-load.mjs';
import {program, startDialogd} from './dialogd.mjs';
import {startSmtpSink} from './smtp-sink.mjs';

const kills = Number(process.env.CRASH_KILLS ?? 500);
const seconds = Number(process.env.CRASH_SECONDS ?? 240);

async function begin(context) {
    const lmtp = await freePort();
    const sink = await startSmtpSink(['--user', 'crash', '--password', 'secret']);
    context.after(() => sink.stop());
    const dovecot = await startDovecot();
    context.after(() => dovecot?.stop());
    const server = await startDialogd({mail: {lmtp_listen: `127.0.0.1:${lmtp}`, parser_processes: 1}});
    context.after(() => server.remove());
    const imap = dovecot ? ['incoming=imap', 'imap_host=127.0.0.1', `imap_port=${dovecot.port}`, 'imap_security=plain',
        'imap_user=crash', 'imap_password=secret', 'imap_sent_folder='] : ['incoming=lmtp'];
    const settings = ['address=help@example.org', 'smtp_host=localhost', `smtp_port=${sink.port}`,
        'smtp_security=plain', ...imap];
    const channel = await server.control('channel', 'add', 'email', 'help', '--no-check',
        ...settings.flatMap((setting) => ['--set', setting]));
    return {server, sink, dovecot, lmtp, channel};
}

// What was acknowledged: ids of mails in, and replies {id, conversation} out.
function startLoad({server, dovecot, lmtp, channel}) {
    const acknowledged = {mails: [], replies: []};
    const stops = [];
    for (const lane of ['a', 'b'])
        stops.push(repeat(15, async (number) => {
            const id = `lmtp-${lane}${number}`;
            await insist(id, () => deliver(lmtp, id));
            acknowledged.mails.push(id);
        }));
    if (dovecot)
        stops.push(repeat(15, async (number) => {
            await dovecot.drop(`imap-${number}`);
            acknowledged.mails.push(`imap-${number}`);
        }));
    stops.push(repeat(15, async (number) => {
        const client_key = randomUUID();
        const body = {channel_id: channel.id, to: [`c${number}@example.com`], subject: `Offer ${number}`, text: 'Hello', client_key};
        const reply = await insist('a reply', async () => {
            const answer = await server.call('POST', '/api/v1/conversations', body).catch(() => null);
            return answer && [200, 201].includes(answer.status) ? answer.json : null;
        });
        acknowledged.replies.push(reply.id);
    }));
    return {acknowledged, stop: () => Promise.all(stops.map((stop) => stop()))};
}

async function killAgainAndAgain(server) {
    const until = performance.now() + seconds * 1000;
    let count = 0;
    for (; count < kills && performance.now() < until; count++) {
        await sleep(20 + Math.random() * 250);
        await server.stop('SIGKILL');
        server.log = '';
        server.readFrom = 0;
        await server.start();
    }
    return count;
}

const exported = (server) => new Promise((resolve, reject) => {
    const child = spawn(program('dialogctl'), ['-c', server.config, 'export'], {stdio: ['ignore', 'pipe', 'inherit']});
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (data) => { text += data; });
    child.once('close', (code) => code === 0
        ? resolve(text.trim().split('\n').map((line) => JSON.parse(line))) : reject(new Error('export failed')));
});

// Until all mail is in and nothing waits to be sent, or a minute has passed without progress.
async function settle(server, acknowledged) {
    let messages = [], before = '', since = performance.now();
    for (;;) {
        messages = await exported(server);
        const came = messages.filter((message) => message.direction === 'in').length;
        const open = messages.filter((message) => ['queued', 'sending', 'held'].includes(message.state)).length;
        if (came >= acknowledged.mails.length && open === 0) return messages;
        const now = `${came} ${open}`;
        if (now !== before) [before, since] = [now, performance.now()];
        if (performance.now() - since > 60000) return messages;
        await sleep(500);
    }
}

function countBy(list, key) {
    const counts = new Map();
    for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
    return counts;
}

test(`${kills} kills under load lose nothing, show nothing twice, send nothing twice`, async (context) => {
    const parts = await begin(context);
    const {server, sink} = parts;
    const load = startLoad(parts);
    const done = await killAgainAndAgain(server);
    await load.stop();
    const {mails, replies} = load.acknowledged;
    const messages = await settle(server, load.acknowledged);

    const shown = countBy(messages.filter((message) => message.direction === 'in'), (message) => message.message_id);
    const lost = mails.filter((id) => !shown.has(`${id}@example.net`));
    const twice = [...shown].filter(([, count]) => count > 1);
    const out = new Map(messages.filter((message) => message.direction === 'out').map((message) => [message.id, message]));
    const sent = countBy(await sink.accepted(), (mail) => mail.id.replace(/^<|>$/g, ''));
    const lostReplies = replies.filter((id) => !out.has(id) || (out.get(id).state === 'accepted' && !sent.has(out.get(id).message_id)));
    const unsettled = replies.filter((id) => !['accepted', 'unknown'].includes(out.get(id)?.state));
    const sentTwice = [...sent].filter(([, count]) => count > 1);
    const unknown = [...out.values()].filter((message) => message.state === 'unknown').length;
    if (process.env.CRASH_SHOW) console.error([...out.values()].slice(0, 3), [...sent].slice(0, 3), countBy([...out.values()], (message) => message.state), sent.size, server.log);
    context.diagnostic(`${done} kills, ${mails.length} mails in, ${replies.length} replies out (${unknown} unknown)`);
    console.log(`# figure crash_kills ${done} kills`);
    console.log(`# figure crash_acknowledged ${mails.length + replies.length} messages`);
    assert.deepEqual(lost, [], 'acknowledged mails are lost');
    assert.deepEqual(lostReplies, [], 'acknowledged replies are lost');
    assert.deepEqual(unsettled, [], 'replies are stuck');
    assert.deepEqual(twice, [], 'mails are shown twice');
    assert.deepEqual(sentTwice, [], 'replies were sent twice');
    assert.equal(new Set(messages.filter((message) => message.direction === 'out').map((message) => message.subject)).size,
        messages.filter((message) => message.direction === 'out').length, 'a reply was written twice');
    assert.ok(done >= Math.min(kills, 20), 'too few kills to say anything');
});
