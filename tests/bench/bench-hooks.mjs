// make bench-hooks: acknowledged Telegram web hooks with the full work (token, customer,
// conversation, message, event, wait, search; durable), 64 connections, against a bare SQLite insert
// with a full-text index in batches of 64 on the same disk, in turns. Prints
//   ratio hook_ingest R sqlite      our rate / the bare program's, median of the rounds
//   figure hook_rate N hooks/s
//   figure hook_p99 MS ms
import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {startDialogd} from '../system/dialogd.mjs';

const run = promisify(execFile);
const bench = (name) => path.join(process.env.TOP_BUILDDIR ?? '.', 'tests/bench', name);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 5);
const BARE_ROWS = 100000;
const CONNECTIONS = '64';

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function bareRate() {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-bare-'));
    try {
        const {stdout} = await run(bench('bare_sqlite'), [directory, String(BARE_ROWS), '64', 'fts']);
        return Number(stdout);
    } finally {
        await rm(directory, {recursive: true});
    }
}

async function hookRate(server, channel, first, seconds) {
    const {stdout} = await run(bench('hook_load'), [String(server.port), channel.hook_path, channel.made_secrets.secret_token,
        CONNECTIONS, String(seconds), String(first)]);
    const [count, took, p50, p99, max, refused] = stdout.trim().split(' ').map(Number);
    return {count, rate: count / took, p50, p99, max, refused};
}

const server = await startDialogd();
try {
    const channel = await server.control('channel', 'add', 'telegram', 'bench', '--set', 'token=1:bench',
        '--set', 'receive=webhook', '--no-check');
    await hookRate(server, channel, 1, 1);
    const rounds = [];
    for (let round = 1; round <= ROUNDS; round++) {
        const hooks = await hookRate(server, channel, round * 10000000, SECONDS);
        const bare = await bareRate();
        rounds.push({...hooks, bare});
        console.log(`# round ${round}: ${hooks.rate.toFixed(0)} hooks/s, p50 ${hooks.p50} ms, p99 ${hooks.p99} ms, ` +
            `max ${hooks.max} ms, ${hooks.refused} refused; bare ${bare.toFixed(0)} rows/s`);
    }
    const ratio = median(rounds.map((round) => round.rate / round.bare));
    console.log(`ratio hook_ingest ${ratio.toFixed(3)} sqlite`);
    console.log(`figure hook_rate ${median(rounds.map((round) => round.rate)).toFixed(0)} hooks/s`);
    console.log(`figure hook_p99 ${median(rounds.map((round) => round.p99)).toFixed(1)} ms`);
} finally {
    await server.remove();
}
