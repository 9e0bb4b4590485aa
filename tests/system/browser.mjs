// A browser of tests: keeps cookies as a browser does and sends what the page sends.
//
//   const browser = new Browser(server);
//   await browser.signIn('anna@example.org', 'ruosteinen polkupyörä');
//   await browser.call('GET', '/api/v1/session');
//   await setPassword(server, agentId, 'ruosteinen polkupyörä');   // as dialogctl does
import {spawn} from 'node:child_process';
import {createHmac} from 'node:crypto';
import http from 'node:http';
import {program} from './dialogd.mjs';

export class Browser {
    constructor(server, {address} = {}) {
        this.server = server;
        this.cookies = new Map();
        this.address = address; // where it comes from, behind a trusted proxy
    }

    cookieHeader() {
        return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }

    take(answer) {
        for (const line of answer.headers.getSetCookie()) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            if (/Max-Age=0\b/.test(line)) this.cookies.delete(name);
            else this.cookies.set(name, value);
        }
    }

    async call(method, target, body, {headers = {}, keep = true} = {}) {
        const all = {'x-requested-with': 'dialogd', 'sec-fetch-site': 'same-origin', ...headers};
        for (const [name, value] of Object.entries(all)) if (value === null) delete all[name];
        if (this.cookies.size > 0 && !('cookie' in headers)) all.cookie = this.cookieHeader();
        if (this.address) all['x-forwarded-for'] = this.address;
        const answer = await this.server.call(method, target, body, {token: null, headers: all});
        if (keep) this.take(answer);
        return answer;
    }

    signIn(email, password) {
        return this.call('POST', '/api/v1/session', {email, password});
    }
}

// A call over the control socket: as the local administrator.
export function local(server, method, target, body) {
    return new Promise((resolve, reject) => {
        const request = http.request({socketPath: `${server.data}/control.sock`, method, path: target,
            headers: body === undefined ? {} : {'content-type': 'application/json'}}, (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (part) => { text += part; });
            answer.on('end', () => resolve({status: answer.statusCode, headers: answer.headers, text,
                json: text.startsWith('{') ? JSON.parse(text) : null}));
        });
        request.on('error', reject);
        request.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

export async function setPassword(server, agentId, password) {
    const answer = await local(server, 'PUT', `/api/v1/agents/${agentId}/password`, {password});
    if (answer.status !== 204) throw new Error(`no password: ${answer.text}`);
}

// dialogctl VERB ... with a line on standard input; gives {code, stdout, stderr}.
export function controlWith(server, input, ...words) {
    return new Promise((resolve) => {
        const process = spawn(program('dialogctl'), ['-c', server.config, ...words]);
        let [stdout, stderr] = ['', ''];
        process.stdout.on('data', (text) => { stdout += text; });
        process.stderr.on('data', (text) => { stderr += text; });
        process.once('close', (code) => resolve({code, stdout, stderr}));
        process.stdin.end(input);
    });
}

// An agent with a password; gives the agent.
export async function addAgent(server, email, {password, role = 'agent', name = email.split('@')[0]} = {}) {
    const made = await server.call('POST', '/api/v1/agents', {email, name, role});
    if (made.status !== 201) throw new Error(made.text);
    if (password) await setPassword(server, made.json.id, password);
    return made.json;
}

// The code of an app, for the base32 secret that it was given.
export function totp(secret, step = Math.floor(Date.now() / 30000)) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', key).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1000000).padStart(6, '0');
}
