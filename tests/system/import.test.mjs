// Conversations of other help desks: files as their APIs give them become conversations, once.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {program, startDialogd} from './dialogd.mjs';

const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const files = (product) => path.join(source, 'tests/foreign', product);

let server;
let mail;
let chat;
let agent;
let team;
before(async () => {
    server = await startDialogd();
    mail = await server.control('channel', 'add', 'email', 'Support', '--set', 'address=support@example.org', '--no-check');
    chat = await server.addHookChannel('chats');
    agent = await server.control('agent', 'add', 'aino.harju@example.org', 'Aino Harju');
    team = await server.control('team', 'add', 'Support');
});
after(() => server.remove());

const take = (product, ...more) => server.control('import', '--from', product, '--channel', 'Support', ...more, files(product));

async function find(subject) {
    const {items} = await server.control('conversation', 'list', '--view', 'all', '--limit', '200');
    const [found] = items.filter((item) => item.subject === subject);
    assert.ok(found, subject);
    const {json} = await server.call('GET', `/api/v1/conversations/${found.id}`);
    const messages = (await server.call('GET', `/api/v1/conversations/${found.id}/messages`)).json.items;
    return {conversation: json, messages: messages.sort((one, other) => one.occurred_at < other.occurred_at ? -1 : 1)};
}

test('a dry run says what there is and changes nothing', async () => {
    const report = await server.control('import', '--from', 'zammad', '--dry-run', files('zammad'));
    assert.deepEqual([report.conversations, report.in, report.out, report.note], [3, 4, 1, 1]);
    assert.equal((await server.control('conversation', 'list', '--view', 'all')).items.length, 0);
});

test('Zammad: tickets, articles, notes, tags, attachments, Message-IDs', async () => {
    const report = await take('zammad');
    assert.equal(report.stored, 5);
    assert.deepEqual(report.left_out, {organizations: 1, 'users without an address': 2});
    assert.match(report.problems.join('\n'), /message 21: .*attachments\/7\/21\/32 is not saved/);
    assert.match(report.problems.join('\n'), /conversation 9, message 27: its writer has no address in this channel/);
    const {conversation, messages} = await find('Lasku puuttuu');
    assert.equal(conversation.status, 'resolved');
    assert.equal(conversation.priority, 1);
    assert.deepEqual(conversation.tags.map((tag) => tag.name ?? tag).sort(), ['kiireellinen', 'laskutus']);
    assert.equal(conversation.assignee_id, agent.id);
    assert.equal(conversation.team_id, team.id);
    assert.equal(conversation.waiting_since, null);
    assert.deepEqual(messages.map((message) => message.direction), ['in', 'out', 'note', 'in']);
    assert.match(messages[0].text, /lasku 1234 puuttuu/);
    assert.equal(messages[1].agent_id ?? messages[1].agent?.id, agent.id);
    assert.equal(messages[1].attachments[0].name, 'lasku.pdf');
    assert.equal(messages[2].text, 'Soitin myös.');
    assert.equal(messages[3].text, 'Kiitos!');
    assert.equal(messages[0].occurred_at, '2023-03-01T08:00:00.000Z');
    const html = await server.call('GET', `/api/v1/messages/${messages[0].id}`);
    assert.doesNotMatch(html.text, /alert\(1\)/);
    assert.equal((await find('Toimitusaika')).conversation.status, 'open');
});

test('a mail that answers an imported one joins its conversation', async () => {
    const raw = 'From: Onni <onni@kauppa.example>\r\nTo: support@example.org\r\nSubject: Re: Lasku puuttuu\r\nMessage-ID: <uusi@kauppa.example>\r\n' +
        'In-Reply-To: <vastaus-1@example.org>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nUusi kysymys\r\n';
    const {json} = await server.call('POST', '/api/v1/mails?recipient=support@example.org', raw, {headers: {'content-type': 'message/rfc822'}});
    const {conversation} = await find('Lasku puuttuu');
    assert.equal(json.conversation_id, conversation.id);
    assert.equal(conversation.status, 'open');
});

test('importing again adds nothing and changes nothing', async () => {
    const before = await find('Lasku puuttuu');
    const report = await take('zammad');
    assert.equal(report.stored, 0);
    assert.equal(report.known, 5);
    const again = await find('Lasku puuttuu');
    assert.equal(again.messages.length, before.messages.length);
    assert.equal(again.conversation.status, 'open');
});

test('Chatwoot: mails into the mail channel, chats into another', async () => {
    const report = await take('chatwoot');
    assert.match(report.problems.join('\n'), /conversation 12, message 110: its writer has no address/);
    assert.equal(report.left_out.activities, 1);
    const {conversation, messages} = await find('Palautus');
    assert.equal(conversation.priority, 2);
    assert.deepEqual(messages.map((message) => message.direction), ['in', 'out', 'note', 'in']);
    assert.equal(messages[0].attachments[0].name, 'kuva yksi.jpg');
    const chats = await server.control('import', '--from', 'chatwoot', '--channel', 'chats', files('chatwoot'));
    assert.deepEqual([chats.stored, chats.known], [3, 5]); // one message stands in two files
    const {items} = await server.control('conversation', 'list', '--view', 'all', '--limit', '100');
    const talk = items.find((item) => item.channel_id === chat.id);
    const told = (await server.call('GET', `/api/v1/conversations/${talk.id}/messages`)).json.items;
    assert.equal(told.length, 3);
    assert.equal(told.filter((message) => message.author === 'bot').length, 1);
});

