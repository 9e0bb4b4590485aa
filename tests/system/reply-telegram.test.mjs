// Replies to a Telegram chat through the whole program, against a Bot API that fails on demand: text,
// quotes, files, long texts in parts and in order, 429, lost answers, blocked bots, groups that moved.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {eventually, startFakeBotApi} from './fake-bot-api.mjs';

let server;
let bot;
let channel;
let number = 500;
before(async () => {
    server = await startDialogd();
    bot = await startFakeBotApi('700100200:AAreply');
    channel = await server.control('channel', 'add', 'telegram', 'bot', '--set', `token=${bot.token}`,
        '--set', `api_base=${bot.url}`, '--set', 'receive=webhook', '--no-check');
    bot.webhook = {url: server.url + channel.hook_path, secret_token: channel.made_secrets.secret_token};
});
after(async () => {
    await server.remove();
    await bot.stop();
});

// A customer's chat of their own: {conversation, message, chat}.
async function newChat() {
    const chat = ++number;
    await bot.says(chat, {text: `hello from ${chat}`});
    return eventually('the conversation', async () => {
        const {json} = await server.call('GET', '/api/v1/conversations?view=all&limit=200');
        for (const item of json.items) {
            const {json: list} = await server.call('GET', `/api/v1/conversations/${item.id}/messages`);
            if (list.items[0]?.text === `hello from ${chat}`) return {id: item.id, message: list.items[0], chat};
        }
        return null;
    });
}

const reply = async (conversation, body) => {
    const {status, json} = await server.call('POST', `/api/v1/conversations/${conversation.id}/replies`, body);
    assert.equal(status, 201, JSON.stringify(json));
    return json;
};
const state = (message, wanted) => eventually(`the message is ${wanted}`, async () => {
    const {json} = await server.call('GET', `/api/v1/messages/${message.id}`);
    return json.state === wanted ? json : null;
});
const sentTo = (chat) => bot.sent.filter((message) => Number(message.chat_id) === chat);

test('a text reaches the chat, with the message that it answers', async () => {
    const chat = await newChat();
    const message = await reply(chat, {text: 'Se on matkalla.', quoted_message_id: chat.message.id});
    await state(message, 'accepted');
    const [sent] = sentTo(chat.chat);
    assert.equal(sent.text, 'Se on matkalla.');
    assert.ok(JSON.stringify(sent).includes('reply_parameters'));
});

test('a long text goes in parts and in order', async () => {
    const chat = await newChat();
    const message = await reply(chat, {text: Array.from({length: 1500}, (_, at) => `word${at}`).join(' ')});
    await state(message, 'accepted');
    const texts = sentTo(chat.chat).map((sent) => sent.text);
    assert.ok(texts.length > 1);
    assert.equal(texts.join(' ').replace(/\s+/g, ' '), Array.from({length: 1500}, (_, at) => `word${at}`).join(' '));
    const {json: parts} = await server.call('GET', `/api/v1/messages/${message.id}/parts`);
    assert.deepEqual(parts.items.map((part) => part.state), texts.map(() => 'accepted'));
    assert.equal(new Set(parts.items.map((part) => part.provider_id)).size, texts.length);
});

test('a file is sent along', async () => {
    const chat = await newChat();
    const message = await reply(chat, {text: 'Kuitti', attachments: [
        {name: 'kuitti.txt', type: 'text/plain', content: Buffer.from('12,50').toString('base64')}]});
    await state(message, 'accepted');
    assert.ok(sentTo(chat.chat).some((sent) => sent.method === 'sendDocument'));
});

test('429 is tried again after its delay', async () => {
    const chat = await newChat();
    bot.failNext('sendMessage', {status: 429, description: 'Too Many Requests: retry after 1', parameters: {retry_after: 1}});
    const begun = Date.now();
    await state(await reply(chat, {text: 'later'}), 'accepted');
    assert.ok(Date.now() - begun >= 900);
    assert.equal(sentTo(chat.chat).length, 1);
});

test('a lost answer is unknown and never sent again by itself', async () => {
    const chat = await newChat();
    bot.failNext('sendMessage', {drop: 'after'});
    const message = await reply(chat, {text: 'once'});
    await state(message, 'unknown');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(sentTo(chat.chat).length, 1);
    assert.equal((await server.call('POST', `/api/v1/messages/${message.id}/check`)).status, 409);
    await server.call('POST', `/api/v1/messages/${message.id}/resend`);
    await state(message, 'accepted');
    assert.equal(sentTo(chat.chat).length, 2);
});

test('a customer who blocked the bot is refused and known', async () => {
    const chat = await newChat();
    bot.failNext('sendMessage', {status: 403, description: 'Forbidden: bot was blocked by the user'});
    const message = await reply(chat, {text: 'are you there?'});
    const refused = await state(message, 'refused');
    assert.match(refused.state_reason, /blocked/);
});

test('a chat takes no recipients, and a bot cannot begin', async () => {
    const chat = await newChat();
    const {status, json} = await server.call('POST', `/api/v1/conversations/${chat.id}/replies`, {text: 'x', to: ['a@example.com']});
    assert.equal(status, 400);
    assert.equal(json.code, 'channel_has_no_recipients');
    const begun = await server.call('POST', '/api/v1/conversations', {channel_id: channel.id, text: 'x', to: ['1']});
    assert.equal(begun.json.code, 'channel_cannot_begin');
});
