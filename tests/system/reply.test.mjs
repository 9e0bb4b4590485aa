// Mail out through the whole program: a new conversation, notes, undo, refused and unknown mails, a
// crash while sending; by HTTP and by dialogctl, against an SMTP server that fails on demand.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {eventually} from './fake-bot-api.mjs';
import {startSmtpSink} from './smtp-sink.mjs';

let server;
const sinks = [];
before(async () => { server = await startDialogd(); });
after(async () => {
    await server.remove();
    await Promise.all(sinks.map((sink) => sink.stop()));
});

async function mailChannel(name, rules = []) {
    const sink = await startSmtpSink(rules.flatMap((rule) => ['--rule', rule]));
    sinks.push(sink);
    const channel = await server.control('channel', 'add', 'email', name, '--set', `address=${name}@example.org`,
        '--set', 'incoming=none', '--set', 'smtp_host=localhost', '--set', `smtp_port=${sink.port}`,
        '--set', 'smtp_security=plain', '--no-check');
    return {...channel, sink};
}

const begin = (channel, more = {}) => server.call('POST', '/api/v1/conversations',
    {channel_id: channel.id, to: ['matti@example.com'], subject: 'Tilaus 17', text: 'Hei!\nSe on matkalla.', ...more});
const state = (message, wanted) => eventually(`the message is ${wanted}`, async () => {
    const {json} = await server.call('GET', `/api/v1/messages/${message.id}`);
    return json.state === wanted ? json : null;
});

test('a new conversation leaves as a mail, a reply to it follows in its thread', async () => {
    const channel = await mailChannel('support');
    const {status, json} = await begin(channel);
    assert.equal(status, 201, JSON.stringify(json));
    await state(json, 'accepted');
    assert.match(await eventually('the mail', () => channel.sink.lastMail()), /Subject: Tilaus 17/);
    const reply = await server.control('reply', json.conversation_id, 'Ja perillä.', '--undo', '0');
    await state(reply, 'accepted');
    const mail = await eventually('the second mail', async () => {
        const text = await channel.sink.lastMail();
        return /perill/.test(text) ? text : null;
    });
    assert.match(mail, /Subject: Re: Tilaus 17/);
    assert.match(mail, /In-Reply-To: <c\d+\.m\d+\./);
    assert.match(mail, /\nTo: <?matti@example.com>?/);
    assert.equal((await channel.sink.accepted()).length, 2);
});

test('the same client_key writes and sends once', async () => {
    const channel = await mailChannel('once');
    const first = await begin(channel, {client_key: 'key-1'});
    const second = await begin(channel, {client_key: 'key-1'});
    assert.equal(first.status, 201);
    assert.equal(second.status, 200);
    assert.equal(first.json.id, second.json.id);
    await state(first.json, 'accepted');
    assert.equal((await channel.sink.accepted()).length, 1);
});

test('HTML is cleaned before it leaves', async () => {
    const channel = await mailChannel('html');
    const {json} = await begin(channel, {text: undefined, html: '<p onclick="x()">Hei<script>alert(1)</script></p>'});
    await state(json, 'accepted');
    const mail = await eventually('the mail', () => channel.sink.lastMail());
    assert.match(mail, /multipart\/alternative/);
    assert.doesNotMatch(mail, /script|onclick/);
});

test('a held message can be taken back', async () => {
    const channel = await mailChannel('undo');
    const {json} = await begin(channel, {undo_seconds: 60});
    assert.equal(json.state, 'held');
    const cancelled = await server.control('message', 'cancel', json.id);
    assert.equal(cancelled.state, 'cancelled');
    const again = await server.call('POST', `/api/v1/messages/${json.id}/cancel`);
    assert.equal(again.status, 409);
    assert.equal((await channel.sink.accepted()).length, 0);
});

test('a lost answer is unknown, is not sent again, and is settled by an agent', async () => {
    const channel = await mailChannel('lost', ['accepted=drop']);
    const {json} = await begin(channel);
    await state(json, 'unknown');
    await server.restart();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await channel.sink.accepted()).length, 1);
    const check = await server.call('POST', `/api/v1/messages/${json.id}/check`);
    assert.equal(check.status, 409); // the channel has no Sent folder
    assert.equal((await server.control('message', 'mark-sent', json.id)).state, 'accepted');
});

test('each recipient has its own fate', async () => {
    const channel = await mailChannel('parts', ['rcpt:gone@=550 5.1.1 no such user']);
    const {json} = await begin(channel, {cc: [{address: 'gone@example.com', name: 'Nobody, "really"'}]});
    await state(json, 'accepted');
    const {json: parts} = await server.call('GET', `/api/v1/messages/${json.id}/parts`);
    assert.deepEqual(parts.items.map((part) => [part.recipient, part.state, part.response]), [
        ['gone@example.com', 'refused', '550 5.1.1 no such user'],
        ['matti@example.com', 'accepted', '250 2.0.0 Ok: queued as SINK1'],
    ]);
});

test('what could become another header or recipient is refused', async () => {
    const channel = await mailChannel('evil');
    for (const more of [{subject: 'a\r\nBcc: x@example.com'}, {to: ['a@example.com\r\nBcc: x@example.com']},
        {to: [{address: 'a@example.com', name: 'a\nBcc: x@example.com'}]}, {to: ['a@example.com, b@example.com']},
        {to: []}, {text: ''}, {surprise: 1}]) {
        const {status} = await begin(channel, more);
        assert.equal(status, 400, JSON.stringify(more));
    }
    assert.equal((await channel.sink.accepted()).length, 0);
});

test('a note stays here', async () => {
    const channel = await mailChannel('note');
    const {json} = await begin(channel);
    await state(json, 'accepted');
    const note = await server.control('note', json.conversation_id, 'Asiakas soitti.');
    assert.equal(note.direction, 'note');
    assert.equal((await channel.sink.accepted()).length, 1);
});

// KILLS=500 kills so often. Every message that was acknowledged is there, none is accepted twice by the
// server, what we call accepted it has, and what is unknown stays so.
test('killed while sending, nothing is lost and nothing is sent twice by itself', async () => {
    const channel = await mailChannel('crash');
    const kills = Number(process.env.KILLS ?? 5);
    const written = [];
    for (let round = 0; round < kills; round++) {
        const posts = Array.from({length: 6}, (_, at) =>
            begin(channel, {to: [`c${round}-${at}@example.com`], text: `round ${round} number ${at}`})
                .then(({status, json}) => { if (status === 201) written.push(json.id); }, () => null));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 90));
        await server.stop('SIGKILL');
        await Promise.all(posts);
        await server.start();
    }
    const find = async (id) => (await server.call('GET', `/api/v1/messages/${id}`)).json;
    const states = [];
    for (const id of written)
        states.push(await eventually(`message ${id} is settled`, async () => {
            const message = await find(id);
            return ['accepted', 'unknown'].includes(message.state) && message;
        }));
    const accepted = (await channel.sink.accepted()).map((mail) => mail.recipients[0]);
    assert.equal(new Set(accepted).size, accepted.length, 'the server accepted a mail twice');
    const count = (wanted) => states.filter(({state}) => state === wanted).length;
    for (const message of states.filter(({state}) => state === 'accepted'))
        assert.ok(accepted.includes(`<${message.to?.[0]?.address ?? message.headers?.to?.[0]?.address}>`) ||
            accepted.some((address) => JSON.stringify(message).includes(address.replace(/[<>]/g, ''))));
    console.log(`# ${kills} kills: ${written.length} acknowledged, ${count('accepted')} accepted, ${count('unknown')} unknown`);
    assert.ok(count('unknown') <= kills * 6);
});
