// Replies to Telegram through the whole program: quotes, files, long texts, and everything that a
// Bot API may answer; sent once whatever happens.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {eventually, startFakeBotApi} from './fake-bot-api.mjs';

let server;
const bots = [];
before(async () => { server = await startDialogd(); });
after(async () => {
    await server.remove();
    await Promise.all(bots.map((bot) => bot.stop()));
});

async function startBot(number) {
    const bot = await startFakeBotApi(`600100300${number}:AAsecret${number}`);
    bots.push(bot);
    const channel = await server.control('channel', 'add', 'telegram', `bot ${number}`, '--set', `token=${bot.token}`,
        '--set', `api_base=${bot.url}`, '--set', 'receive=webhook', '--no-check');
    bot.channel = channel;
    bot.webhook = {url: server.url + channel.hook_path, secret_token: channel.made_secrets.secret_token};
    return bot;
}

// The conversation that a customer's message began, with that message.
async function begin(bot, id, text = 'Hei') {
    const message = await bot.says(id, {text});
    const {json} = await server.call('GET', '/api/v1/conversations');
    const conversation = json.items.find((item) => item.channel_id === bot.channel.id && item.preview === text);
    const {json: list} = await server.call('GET', `/api/v1/conversations/${conversation.id}/messages`);
    return {id: conversation.id, message, row: list.items[0]};
}

async function reply(conversation, body) {
    const {status, json} = await server.call('POST', `/api/v1/conversations/${conversation.id}/replies`, {undo_seconds: 0, ...body});
    assert.equal(status, 201, JSON.stringify(json));
    return json;
}

const state = (message, wanted) => eventually(`the message is ${wanted}`, async () => {
    const {json} = await server.call('GET', `/api/v1/messages/${message.id}`);
    return json.state === wanted ? json : null;
});

test('a reply goes to the chat, and answers the wait', async () => {
    const bot = await startBot(1);
    const conversation = await begin(bot, 81, 'Missä tilaus on?');
    const sent = await state(await reply(conversation, {text: 'Selvitämme *heti*.'}), 'accepted');
    assert.equal(bot.sent.length, 1);
    assert.equal(bot.sent[0].chat_id, 81);
    assert.equal(bot.sent[0].text, 'Selvitämme *heti*.');
    assert.equal(bot.sent[0].parse_mode, undefined);
    const {json} = await server.call('GET', `/api/v1/conversations/${conversation.id}`);
    assert.equal(json.waiting_since, null);
    assert.equal(sent.direction, 'out');
});

test('a reaction and a quote of our reply find it, whenever they come', async () => {
    const bot = await startBot(2);
    const conversation = await begin(bot, 82);
    const sent = await state(await reply(conversation, {text: 'Kumpi tilaus?'}), 'accepted');
    const quoted = {message_id: bot.sent[0].message_id, chat: bot.chat(82), date: 1, text: 'Kumpi tilaus?'};
    await bot.says(82, {text: 'tuo', reply_to_message: quoted});
    const {json} = await server.call('GET', `/api/v1/conversations/${conversation.id}/messages`);
    assert.equal(json.items.find((message) => message.text === 'tuo').quoted_message_id, sent.id);
});

test('a long reply goes in pieces, in order', async () => {
    const bot = await startBot(3);
    const conversation = await begin(bot, 83);
    const text = Array.from({length: 1500}, (_, at) => `sana${at}`).join(' ');
    await state(await reply(conversation, {text}), 'accepted');
    assert.ok(bot.sent.length > 1);
    assert.ok(bot.sent.every((message) => message.text.length <= 4096));
    assert.equal(bot.sent.map((message) => message.text).join(' '), text);
});

test('a picture goes with its caption, a second file after it', async () => {
    const bot = await startBot(0);
    const conversation = await begin(bot, 80);
    const attachments = [
        {name: 'kuva.png', type: 'image/png', content: Buffer.from('not really a picture').toString('base64')},
        {name: 'ohje "ä".pdf', type: 'application/pdf', content: Buffer.from('%PDF').toString('base64')},
    ];
    await state(await reply(conversation, {text: 'Ohessa.', attachments}), 'accepted');
    const [picture, file] = bot.sent;
    assert.deepEqual([picture.method, picture.text, picture.photo.bytes.toString()], ['sendPhoto', 'Ohessa.', 'not really a picture']);
    assert.deepEqual([file.method, file.text, file.document.name], ['sendDocument', undefined, 'ohje %22ä%22.pdf']);
});

test('too many requests: sent once, after the pause that Telegram asks for', async () => {
    const bot = await startBot(4);
    const conversation = await begin(bot, 84);
    bot.failNext('sendMessage', {status: 429, description: 'Too Many Requests: retry after 1', parameters: {retry_after: 1}});
    const begun = Date.now();
    await state(await reply(conversation, {text: 'kerran'}), 'accepted');
    assert.ok(Date.now() - begun >= 1000);
    assert.equal(bot.sent.length, 1);
});

test('a customer who blocked the bot: refused, and shown so', async () => {
    const bot = await startBot(5);
    const conversation = await begin(bot, 85);
    bot.blocked.add(85);
    const message = await state(await reply(conversation, {text: 'ei perille'}), 'refused');
    assert.match(message.state_reason, /blocked by the user/);
});

test('an answer that is lost leaves the reply unknown, and it is never sent again by itself', async () => {
    const bot = await startBot(6);
    const conversation = await begin(bot, 86);
    bot.failNext('sendMessage', {drop: 'after'});
    await state(await reply(conversation, {text: 'ehkä perillä'}), 'unknown');
    await server.restart();
    bot.webhook.url = server.url + bot.channel.hook_path;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(bot.sent.length, 1);
    assert.equal(bot.calls.filter((call) => call.method === 'sendMessage').length, 1);
});

test('a server error is tried again, a moved group is followed', async () => {
    const bot = await startBot(7);
    const conversation = await begin(bot, 87);
    bot.failNext('sendMessage', {status: 400, description: 'Bad Request: group chat was upgraded to a supergroup chat',
        parameters: {migrate_to_chat_id: -10087}});
    await state(await reply(conversation, {text: 'perässä'}), 'accepted');
    assert.deepEqual(bot.sent.map((message) => message.chat_id), [-10087]);
});

test('a message that is gone is answered without its quote', async () => {
    const bot = await startBot(8);
    const conversation = await begin(bot, 88);
    bot.failNext('sendMessage', {status: 400, description: 'Bad Request: message to be replied not found'});
    await state(await reply(conversation, {text: 'ilman', quoted_message_id: conversation.row.id}), 'accepted');
    const tries = bot.calls.filter((call) => call.method === 'sendMessage').map((call) => call.arguments.reply_parameters?.message_id);
    assert.deepEqual(tries, [conversation.message.message_id, undefined]);
});

test('a refused token stops the channel; what waits goes out once it works again', async () => {
    const bot = await startBot(9);
    const conversation = await begin(bot, 89);
    const good = bot.token;
    bot.token = '6001003009:AAother';
    const message = await reply(conversation, {text: 'odottaa'});
    await eventually('needs_sign_in', async () =>
        (await server.call('GET', `/api/v1/channels/${bot.channel.id}`)).json.state === 'needs_sign_in');
    bot.token = good;
    await server.control('channel', 'change', bot.channel.id, '--set', `token=${good}`, '--no-check');
    await state(message, 'accepted');
    assert.equal(bot.sent.length, 1);
});
