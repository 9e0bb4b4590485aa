// A receiver of web hooks out for tests: keeps what it is sent, answers as it is told, and checks
// signatures of Standard Webhooks by itself.
import {createHmac} from 'node:crypto';
import http from 'node:http';

export class HookReceiver {
    constructor() {
        this.got = [];
        this.waiters = [];
        this.answer = () => ({status: 200, body: 'ok'});
        this.server = http.createServer((request, response) => {
            let text = '';
            request.setEncoding('utf8');
            request.on('data', (part) => { text += part; });
            request.on('end', () => this.take(request, response, text));
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `http://127.0.0.1:${this.port}/hook`;
        return this;
    }

    take(request, response, text) {
        const one = {path: request.url, headers: request.headers, text, body: JSON.parse(text), id: request.headers['webhook-id'], at: performance.now()};
        this.got.push(one);
        const {status = 200, body = '', headers = {}, hold = false} = this.answer(one, this.got.length) ?? {};
        if (!hold) {
            response.writeHead(status, headers);
            response.end(body);
        }
        this.waiters = this.waiters.filter((waiter) => !waiter());
    }

    // Waits until the predicate holds for what came so far.
    async until(predicate, ms = 8000) {
        if (predicate(this.got)) return;
        await new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`after ${ms} ms: ${JSON.stringify(this.got.map(({body}) => body.type))}`)), ms);
            this.waiters.push(() => predicate(this.got) && (clearTimeout(timer), resolve(), true));
        });
    }

    close() {
        this.server.closeAllConnections();
        this.server.close();
    }
}

// The entries of webhook-signature that this secret made.
export function validEntries({id, headers, text}, secret) {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const mac = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${text}`).digest('base64');
    return headers['webhook-signature'].split(' ').filter((entry) => entry === `v1,${mac}`);
}
