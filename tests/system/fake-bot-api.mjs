// A Bot API of Telegram on loopback, as far as dialogd uses it: takes calls, remembers what was
// sent, brings updates by web hook or long poll, and fails on demand. For tests; no packages.
//
//   const bot = await startFakeBotApi();
//   bot.says(7, {text: 'Hei'});                     // a customer writes
//   bot.failNext('sendMessage', {status: 429, description: 'Too Many Requests', parameters: {retry_after: 1}});
//   bot.failNext('sendMessage', {drop: 'after'});   // takes the call, does it, and never answers
//   bot.sent                                        // [{method, chat_id, text, ...}]
import http from 'node:http';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The fields of a multipart body; files as {name, type, bytes}.
function readForm(type, body) {
    const boundary = /boundary=([^;]+)/.exec(type)[1];
    const form = {};
    let at = body.indexOf(`--${boundary}`);
    for (;;) {
        const next = body.indexOf(`--${boundary}`, at + 1);
        if (next === -1) return form;
        const part = body.subarray(at + boundary.length + 4, next - 2);
        const end = part.indexOf('\r\n\r\n');
        const head = part.subarray(0, end).toString();
        const bytes = part.subarray(end + 4);
        const name = / name="([^"]*)"/.exec(head)[1];
        const file = /filename="([^"]*)"/.exec(head);
        form[name] = file ? {name: file[1], type: /Content-Type: (.*)/i.exec(head)?.[1], bytes} : bytes.toString();
        at = next;
    }
}

const readBody = async (request) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
};

function readArguments(request, url, body) {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('multipart/')) return readForm(type, body);
    return body.length > 0 ? JSON.parse(body) : Object.fromEntries(url.searchParams);
}

export class FakeBotApi {
    constructor(token = '6001002003:AAtest') {
        this.token = token;
        this.user = {id: Number(token.split(':')[0]), is_bot: true, first_name: 'Kauppa', username: 'kauppa_bot'};
        this.calls = [];      // {method, arguments}
        this.sent = [];       // messages that went out, with their message_id
        this.updates = [];    // not yet confirmed, for long polls
        this.failures = [];   // {method, ...}
        this.files = new Map(); // file_id -> {path, bytes}
        this.blocked = new Set();
        this.nextUpdate = 500001;
        this.nextMessage = 1000;
        this.webhook = null;  // {url, secret_token}
        this.wakers = new Set();
    }

