// make bench-mail: fetching a mailbox of mkmail's mails from Dovecot on loopback with the whole work
// (fetch, parse apart, thread, index, commit with full sync), against mbsync (which syncs each file)
// and notmuch new on the same disk, in turns. Prints
//   ratio mail_ingest R mbsync+notmuch   the peer's wall time / ours, median of the pairs
//   figure mail_rate N mails/s
//   figure mail_rss MIB MiB              dialogd and its parser processes together, at most
// Needs dovecot-imapd, isync, notmuch, openssl and python3; MAILS (10000) and PAIRS (3) may be set.
import {execFile, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {startDialogd} from '../system/dialogd.mjs';

const run = promisify(execFile);
const MAILS = Number(process.env.MAILS ?? 10000);
const PAIRS = Number(process.env.PAIRS ?? 3);
const source = process.env.TOP_SRCDIR ?? path.resolve('.');
const generator = path.join(process.env.SHARED_DATA ?? path.join(source, '../shared'), 'tools/mkmail.py');
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const big = {maxBuffer: 64 * 1024 * 1024};

async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const {port} = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

async function awaitPort(port) {
    for (let tries = 0; tries < 200; tries++) {
        const open = await new Promise((resolve) => {
            const socket = net.connect(port, '127.0.0.1');
            socket.once('connect', () => { socket.destroy(); resolve(true); });
            socket.once('error', () => resolve(false));
        });
        if (open) return;
        await sleep(50);
    }
    throw new Error('Dovecot does not start');
}

// Dovecot with one user whose INBOX holds the mails.
async function startDovecot(directory) {
    const ports = [await freePort(), await freePort(), await freePort()];
    const maildir = path.join(directory, 'mail/bench');
    await mkdir(path.join(directory, 'mail'), {recursive: true});
    await chmod(directory, 0o755);
    await run('python3', [generator, '-n', String(MAILS), '-m', String(Math.ceil(MAILS * 0.35)), '--seed', '1',
        '--maildir', maildir, '--truth', path.join(directory, 'truth.tsv')], big);
    const child = spawn('/bin/sh', [path.join(source, 'tests/net/dovecot.sh'), directory, ...ports.map(String)],
        {stdio: 'ignore'});
    await awaitPort(ports[0]);
    return {child, port: ports[0]};
}

// Memory in MiB and processor time in seconds of a process and its children.
async function usage(pid) {
    let total = 0, ticks = 0;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
    const more = await Promise.all(threads.map((thread) =>
        readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
    const all = new Set([String(pid), ...[children, ...more].join(' ').split(/\s+/).filter(Boolean)]);
    for (const one of all) {
        const status = await readFile(`/proc/${one}/status`, 'utf8').catch(() => '');
        total += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
        const stat = (await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '')).split(') ').pop().split(' ');
        ticks += Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
    }
    return {resident: total, seconds: ticks / 100};
}

async function ours(port) {
    const server = await startDialogd();
    try {
        let peak = 0, cpu = 0;
        const begun = performance.now();
        const channel = await server.control('channel', 'add', 'email', 'bench', '--no-check',
            '--set', 'address=bench@example.org', '--set', 'incoming=imap', '--set', 'imap_host=127.0.0.1',
            '--set', `imap_port=${port}`, '--set', 'imap_security=plain', '--set', 'imap_user=bench',
            '--set', 'imap_password=secret');
        for (;;) {
            const now = await usage(server.process.pid);
            peak = Math.max(peak, now.resident);
            cpu = now.seconds;
            if (/event=mail_fetched/.test(server.log) || /event=fetch_failed/.test(server.log)) break;
            await sleep(20);
        }
        const seconds = (performance.now() - begun) / 1000;
        const fetched = Number(/mail_fetched.*mails=(\d+)/.exec(server.log)?.[1] ?? 0);
        if (fetched !== MAILS) throw new Error(`${fetched} of ${MAILS} fetched for ${channel.id}:\n${server.log}`);
        return {seconds, peak, cpu};
    } finally {
        await server.remove();
    }
}

async function peer(port) {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-peer-'));
    try {
        const mail = path.join(directory, 'mail');
        await mkdir(mail);
        await writeFile(path.join(directory, 'mbsyncrc'), `FSync yes

IMAPAccount bench
Host 127.0.0.1
Port ${port}
User bench
Pass secret
SSLType None
AuthMechs PLAIN

IMAPStore far
Account bench

MaildirStore near
Path ${mail}/
Inbox ${mail}/INBOX
SubFolders Verbatim

Channel bench
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
`);
        await writeFile(path.join(directory, 'notmuch'), `[database]\npath=${mail}\n[user]\nname=a\nprimary_email=a@example.org\n[new]\ntags=new\n`);
        const environment = {...process.env, HOME: directory, NOTMUCH_CONFIG: path.join(directory, 'notmuch')};
        const begun = performance.now();
        await run('mbsync', ['-q', '-c', path.join(directory, 'mbsyncrc'), 'bench'], {...big, env: environment});
        const synced = performance.now();
        await run('notmuch', ['new', '--quiet'], {...big, env: environment});
        const seconds = (performance.now() - begun) / 1000;
        const {stdout} = await run('notmuch', ['count', '--output=files', '*'], {env: environment});
        if (Number(stdout) !== MAILS) throw new Error(`notmuch holds ${stdout.trim()} of ${MAILS}`);
        return {seconds, sync: (synced - begun) / 1000};
    } finally {
        await rm(directory, {recursive: true});
    }
}

async function main() {
    if (!existsSync(generator)) {
        console.log(`# skipped: ${generator} is absent`);
        return;
    }
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-bench-'));
    const dovecot = await startDovecot(directory);
    try {
        const rounds = [];
        for (let round = 1; round <= PAIRS; round++) {
            const we = await ours(dovecot.port);
            const they = process.env.ALONE ? {seconds: NaN, sync: NaN} : await peer(dovecot.port);
            rounds.push({we, they});
            console.log(`# pair ${round}: dialogd ${we.seconds.toFixed(2)} s, ${we.peak.toFixed(0)} MiB, ${we.cpu.toFixed(1)} s of processors; ` +
                `mbsync + notmuch ${they.seconds.toFixed(2)} s (mbsync ${they.sync.toFixed(2)})`);
        }
        console.log(`ratio mail_ingest ${median(rounds.map(({we, they}) => they.seconds / we.seconds)).toFixed(2)} mbsync+notmuch`);
        console.log(`figure mail_rate ${(MAILS / median(rounds.map(({we}) => we.seconds))).toFixed(0)} mails/s`);
        console.log(`figure mail_rss ${Math.max(...rounds.map(({we}) => we.peak)).toFixed(0)} MiB`);
    } finally {
        dovecot.child.kill('SIGTERM');
        await new Promise((resolve) => dovecot.child.once('exit', resolve));
        await rm(directory, {recursive: true, force: true});
    }
}

await main();
