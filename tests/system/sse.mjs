// A client of GET /api/v1/events for tests: reads server-sent events off a socket.
import http from 'node:http';

export class EventReader {
    constructor(server, {lastId, token = server.token} = {}) {
        this.events = [];
        this.lives = []; // told once and not kept
        this.waiters = [];
        this.ended = new Promise((resolve) => { this.end = resolve; });
        const headers = {authorization: `Bearer ${token}`, ...(lastId === undefined ? {} : {'last-event-id': String(lastId)})};
        this.opened = new Promise((resolve, reject) => {
            this.request = http.get(`${server.url}/api/v1/events`, {headers, agent: false}, (response) => {
                this.response = response;
                let text = '';
                response.setEncoding('utf8');
                response.on('data', (part) => {
                    text += part;
                    for (let at; (at = text.indexOf('\n\n')) >= 0; text = text.slice(at + 2)) this.take(text.slice(0, at));
                });
                response.on('close', () => this.end());
                resolve(response);
            });
            this.request.on('error', (error) => { reject(error); this.end(); });
        });
    }

    take(block) {
        const fields = {};
        for (const line of block.split('\n')) {
            const colon = line.indexOf(':');
            if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
        }
        if (fields.event === 'live') { this.lives.push(JSON.parse(fields.data)); this.waiters = this.waiters.filter((waiter) => !waiter()); return; }
        if (fields.event) { this.bye = fields.data; return; }
        if (!fields.data) return;
        this.events.push({seq: Number(fields.id), at: performance.now(), ...JSON.parse(fields.data)});
        this.waiters = this.waiters.filter((waiter) => !waiter());
    }

    // Waits until the predicate holds for the events so far.
    async until(predicate, ms = 10000) {
        if (predicate(this.events)) return;
        await new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`after ${ms} ms: ${this.events.length} events`)), ms);
            this.waiters.push(() => predicate(this.events) && (clearTimeout(timer), resolve(), true));
        });
    }

    close() {
        this.request.destroy();
    }
}
