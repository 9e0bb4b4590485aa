// Mail for tests of the page: a real Dovecot (tests/net/dovecot.sh) and reading what the SMTP sink took.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chown, mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';

const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname, '../..');

export const dovecotReason = () => (existsSync('/usr/sbin/dovecot') ? undefined : 'Dovecot is not installed (Debian: dovecot-imapd)');

export function freePort() {
    return new Promise((resolve, reject) => {
        const listener = net.createServer().once('error', reject);
        listener.listen(0, '127.0.0.1', () => {
            const {port} = listener.address();
            listener.close(() => resolve(port));
        });
    });
}

async function takesConnections(port) {
    for (let at = 0; at < 200; at++) {
        const is = await new Promise((resolve) => {
            const socket = net.connect(port, '127.0.0.1').once('connect', () => { socket.destroy(); resolve(true); });
            socket.once('error', () => resolve(false));
        });
        if (is) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Dovecot takes no connections');
}

// {imap, put(user, mail), stop()}: every user's password is "secret".
export async function startDovecot() {
    const directory = await mkdtemp(path.join(tmpdir(), 'dovecot-'));
    const [imap, imaps, pop3] = [await freePort(), await freePort(), await freePort()];
    const child = spawn('sh', [path.join(source, 'tests/net/dovecot.sh'), directory, imap, imaps, pop3].map(String), {stdio: 'ignore'});
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await takesConnections(imap);
    return {
        imap,
        async put(user, mail) {
            const {uid, gid} = await stat(path.join(directory, 'mail'));
            const box = path.join(directory, 'mail', user);
            for (const name of ['', 'cur', 'new', 'tmp']) {
                await mkdir(path.join(box, name), {recursive: true});
                await chown(path.join(box, name), uid, gid);
            }
            const file = path.join(box, 'new', `${Date.now()}.M1P1.host`);
            await writeFile(file, mail);
            await chown(file, uid, gid);
        },
        stop: async () => {
            child.kill();
            await exited;
            await rm(directory, {recursive: true, force: true});
        },
    };
}

function decoded(mail) {
    const body = mail.slice(mail.search(/\r?\n\r?\n/));
    if (/^Content-Transfer-Encoding: base64/im.test(mail)) return Buffer.from(body.replace(/\s/g, ''), 'base64').toString();
    const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString();
}

// The path with token of the link in the mail that the sink took for that address, once it is there.
export async function linkMailed(sink, email, page) {
    for (let at = 0; at < 150; at++) {
        const mail = await sink.lastMail();
        const link = mail.includes(`<${email}>`) ? new RegExp(`(/app/${page}#[A-Za-z0-9_-]{43})`).exec(decoded(mail)) : null;
        if (link) return link[1];
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no mail with a link to ${page} for ${email}`);
}
