// Any program that posts JSON: Standard Webhooks in and out, a source with JSON of its own, and the
// change of a secret, against the whole program.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import http from 'node:http';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {eventually} from './fake-bot-api.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const sign = (secret, id, timestamp, body) =>
    'v1,' + createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64');

let server;
let receiver;
before(async () => {
    server = await startDialogd();
    receiver = await startReceiver();
});
after(async () => {
    await server.remove();
    receiver.server.close();
});

// Takes our posts; answers what next says.
async function startReceiver() {
    const all = {posts: [], next: []};
    all.server = http.createServer(async (request, answer) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        all.posts.push({headers: request.headers, body});
        const {status = 200, headers = {}, json = {id: `out-${all.posts.length}`}} = all.next.shift() ?? {};
        answer.writeHead(status, headers);
        answer.end(JSON.stringify(json));
    });
    await new Promise((resolve) => all.server.listen(0, '127.0.0.1', resolve));
    all.url = `http://127.0.0.1:${all.server.address().port}/in`;
    return all;
}

const add = (name, settings = {}) => server.control('channel', 'add', 'generic', name,
    ...Object.entries({url: receiver.url, ...settings}).flatMap(([key, value]) => ['--set', `${key}=${value}`]));

async function post(channel, json, {secret = channel.made_secrets?.secret, id = json.id, timestamp = seconds(), headers} = {}) {
    const body = JSON.stringify(json);
    const signature = {'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': sign(secret ?? '', id, timestamp, body)};
    return (await server.call('POST', channel.hook_path, body, {token: null, headers: headers ?? signature})).status;
}

const envelope = (id, text, more = {}) => ({type: 'message.created', id: `ev-${id}`, occurred_at: new Date().toISOString(),
    conversation: {id: 'huone', subject: 'Palautus'}, contact: {id: 'as-1', name: 'Aino'}, message: {id, text}, ...more});

async function conversation(channel) {
    const {json} = await server.call('GET', '/api/v1/conversations');
    return json.items.find((item) => item.channel_id === channel.id);
}

async function messages(channel) {
    return (await server.call('GET', `/api/v1/conversations/${(await conversation(channel)).id}/messages`)).json.items;
}

const state = (message, wanted) => eventually(`the message is ${wanted}`, async () => {
    const {json} = await server.call('GET', `/api/v1/messages/${message.id}`);
    return json.state === wanted ? json : null;
});

test('what is signed comes in, what is forged, stale or for another channel does not', async () => {
    const [channel, other] = [await add('one'), await add('two')];
    assert.equal(await post(channel, envelope('m1', 'Hei')), 200);
    assert.equal(await post(channel, envelope('m2', 'wrong'), {secret: other.made_secrets.secret}), 401);
    assert.equal(await post(channel, envelope('m3', 'old'), {timestamp: seconds() - 600}), 401);
    assert.equal(await post(channel, envelope('m4', 'bare'), {headers: {}}), 401);
    assert.deepEqual((await messages(channel)).map((message) => message.text), ['Hei']);
});

test('a reply is posted signed, tried again with the same id, and its receipts find it', async () => {
    const channel = await add('replies');
    await post(channel, envelope('r1', 'Hei'));
    receiver.next.push({status: 503, headers: {'retry-after': '1'}});
    const from = receiver.posts.length;
    const {id} = await conversation(channel);
    const {json} = await server.call('POST', `/api/v1/conversations/${id}/replies`, {text: 'Vastaus', undo_seconds: 0});
    await state(json, 'accepted');
    const [first, second] = receiver.posts.slice(from);
    assert.equal(first.headers['webhook-id'], second.headers['webhook-id']);
    assert.equal(second.headers['webhook-signature'],
        sign(channel.made_secrets.secret, second.headers['webhook-id'], second.headers['webhook-timestamp'], second.body));
    assert.deepEqual(JSON.parse(second.body).conversation, {id: 'huone'});
    await post(channel, {type: 'message.status', id: 'st-1', occurred_at: new Date().toISOString(), contact: {id: 'as-1'},
        conversation: {id: 'huone'}, status: {message_id: `out-${receiver.posts.length}`, status: 'read'}});
    await state(json, 'read');
});

test('the secret changes without a gap', async () => {
    const channel = await add('rotation');
    const [former, present] = [channel.made_secrets.secret, 'whsec_dXVzaSBzYWxhaXN1dXM='];
    await server.control('channel', 'change', channel.id, '--set', `secret=${present}`);
    assert.equal(await post(channel, envelope('s1', 'vanha'), {secret: former}), 200);
    assert.equal(await post(channel, envelope('s2', 'uusi'), {secret: present}), 200);
    await server.control('channel', 'change', channel.id, '--set', 'secret_old=');
    assert.equal(await post(channel, envelope('s3', 'vanha'), {secret: former}), 401);
    assert.equal((await messages(channel)).length, 2);
});

test('a source with JSON of its own is connected by its mapping', async () => {
    const channel = await add('tickets', {verification: 'token', signature_header: 'X-Token', map_items: 'events', map_type: '-',
        map_id: 'nr', map_message_id: 'nr', map_text: 'body.plain', map_contact_id: 'by', map_contact_name: '-',
        map_conversation_id: 'ticket', map_subject: '-', map_occurred_at: 'at'});
    const body = {events: [{nr: 1, ticket: 9, by: 'u-1', at: seconds(), body: {plain: 'eka'}}, {nr: 2, ticket: 9, by: 'u-1', at: seconds() + 1, body: {plain: 'toka'}}]};
    assert.equal(await post(channel, body, {id: 'x', headers: {'x-token': 'wrong'}}), 401);
    assert.equal(await post(channel, body, {id: 'x', headers: {'x-token': channel.made_secrets.secret}}), 200);
    assert.deepEqual((await messages(channel)).map((message) => message.text).sort(), ['eka', 'toka']);
});
