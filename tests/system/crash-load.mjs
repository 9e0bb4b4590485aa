// The load of the crash test: mail by LMTP, mail that appears in a Dovecot mailbox, replies by HTTP.
// Each notes what it was told is done. Used by crash.test.mjs alone.
import {execFile, spawn} from 'node:child_process';
import {chmod, chown, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const {port} = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

export const mail = (id) => `Return-Path: <${id}@example.net>\r\nFrom: Customer ${id} <${id}@example.net>\r\n` +
    `To: help@example.org\r\nSubject: Order ${id}\r\nMessage-ID: <${id}@example.net>\r\n\r\nWhere is order ${id}?\r\n`;

// One LMTP session that delivers one mail: true when the server said that it has it.
export function deliver(port, id) {
    const replies = [['220', 'LHLO crash.example'], ['250', `MAIL FROM:<${id}@example.net>`], ['250', 'RCPT TO:<help@example.org>'],
        ['250', 'DATA'], ['354', mail(id).replace(/^\./gm, '..') + '.'], ['250', 'QUIT']];
    return new Promise((resolve) => {
        let step = 0, buffer = '', taken = false;
        const socket = net.connect(port, '127.0.0.1');
        socket.setTimeout(10000, () => socket.destroy());
        socket.on('error', () => {});
        socket.on('close', () => resolve(taken));
        socket.on('data', (data) => {
            buffer += data;
            for (let end; (end = buffer.indexOf('\r\n')) >= 0; buffer = buffer.slice(end + 2)) {
                const line = buffer.slice(0, end);
                if (line[3] === '-' || step >= replies.length) continue;
                if (!line.startsWith(replies[step][0])) return socket.destroy();
                taken ||= step === replies.length - 1;
                socket.write(replies[step++][1] + '\r\n');
            }
        });
    });
}

// A Dovecot of our own with one mailbox; null where there is none to run.
export async function startDovecot() {
    const found = await run('sh', ['-c', 'command -v dovecot && command -v openssl']).then(() => true, () => false);
    if (!found) return null;
    const directory = await mkdtemp(path.join(tmpdir(), 'crash-imap-'));
    await chmod(directory, 0o755); // Dovecot serves mail as another user
    const home = path.join(directory, 'dovecot');
    const [imap, imaps, pop3] = [await freePort(), await freePort(), await freePort()];
    const script = path.join(process.env.TOP_SRCDIR ?? '.', 'tests/net/dovecot.sh');
    const child = spawn('sh', [script, home, imap, imaps, pop3], {stdio: 'ignore'});
    const exited = new Promise((resolve) => child.once('exit', resolve));
    while (!await new Promise((resolve) => {
        const socket = net.connect(imap, '127.0.0.1', () => resolve(true));
        socket.on('error', () => resolve(false));
        socket.on('connect', () => socket.destroy());
    })) {
        if (child.exitCode !== null) throw new Error('Dovecot did not start');
        await sleep(100);
    }
    const owner = process.getuid() === 0
        ? (await run('sh', ['-c', 'id -u mail; id -g mail'])).stdout.trim().split('\n').map(Number) : null;
    const own = (file) => owner ? chown(file, ...owner) : undefined;
    const box = path.join(home, 'mail', 'crash');
    for (const name of ['', 'cur', 'new', 'tmp']) {
        await mkdir(path.join(box, name), {recursive: true});
        await own(path.join(box, name));
    }
    return {
        port: imap,
        // As a mail server puts it there: whole, or not at all.
        async drop(id) {
            const [from, to] = ['tmp', 'new'].map((name) => path.join(box, name, `${Date.now()}.${id}.crash`));
            await writeFile(from, mail(id));
            await own(from);
            await rename(from, to);
        },
        async stop() {
            child.kill();
            await exited;
            await rm(directory, {recursive: true, force: true});
        },
    };
}

// Runs step(number) again and again until stopped, at most so many times a second.
export function repeat(perSecond, step) {
    let going = true;
    const ended = (async () => {
        for (let number = 1; going; number++) {
            const begun = performance.now();
            await step(number);
            await sleep(Math.max(0, 1000 / perSecond - (performance.now() - begun)));
        }
    })();
    return async () => { going = false; await ended; };
}

// Tries until it is done, as a mail server or a page would.
export async function insist(what, attempt) {
    for (let tries = 0; tries < 600; tries++) {
        const done = await attempt();
        if (done) return done;
        await sleep(50);
    }
    throw new Error(`${what} was never accepted`);
}
