// make bench-agents: a day's worst minute. A store of 100,000 conversations; 200 agents' event
// streams, 50 API reads and 100 mails a second (LMTP, with all that is done to a mail) for a minute,
// everything on one machine. Reads are counted from the instant when they were due. Prints
//   figure agents_read_p99 MS ms     and p50, and p99 of each kind of read
//   figure agents_mail_rate N mails/s
//   figure agents_mail_p99 MS ms     from due to 250
//   figure agents_streams_complete N of 200
// Needs python3 and the generator beside the tree; SECONDS, STREAMS, READS, MAILS (a second),
// CONVERSATIONS may be set.
import {execFile, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {promisify} from 'node:util';
import {startDialogd} from '../system/dialogd.mjs';

const run = promisify(execFile);
const number = (name, usual) => Number(process.env[name] ?? usual);
const [SECONDS, STREAMS, READS, MAILS, CONVERSATIONS] =
    [number('SECONDS', 60), number('STREAMS', 200), number('READS', 50), number('MAILS', 100), number('CONVERSATIONS', 100000)];
const source = process.env.TOP_SRCDIR ?? path.resolve('.');
const bench = (name) => path.join(process.env.TOP_BUILDDIR ?? '.', 'tests/bench', name);
const generator = path.join(process.env.SHARED_DATA ?? path.join(source, '../shared'), 'tools/mkmail.py');
const big = {maxBuffer: 64 * 1024 * 1024};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const part = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
const pick = (list) => list[Math.floor(Math.random() * list.length)];

async function makeMails(count) {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-mails-'));
    await run('python3', [generator, '-n', String(count), '-m', String(Math.ceil(count * 0.5)), '--seed', '7',
        '--maildir', path.join(directory, 'm'), '--truth', path.join(directory, 'truth.tsv')], big);
    const mails = [];
    for (const name of ['cur', 'new'])
        for (const file of await readdir(path.join(directory, 'm', name)).catch(() => []))
            mails.push(wire(await readFile(path.join(directory, 'm', name, file))));
    await rm(directory, {recursive: true});
    return mails;
}

// As LMTP wants it: lines end in CRLF, dots are doubled, a dot ends it.
function wire(bytes) {
    const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
    return Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
}

// One session that delivers one mail after the other.
class Lmtp {
    constructor(socketPath) {
        this.socket = net.connect(socketPath);
        this.socket.setEncoding('latin1');
        this.socket.on('error', () => {});
        this.text = '';
        this.socket.on('data', (data) => { this.text += data; this.wake?.(); });
    }

    // The status of the next whole reply.
    async reply() {
        for (;;) {
            const found = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.text);
            if (found) {
                this.text = this.text.slice(found[0].length);
                return Number(found[1]);
            }
            await new Promise((resolve) => { this.wake = resolve; });
        }
    }

    async open() {
        await this.reply();
        this.socket.write('LHLO bench.example\r\n');
        await this.reply();
        return this;
    }

    async deliver(mail) {
        this.socket.write('MAIL FROM:<customer@example.net>\r\nRCPT TO:<help@example.org>\r\nDATA\r\n');
        for (let at = 0; at < 3; at++) await this.reply();
        this.socket.write(mail);
        return this.reply();
    }
}

// Calls run for each due instant until the time is over; those that wait for nobody wait in line.
async function atPace(rate, workers, once) {
    const begun = performance.now();
    const count = SECONDS * rate;
    let next = 0;
    await Promise.all(workers.map(async (worker) => {
        for (;;) {
            const at = next++;
            if (at >= count) return;
            const due = begun + at * 1000 / rate;
            const wait = due - performance.now();
            if (wait > 0) await sleep(wait);
            await once(worker, at, due);
        }
    }));
    return (performance.now() - begun) / 1000;
}

class Reader {
    constructor(server, tokens) {
        this.server = server;
        this.tokens = tokens;
        this.agent = new http.Agent({keepAlive: true, maxSockets: 64});
        this.times = {};
        this.failures = 0;
    }

    get(target) {
        return new Promise((resolve, reject) => {
            http.get(`${this.server.url}${target}`, {agent: this.agent, headers: {authorization: `Bearer ${pick(this.tokens)}`}}, (response) => {
                let text = '';
                response.setEncoding('utf8');
                response.on('data', (data) => { text += data; });
                response.on('end', () => resolve({status: response.statusCode, text}));
            }).on('error', reject);
        });
    }

    async learn() {
        const {text} = await this.get('/api/v1/conversations?view=all&limit=200');
        this.rows = JSON.parse(text).items;
        this.words = [...new Set(this.rows.flatMap(({preview}) => preview.split(/\W+/).filter((word) => word.length > 3)))].slice(0, 300);
        return this;
    }

    async read(kind, target, due) {
        const {status} = await this.get(target);
        (this.times[kind] ??= []).push(performance.now() - due);
        if (status !== 200) this.failures++;
    }
}

// A turn of what agents do.
const reads = [
    ['list', () => '/api/v1/conversations?view=open'],
    ['conversation', (reader) => `/api/v1/conversations/${pick(reader.rows).id}`],
    ['messages', (reader) => `/api/v1/conversations/${pick(reader.rows).id}/messages`],
    ['list', () => '/api/v1/conversations?view=unassigned'],
    ['customer', (reader) => `/api/v1/customers/${pick(reader.rows).customer.id}`],
    ['list', () => '/api/v1/conversations?view=all&sort=oldest'],
    ['conversation', (reader) => `/api/v1/conversations/${pick(reader.rows).id}`],
    ['messages', (reader) => `/api/v1/conversations/${pick(reader.rows).id}/messages`],
    ['search', (reader) => `/api/v1/search?q=${encodeURIComponent(pick(reader.words))}`],
    ['list', () => '/api/v1/conversations?view=mine'],
];