test('FreeScout: threads, drafts and history apart', async () => {
    const report = await take('freescout');
    assert.deepEqual(report.left_out, {'drafts and deleted conversations': 1, 'lines of history': 1, drafts: 1});
    const {conversation, messages} = await find('Tilauksen muutos');
    assert.equal(conversation.status, 'resolved');
    assert.deepEqual(messages.map((message) => message.direction), ['in', 'out', 'note']);
    assert.equal(messages[1].attachments[0].name, 'tilaus.txt');
});

test('Zendesk: incremental pages with comments beside them, and an export of lines', async () => {
    const report = await take('zendesk');
    assert.equal(report.left_out['deleted tickets'], 1);
    assert.match(report.problems.join('\n'), /conversation 38: no messages of it are in the files/);
    const {conversation, messages} = await find('Frakt');
    assert.equal(conversation.status, 'resolved');
    assert.deepEqual(messages.map((message) => message.direction), ['in', 'out', 'note']);
    assert.equal(messages[0].attachments[0].name, 'kvitto.png');
    assert.deepEqual((await find('Storlek')).messages.map((message) => message.direction), ['in', 'out']);
});

test('old conversations open no waits, and all is sound', async () => {
    const {json} = await server.call('GET', '/api/v1/waits?state=open');
    assert.ok(json.items.every((wait) => wait.started_at > '2026'), JSON.stringify(json.items));
    assert.equal((await server.control('verify')).is_sound, true);
});

test('killed in the middle and begun again, everything is there once', async () => {
    const directory = path.join(server.directory, 'many');
    await mkdir(directory);
    const tickets = Array.from({length: 400}, (_, at) => JSON.stringify({id: 9000 + at, subject: `Many ${at}`, status: 'closed', requester_id: 1,
        updated_at: '2022-01-02T10:00:00Z', tags: [], comments: Array.from({length: 4}, (__, part) => ({id: at * 4 + part + 90000, author_id: 1,
            body: `Part ${part} of ${at}`, public: part !== 3, created_at: `2022-01-01T1${part}:00:00Z`, attachments: []}))}));
    await writeFile(path.join(directory, 'users.json'), JSON.stringify({users: [{id: 1, name: 'Moa', email: 'moa@many.example', role: 'end-user'}]}));
    await writeFile(path.join(directory, 'tickets.jsonl'), tickets.join('\n'));
    const words = ['-c', server.config, 'import', '--from', 'zendesk', '--as', 'many', '--channel', 'Support', directory];
    const whole = () => server.control('import', '--from', 'zendesk', '--as', 'many', '--channel', 'Support', directory);
    let kills = 0;
    for (let ms = 60; ms < 2000 && kills < 4; ms += 90) {
        const child = spawn(program('dialogctl'), words, {stdio: 'ignore'});
        const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal)));
        const timer = setTimeout(() => child.kill('SIGKILL'), ms);
        kills += (await ended) === 'SIGKILL';
        clearTimeout(timer);
    }
    assert.ok(kills > 0);
    const report = await whole();
    assert.deepEqual([report.conversations, report.in, report.note, report.problems], [400, 1200, 400, []]);
    const again = await whole();
    assert.deepEqual([again.stored, again.known], [0, 1600]);
    assert.equal((await server.control('verify')).is_sound, true);
    const found = await find('Many 399');
    assert.deepEqual(found.messages.map((message) => message.text), ['Part 0 of 399', 'Part 1 of 399', 'Part 2 of 399', 'Part 3 of 399']);
    assert.equal(found.conversation.status, 'resolved');
});

test('a broken file is a line of the report, with its place', async () => {
    const file = path.join(server.directory, 'broken.jsonl');
    await writeFile(file, '{"id": 70, "subject": "Cut", "status": "open", "requester_id": 1, "comments": []}\n{"id": 71, "subject": "Cu');
    const report = await server.control('import', '--from', 'zendesk', '--dry-run', file);
    assert.match(report.problems[0], /broken\.jsonl: after byte \d+: .*left out/);
    assert.equal(report.conversations, 1);
});

test('what to type is said', async () => {
    await assert.rejects(server.control('import', '--from', 'outlook', '--channel', 'Support', '.'), /zammad\|chatwoot\|freescout\|zendesk/);
    await assert.rejects(server.control('import', '--from', 'zammad', files('zammad')), /--channel/);
    await assert.rejects(server.control('import', '--from', 'zammad', '--channel', 'nothing', files('zammad')), /channel list/);
});