    async start() {
        this.server = http.createServer((request, answer) => this.take(request, answer).catch(() => answer.destroy()));
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    async stop() {
        this.wake();
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    // The next call of that method fails so: {status, description, parameters}, {hang: ms}, or
    // {drop: 'before' | 'after'}: the connection ends before or after the call has had its effect.
    failNext(method, failure) {
        this.failures.push({method, ...failure});
    }

    chat(id) {
        return {id, first_name: 'Aino', last_name: `Nro ${id}`, type: 'private'};
    }

    from(id) {
        return {id, is_bot: false, first_name: 'Aino', last_name: `Nro ${id}`, language_code: 'fi'};
    }

    // A customer's message with these members; gives it.
    async says(id, members, kind = 'message') {
        const message = {message_id: members.message_id ?? this.nextMessage++, from: this.from(id), chat: this.chat(id),
            date: Math.floor(Date.now() / 1000), ...members};
        await this.bring({[kind]: message});
        return message;
    }

    async edits(message, text) {
        return this.says(message.from.id, {...message, edit_date: Math.floor(Date.now() / 1000), text}, 'edited_message');
    }

    async bring(members) {
        const update = {update_id: this.nextUpdate++, ...members};
        if (this.webhook) return this.post(update);
        this.updates.push(update);
        this.wake();
        return update;
    }

    // Gives the status that the web hook answered.
    async post(update) {
        const answer = await fetch(this.webhook.url, {
            method: 'POST',
            headers: {'content-type': 'application/json', 'x-telegram-bot-api-secret-token': this.webhook.secret_token},
            body: JSON.stringify(update),
        });
        this.hookBody = await answer.text();
        this.hookStatus = answer.status;
        return update;
    }

    addFile(id, bytes) {
        this.files.set(id, {path: `documents/file_${this.files.size}.bin`, bytes});
    }

    wake() {
        for (const waker of this.wakers) waker();
        this.wakers.clear();
    }

    async take(request, answer) {
        const url = new URL(request.url, this.url);
        const body = await readBody(request);
        if (url.pathname.startsWith('/file/')) return this.giveFile(url, answer);
        const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
        if (token !== this.token) return this.reply(answer, 401, {ok: false, error_code: 401, description: 'Unauthorized'});
        const given = readArguments(request, url, body);
        this.calls.push({method, arguments: given});
        const at = this.failures.findIndex((failure) => failure.method === method);
        const failure = at === -1 ? null : this.failures.splice(at, 1)[0];
        if (failure?.drop === 'before') return request.socket.destroy();
        if (failure?.hang) await pause(failure.hang);
        if (failure?.status) return this.refuse(answer, failure.status, failure.description, failure.parameters);
        const result = await (this[`on_${method}`]?.(given) ?? this.send(method, given));
        if (failure?.drop === 'after') return request.socket.destroy();
        if (result.refused) return this.refuse(answer, ...result.refused);
        return this.reply(answer, 200, {ok: true, result: result.result});
    }

    refuse(answer, status, description, parameters) {
        return this.reply(answer, status, {ok: false, error_code: status, description, ...(parameters ? {parameters} : {})});
    }

    reply(answer, status, json) {
        answer.writeHead(status, {'content-type': 'application/json'});
        answer.end(JSON.stringify(json));
    }

    giveFile(url, answer) {
        const path = url.pathname.slice(`/file/bot${this.token}/`.length);
        const file = [...this.files.values()].find((candidate) => candidate.path === path);
        answer.writeHead(file ? 200 : 404, {'content-type': 'application/octet-stream'});
        answer.end(file?.bytes ?? '');
    }

    on_getMe() {
        return {result: this.user};
    }

    on_setWebhook({url, secret_token}) {
        this.webhook = {url, secret_token};
        return {result: true};
    }

    on_deleteWebhook() {
        this.webhook = null;
        return {result: true};
    }

    on_answerCallbackQuery() {
        return {result: true};
    }

    on_getFile({file_id}) {
        const file = this.files.get(file_id);
        if (!file) return {refused: [400, 'Bad Request: file is too big']};
        return {result: {file_id, file_unique_id: `u${file_id}`, file_size: file.bytes.length, file_path: file.path}};
    }

    async on_getUpdates({offset = 0, timeout = 0, limit = 100}) {
        if (this.webhook) return {refused: [409, "Conflict: can't use getUpdates method while webhook is active"]};
        this.updates = this.updates.filter((update) => update.update_id >= offset);
        if (this.updates.length === 0 && timeout > 0)
            await Promise.race([new Promise((resolve) => this.wakers.add(resolve)), pause(Math.min(timeout, 2) * 1000)]);
        return {result: this.updates.filter((update) => update.update_id >= offset).slice(0, limit)};
    }

    send(method, given) {
        if (!/^send(Message|Photo|Document|Video|Audio|Voice|Animation)$/.test(method)) return {refused: [404, 'Not Found']};
        const chat = Number(given.chat_id);
        if (this.blocked.has(chat)) return {refused: [403, 'Forbidden: bot was blocked by the user']};
        const text = given.text ?? given.caption;
        if (given.text?.length > 4096) return {refused: [400, 'Bad Request: message is too long']};
        const message = {message_id: this.nextMessage++, from: this.user, chat: this.chat(chat),
            date: Math.floor(Date.now() / 1000), text};
        this.sent.push({...given, ...message, method, chat_id: chat});
        return {result: message};
    }
}

export const startFakeBotApi = (token) => new FakeBotApi(token).start();

// Tries until check gives something true, or fails after ms.
export async function eventually(what, check, ms = 10000) {
    const end = Date.now() + ms;
    for (;;) {
        const found = await check();
        if (found) return found;
        if (Date.now() > end) throw new Error(`never happened: ${what}`);
        await pause(50);
    }
}
