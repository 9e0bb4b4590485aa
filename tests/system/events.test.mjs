// The live stream: every event once, in order, whoever reads slowly or comes back.
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {isSanitized, startDialogd} from './dialogd.mjs';
import {EventReader} from './sse.mjs';

let server;
let channel;
before(async () => {
    server = await startDialogd();
    channel = await server.addHookChannel();
});
after(() => server.remove());

async function load(count, prefix) {
    let next = 0;
    await Promise.all(Array.from({length: 16}, async () => {
        while (next < count) {
            const at = next++;
            const answer = await server.receive(channel, {id: `${prefix}-${at}`, contact: `c${at % 50}`});
            assert.equal(answer.status, 200);
        }
    }));
}

const isDense = (events) => events.every((event, at) => at === 0 || event.seq === events[at - 1].seq + 1);

test('an event arrives soon after its commit, with ids as strings', async () => {
    const reader = new EventReader(server);
    const response = await reader.opened;
    assert.equal(response.statusCode, 200);
    assert.match(response.headers['content-type'], /^text\/event-stream/);
    assert.equal(response.headers['x-content-type-options'], 'nosniff');
    const begun = performance.now();
    await load(1, 'first');
    await reader.until((events) => events.some((event) => event.type === 'message_received'));
    assert.ok(performance.now() - begun < 500);
    const event = reader.events.find(({type}) => type === 'message_received');
    assert.match(event.conversation_id, /^\d+$/);
    assert.match(event.occurred_at, /^\d{4}-.*Z$/);
    reader.close();
});

test('a reader that is cut off again and again misses nothing and gets nothing twice', async () => {
    const {json: {event_seq: start}} = await server.call('GET', '/api/v1/conversations?view=all');
    const seen = [];
    let ended = false;
    const reading = (async () => {
        let last = start;
        while (!ended) {
            const reader = new EventReader(server, {lastId: last});
            await reader.opened;
            await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
            reader.close();
            seen.push(...reader.events);
            last = seen.at(-1)?.seq ?? last;
        }
    })();
    await load(600, 'cut');
    const {json: {event_seq: end}} = await server.call('GET', '/api/v1/conversations?view=all');
    while ((seen.at(-1)?.seq ?? 0) < end) await new Promise((resolve) => setTimeout(resolve, 20));
    ended = true;
    await reading;
    assert.equal(seen[0].seq, start + 1);
    assert.equal(seen.at(-1).seq, end);
    assert.ok(isDense(seen));
});

test('many readers see the same events', async () => {
    const readers = Array.from({length: 10}, () => new EventReader(server));
    await Promise.all(readers.map((reader) => reader.opened));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await load(200, 'many');
    const {json: {event_seq: end}} = await server.call('GET', '/api/v1/conversations?view=all');
    await Promise.all(readers.map((reader) => reader.until((events) => events.at(-1)?.seq === end)));
    for (const reader of readers) {
        assert.ok(isDense(reader.events));
        reader.close();
    }
});

test('a reader from the beginning gets the whole past', async () => {
    const reader = new EventReader(server, {lastId: 0});
    await reader.opened;
    const {json: {event_seq: end}} = await server.call('GET', '/api/v1/conversations?view=all');
    await reader.until((events) => events.at(-1)?.seq === end);
    assert.equal(reader.events[0].seq, 1);
    assert.ok(isDense(reader.events));
    reader.close();
    const page = await server.call('GET', '/api/v1/events?poll=1&since=0');
    assert.deepEqual(page.json.items.slice(0, 3), reader.events.slice(0, 3).map(({at, ...event}) => event));
});

test('the stream of a revoked token ends within five seconds', async () => {
    const {json: made} = await server.call('POST', '/api/v1/tokens', {name: 'stream'});
    const reader = new EventReader(server, {token: made.token});
    await reader.opened;
    await server.call('DELETE', `/api/v1/tokens/${made.id}`);
    const begun = performance.now();
    await reader.ended;
    assert.ok(performance.now() - begun < 5000);
    assert.match(reader.bye, /not_allowed/);
});

test('a reader that stands still is dropped and costs no memory', async () => {
    const before = await server.residentMiB();
    const sockets = Array.from({length: 5}, () => {
        const socket = net.connect(server.port, '127.0.0.1');
        socket.write(`GET /api/v1/events?since=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.token}\r\n\r\n`);
        socket.pause();
        return socket;
    });
    const closed = sockets.map((socket) => new Promise((resolve) => {
        socket.on('error', () => {});
        socket.on('close', () => resolve(true));
    }));
    await load(1200, 'slow'); // enough to fill what the kernel buffers for each
    await new Promise((resolve) => setTimeout(resolve, 14000));
    sockets.forEach((socket) => socket.resume()); // Node tells of the end only to those who read
    const late = new Promise((resolve) => setTimeout(resolve, 3000, false));
    assert.deepEqual(await Promise.all(closed.map((one) => Promise.race([one, late]))), sockets.map(() => true));
    sockets.forEach((socket) => socket.destroy());
    assert.ok(isSanitized || await server.residentMiB() - before < 24);
});

test('a stop ends the streams in order', async () => {
    const reader = new EventReader(server);
    await reader.opened;
    const {code, ms} = await server.stop();
    await reader.ended;
    assert.equal(code, 0);
    assert.ok(ms < 3000, `${ms} ms`);
    assert.match(reader.bye, /ending/);
    await server.start();
});
