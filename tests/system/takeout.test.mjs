// An archive as Google Takeout writes it: one mbox of all mails, labels in a header, From lines quoted.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

const mail = ({id, labels, from = 'leo@kallio.example', to = 'support@example.org', more = '', body = 'Hello', thread = '1700'}) =>
    `From ${thread}${id}@xxx Mon Mar 06 10:0${id}:00 +0000 2023\r\nX-GM-THRID: ${thread}\r\nX-Gmail-Labels: ${labels}\r\n` +
    `From: ${from}\r\nTo: ${to}\r\nSubject: Delivery\r\nMessage-ID: <${id}@kallio.example>\r\nDate: Mon, 06 Mar 2023 10:0${id}:00 +0000\r\n` +
    `${more}\r\n${body}\r\n\r\n`;

let server;
let channel;
before(async () => {
    server = await startDialogd();
    channel = await server.control('channel', 'add', 'email', 'Support', '--set', 'address=support@example.org', '--no-check');
});
after(() => server.remove());

test('labels become tags, sent mails are ours, drafts are left out, quoted From lines come back', async () => {
    const file = path.join(server.directory, 'All mail Including Spam and Trash.mbox');
    await writeFile(file, mail({id: 1, labels: 'Inbox,Category Updates,=?UTF-8?Q?L=C3=A4hetykset?=,Opened', body: 'Hello\r\n\r\n>From here it was sent\r\n>>From there\r\n'}) +
        mail({id: 2, labels: 'Sent', from: 'support@example.org', to: 'leo@kallio.example', more: 'In-Reply-To: <1@kallio.example>\r\n', body: 'It comes'}) +
        mail({id: 3, labels: 'Drafts', from: 'support@example.org', to: 'leo@kallio.example', body: 'Never sent'}));
    const counts = await server.control('import', channel.id, file);
    assert.deepEqual(counts, {stored: 2, duplicate: 0, quarantined: 0, refused: 1});
    const {items} = await server.control('conversation', 'list', '--view', 'all');
    assert.equal(items.length, 1);
    const conversation = (await server.call('GET', `/api/v1/conversations/${items[0].id}`)).json;
    assert.deepEqual(conversation.tags.map((tag) => tag.name ?? tag), ['Lähetykset']);
    const messages = (await server.call('GET', `/api/v1/conversations/${items[0].id}/messages`)).json.items;
    assert.deepEqual(messages.map(({direction}) => direction).sort(), ['in', 'out']);
    assert.match(messages.find(({direction}) => direction === 'in').text, /^From here it was sent\n>From there$/m);
    assert.deepEqual(await server.control('import', channel.id, file), {stored: 0, duplicate: 3, quarantined: 0, refused: 0});
});

test('a stranger who writes the header tags nothing', async () => {
    const raw = 'From: eve@evil.example\r\nTo: support@example.org\r\nSubject: Hi\r\nMessage-ID: <e1@evil.example>\r\nX-Gmail-Labels: Sent,VIP\r\n\r\nHi\r\n';
    const {json} = await server.call('POST', '/api/v1/mails?recipient=support@example.org', raw, {headers: {'content-type': 'message/rfc822'}});
    const conversation = (await server.call('GET', `/api/v1/conversations/${json.conversation_id}`)).json;
    assert.deepEqual(conversation.tags, []);
    const messages = (await server.call('GET', `/api/v1/conversations/${json.conversation_id}/messages`)).json.items;
    assert.equal(messages[0].direction, 'in');
});
