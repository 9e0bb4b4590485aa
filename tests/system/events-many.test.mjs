// Two thousand open streams on one server: each gets every event in order, in bounded memory.
// STREAMS and MESSAGES change how many.
import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {isSanitized, startDialogd} from './dialogd.mjs';

const STREAMS = Number(process.env.STREAMS ?? (isSanitized ? 200 : 2000));
const MESSAGES = Number(process.env.MESSAGES ?? 100);
const PER_AGENT = 20; // the server's bound

let server;
before(async () => { server = await startDialogd({http: {connections_per_address: 5000}}); });
after(() => server?.remove());

// Reads a stream by HTTP/1.0, which is not chunked, and keeps only the sequence.
class Stream {
    constructor(token, since) {
        this.last = since;
        this.gaps = 0;
        this.bytes = 0;
        this.rest = '';
        this.opened = new Promise((resolve) => { this.open = resolve; });
        this.socket = net.connect(server.port, '127.0.0.1');
        this.socket.setEncoding('latin1');
        this.socket.on('data', (part) => this.take(part));
        this.socket.on('error', () => {});
        this.socket.on('close', () => { this.isClosed = true; this.open(); });
        this.socket.write(`GET /api/v1/events?since=${since} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    }

    take(part) {
        this.bytes += part.length;
        if (part.includes(': dialogd')) this.open();
        const text = this.rest + part;
        const whole = text.lastIndexOf('\n\n') + 2;
        for (const [, seq] of text.slice(0, whole).matchAll(/^id: (\d+)$/gm)) {
            if (Number(seq) !== this.last + 1) this.gaps++;
            this.last = Number(seq);
        }
        this.rest = text.slice(whole);
    }
}

test(`${STREAMS} streams get every event, once and in order`, async (context) => {
    const channel = await server.addHookChannel();
    const tokens = [];
    for (let at = 0; at < Math.ceil(STREAMS / PER_AGENT); at++) {
        const {json: agent} = await server.call('POST', '/api/v1/agents', {email: `agent${at}@example.org`, name: `Agent ${at}`});
        tokens.push((await server.call('POST', '/api/v1/tokens', {agent_id: agent.id, name: 'streams'})).json.token);
    }
    const seq = async () => (await server.call('GET', '/api/v1/conversations?view=all')).json.event_seq;
    const start = await seq();
    const before = await server.residentMiB();
    const streams = [];
    for (let at = 0; at < STREAMS; at += 100) {
        const some = Array.from({length: Math.min(100, STREAMS - at)}, (_, more) => new Stream(tokens[Math.floor((at + more) / PER_AGENT)], start));
        await Promise.all(some.map((stream) => stream.opened));
        streams.push(...some);
    }
    assert.equal(streams.filter(({isClosed}) => isClosed).length, 0);
    const idle = await server.residentMiB();
    const begun = performance.now();
    let next = 0;
    await Promise.all(Array.from({length: 4}, async () => {
        while (next < MESSAGES) {
            const at = next++;
            assert.equal((await server.receive(channel, {id: `m${at}`, contact: `c${at % 20}`})).status, 200);
        }
    }));
    const took = performance.now() - begun;
    const end = await seq();
    for (const deadline = performance.now() + 60000; streams.some(({last}) => last < end) && performance.now() < deadline;)
        await new Promise((resolve) => setTimeout(resolve, 50));
    const all = performance.now() - begun;
    const loaded = await server.residentMiB();
    context.diagnostic(`${STREAMS} streams, ${end - start} events each: taken in after ${Math.round(took)} ms, all read after ${Math.round(all)} ms; `
        + `resident ${before.toFixed(0)} MiB, with idle streams ${idle.toFixed(0)}, loaded ${loaded.toFixed(0)}`);
    assert.deepEqual(streams.filter(({last, gaps, isClosed}) => last !== end || gaps > 0 || isClosed).map(({last, gaps, isClosed}) => ({last, gaps, isClosed, end})).slice(0, 5), []);
    assert.ok(isSanitized || loaded - before < STREAMS * 0.1 + 64, `${loaded - before} MiB more`);
    streams.forEach(({socket}) => socket.destroy());
});