async function startFilled() {
    const server = await startDialogd({http: {connections_per_address: 5000}, mail: {lmtp_listen: path.join(tmpdir(), `dialogd-bench-${process.pid}.sock`)}});
    await server.stop();
    const begun = performance.now();
    await run(bench('fill_store'), [server.data, String(CONVERSATIONS)], big);
    console.log(`# filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    await server.start();
    await server.control('channel', 'add', 'email', 'help', '--no-check', '--set', 'address=help@example.org', '--set', 'incoming=lmtp');
    return server;
}

async function makeTokens(server) {
    const tokens = [];
    for (let at = 0; at < STREAMS; at++) {
        const {json: agent} = await server.call('POST', '/api/v1/agents', {email: `a${at}@example.org`, name: `Agent ${at}`});
        tokens.push((await server.call('POST', '/api/v1/tokens', {agent_id: agent.id, name: 'bench'})).json.token);
    }
    return tokens;
}

const sequence = async (server) => (await server.call('GET', '/api/v1/conversations?view=all&limit=1')).json.event_seq;

async function openStreams(server, tokens) {
    const child = spawn(bench('stream_load'), [String(server.port), String(await sequence(server)), String(STREAMS), ...tokens], {stdio: ['pipe', 'pipe', 'inherit']});
    child.stdout.setEncoding('utf8');
    let text = '';
    const said = (word) => new Promise((resolve) => {
        const look = () => text.includes(word) && resolve(text);
        child.stdout.on('data', look);
        child.once('close', () => resolve(text));
        look();
    });
    child.stdout.on('data', (data) => { text += data; });
    await said('open');
    return {child, finish: (end) => { child.stdin.write(`${end}\n`); return said('complete'); }};
}

const cpuSeconds = async (pid) => {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
};

async function measure(server, mails) {
    const tokens = await makeTokens(server);
    const streams = await openStreams(server, tokens);
    const reader = await new Reader(server, tokens).learn();
    const lmtp = await Promise.all(Array.from({length: 16}, () => new Lmtp(process.env.LMTP ?? server.lmtp).open()));
    const mailTimes = [];
    let accepted = 0;
    const cpu = await cpuSeconds(server.process.pid);
    const loop = monitorEventLoopDelay({resolution: 1});
    loop.enable();
    const [, mailSeconds] = await Promise.all([
        atPace(READS, Array.from({length: 64}, () => reader), (worker, at, due) => {
            const [kind, target] = reads[at % reads.length];
            return worker.read(kind, target(worker), due);
        }),
        atPace(MAILS, lmtp, async (session, at, due) => {
            if (await session.deliver(mails[at]) === 250) accepted++;
            mailTimes.push(performance.now() - due);
        }),
    ]);
    const used = (await cpuSeconds(server.process.pid) - cpu) / SECONDS;
    loop.disable();
    lmtp.forEach(({socket}) => socket.destroy());
    const seen = await streams.finish(await sequence(server));
    return {reader, mailTimes, accepted, mailSeconds, seen, used, loop, resident: await server.residentMiB()};
}

function print({reader, mailTimes, accepted, mailSeconds, seen, used, loop, resident}) {
    const all = Object.values(reader.times).flat();
    console.log(`figure agents_read_p50 ${part(all, 0.5).toFixed(1)} ms`);
    console.log(`figure agents_read_p99 ${part(all, 0.99).toFixed(1)} ms`);
    for (const [kind, times] of Object.entries(reader.times))
        console.log(`figure agents_${kind}_p99 ${part(times, 0.99).toFixed(1)} ms (p50 ${part(times, 0.5).toFixed(1)}, ${times.length})`);
    console.log(`figure agents_read_failures ${reader.failures}`);
    console.log(`figure agents_mail_rate ${(accepted / mailSeconds).toFixed(1)} mails/s (${accepted} of ${MAILS * SECONDS})`);
    console.log(`figure agents_mail_p99 ${part(mailTimes, 0.99).toFixed(0)} ms (p50 ${part(mailTimes, 0.5).toFixed(0)})`);
    const [, complete, gaps, bytes] = /complete (\d+) gaps (\d+) bytes (\d+)/.exec(seen) ?? [];
    console.log(`figure agents_streams_complete ${complete} of ${STREAMS} (gaps ${gaps}, ${(bytes / 1048576).toFixed(0)} MiB)`);
    console.log(`figure agents_cpu ${used.toFixed(2)} cores of dialogd itself, its parser processes not counted`);
    console.log(`figure agents_client_delay_p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms (most ${(loop.max / 1e6).toFixed(0)}): what the client itself adds`);
    console.log(`figure agents_rss ${resident.toFixed(0)} MiB`);
}

if (!existsSync(generator)) {
    console.log('# skipped: the mail generator is not here');
} else {
    const mails = await makeMails(SECONDS * MAILS);
    const server = await startFilled();
    server.lmtp = path.join(tmpdir(), `dialogd-bench-${process.pid}.sock`);
    try {
        print(await measure(server, mails));
    } finally {
        await server.remove();
    }
    process.exit(0);
}
