// Starts the real dialogd on a data directory of its own and a free port, for system tests. Used by
// tests/system/*.test.mjs; needs nothing but Node.
//
//   import {startDialogd} from './dialogd.mjs';
//   const server = await startDialogd({http: {connections: 100}});
//   const answer = await server.call('GET', '/api/v1/me');   // {status, headers, json, text}
//   await server.stop();
import {execFile, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const build = process.env.TOP_BUILDDIR ?? path.resolve('build');
export const program = (name) => path.join(build, 'src', name);

// A sanitizer's build is slow and large: bounds of time and memory do not hold for it.
export const isSanitized = /__[at]san_init/.test(readFileSync(program('dialogd'), 'latin1'));

function configText(directory, settings) {
    const sections = {
        server: {data_directory: path.join(directory, 'data'), ...settings.server},
        http: {listen: '127.0.0.1:0', ...settings.http},
        ...Object.fromEntries(Object.entries(settings).filter(([name]) => !['server', 'http'].includes(name))),
    };
    return Object.entries(sections)
        .map(([name, keys]) => `[${name}]\n` + Object.entries(keys).map(([key, value]) => `${key} = ${value}\n`).join(''))
        .join('');
}

export class Dialogd {
    constructor(directory) {
        this.directory = directory;
        this.config = path.join(directory, 'dialogd.conf');
        this.data = path.join(directory, 'data');
        this.log = '';
    }

    // dialogctl VERB ... --json; gives the JSON, throws {code, stderr} on failure.
    async control(...words) {
        const {stdout} = await run(program('dialogctl'), ['-c', this.config, '--json', ...words],
            {maxBuffer: 256 * 1024 * 1024});
        return stdout === '' ? null : JSON.parse(stdout);
    }

    async start(environment = {}) {
        const begun = performance.now();
        this.process = spawn(program('dialogd'), ['-c', this.config],
            {stdio: ['ignore', 'ignore', 'pipe'], env: {...process.env, ...environment}});
        this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({code, signal})));
        this.process.stderr.setEncoding('utf8');
        this.port = await new Promise((resolve, reject) => {
            this.process.stderr.on('data', (text) => {
                this.log += text;
                const ready = /event=ready .*port=(\d+)/.exec(this.log.slice(this.readFrom ?? 0));
                if (ready) resolve(Number(ready[1]));
            });
            this.exited.then(() => reject(new Error(`dialogd did not start:\n${this.log}`)));
        });
        this.readyMs = performance.now() - begun;
        this.url = `http://127.0.0.1:${this.port}`;
        return this;
    }

    // Ends it as a service manager would; gives {code, signal, ms}.
    async stop(signal = 'SIGTERM') {
        const begun = performance.now();
        if (this.process?.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
        const end = await this.exited;
        this.readFrom = this.log.length;
        return {...end, ms: performance.now() - begun};
    }

    async restart() {
        await this.stop();
        return this.start();
    }

    // Ends it and removes all that it kept.
    async remove() {
        if (this.process) await this.stop();
        await rm(this.directory, {recursive: true, force: true});
    }

    // One call of the API as the administrator (or with another token; null: none).
    async call(method, target, body, {token = this.token, headers = {}} = {}) {
        const all = {...(token ? {authorization: `Bearer ${token}`} : {}), ...headers};
        if (body !== undefined && !('content-type' in all)) all['content-type'] = 'application/json';
        const raw = typeof body === 'string' || body instanceof Uint8Array;
        const answer = await fetch(this.url + target,
            {method, headers: all, redirect: 'manual', body: body === undefined || raw ? body : JSON.stringify(body)});
        const text = await answer.text();
        const type = answer.headers.get('content-type') ?? '';
        return {status: answer.status, headers: answer.headers, text, json: /[/+]json\b/.test(type) && text ? JSON.parse(text) : null};
    }

    // A web hook channel that takes messages by its unguessable address alone.
    async addHookChannel(name = 'hooks') {
        return this.control('channel', 'add', 'generic', name, '--set', 'verification=address', '--no-check');
    }

    // One customer's message through it; contact and conversation are the source's names for them.
    async receive(channel, {id, contact = 'c1', conversation = `k-${contact}`, text = 'Hello', subject = 'Question'}) {
        const body = {type: 'message.created', id: `event-${id}`, occurred_at: new Date().toISOString(),
            contact: {id: contact, name: `Customer ${contact}`}, conversation: {id: conversation, subject}, message: {id, text}};
        return this.call('POST', channel.hook_path, body, {token: null});
    }

    // Memory of the server process alone, in MiB.
    async residentMiB() {
        const status = await readFile(`/proc/${this.process.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    }
}

// Makes the data directory with an administrator, whose token calls use, and starts the server.
export async function startDialogd(settings = {}) {
    const directory = await mkdtemp(path.join(tmpdir(), 'dialogd-test-'));
    const server = new Dialogd(directory);
    await writeFile(server.config, configText(directory, settings));
    const made = await server.control('init', '--email', 'anna@example.org', '--name', 'Anna Admin');
    server.token = made.token.token;
    server.agent = made.agent;
    return server.start();
}
