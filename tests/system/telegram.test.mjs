// A Telegram bot against the whole program: messages in by web hook and by long poll, files, edits,
// a refused token; with a fake Bot API on loopback.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {eventually, startFakeBotApi} from './fake-bot-api.mjs';

let server;
let bots = [];
const seconds = () => Math.floor(Date.now() / 1000);
before(async () => { server = await startDialogd({server: {log_level: 'debug'}}); });
after(async () => {
    await server.remove();
    await Promise.all(bots.map((bot) => bot.stop()));
});

async function startBot(number, receive, words = []) {
    const bot = await startFakeBotApi(`600100200${number}:AAsecret${number}`);
    bots.push(bot);
    bot.channel = await server.control('channel', 'add', 'telegram', `bot ${number}`, '--set', `token=${bot.token}`,
        '--set', `api_base=${bot.url}`, '--set', `receive=${receive}`, ...words);
    return bot;
}

// A bot whose web hook is set by hand: the server's address is not public here.
async function startHookBot(number) {
    const bot = await startBot(number, 'webhook', ['--no-check']);
    bot.webhook = {url: server.url + bot.channel.hook_path, secret_token: bot.channel.made_secrets.secret_token};
    return bot;
}

async function conversations(channel) {
    const {json} = await server.call('GET', '/api/v1/conversations');
    return json.items.filter((item) => item.channel_id === channel.id || item.channel?.id === channel.id);
}

async function messages(conversation) {
    return (await server.call('GET', `/api/v1/conversations/${conversation.id}/messages`)).json.items;
}

async function onlyMessages(channel, count = 1) {
    return eventually(`${count} message(s) in one conversation`, async () => {
        const found = await conversations(channel);
        if (found.length !== 1) return null;
        const all = await messages(found[0]);
        return all.length === count ? all : null;
    });
}

test('a web hook is answered with an empty body once its message can be read', async () => {
    const bot = await startHookBot(1);
    await bot.says(71, {text: 'Hei, missä tilaukseni on?'});
    assert.equal(bot.hookStatus, 200);
    assert.equal(bot.hookBody, '');
    const [conversation] = await conversations(bot.channel);
    const [message] = await messages(conversation);
    assert.equal(message.text, 'Hei, missä tilaukseni on?');
});

test('a repeated, a forged and an undecodable web hook', async () => {
    const bot = await startHookBot(2);
    const update = await bot.bring({message: {message_id: 5, from: bot.from(72), chat: bot.chat(72), date: seconds(), text: 'kerran'}});
    for (let round = 0; round < 20; round++) await bot.post(update);
    assert.equal(bot.hookStatus, 200);
    assert.equal((await onlyMessages(bot.channel)).length, 1);
    bot.webhook.secret_token = 'wrong';
    await bot.says(72, {text: 'forged'});
    assert.equal(bot.hookStatus, 401);
    const unknown = await server.call('POST', '/hooks/telegram/nobody', {update_id: 1}, {token: null});
    const forged = await server.call('POST', bot.channel.hook_path, {update_id: 1}, {token: null});
    assert.equal(unknown.status, 401);
    assert.deepEqual(unknown.json, forged.json);
    const undecodable = await server.call('POST', bot.channel.hook_path, '{"update_id":', {token: null,
        headers: {'x-telegram-bot-api-secret-token': bot.channel.made_secrets.secret_token}});
    assert.equal(undecodable.status, 200);
    assert.equal((await onlyMessages(bot.channel)).length, 1);
});

test('a body over the limit is refused while it is read, an encoded one unread', async () => {
    const bot = await startHookBot(3);
    const headers = {'x-telegram-bot-api-secret-token': bot.channel.made_secrets.secret_token};
    const big = await server.call('POST', bot.channel.hook_path, 'x'.repeat(10 * 1024 * 1024 + 1), {token: null, headers})
        .catch((error) => ({status: 413, error}));
    assert.equal(big.status, 413);
    const large = {update_id: 1, message: {message_id: 3, from: bot.from(73), chat: bot.chat(73), date: seconds(), text: 'sana '.repeat(400000)}};
    assert.equal((await server.call('POST', bot.channel.hook_path, large, {token: null, headers})).status, 200);
    const packed = await server.call('POST', bot.channel.hook_path, 'x', {token: null, headers: {...headers, 'content-encoding': 'gzip'}});
    assert.equal(packed.status, 415);
});

test('an edit that comes before its message is applied when the message comes', async () => {
    const bot = await startHookBot(4);
    const message = {message_id: 9, from: bot.from(74), chat: bot.chat(74), date: seconds(), text: 'tilaus 1'};
    await bot.bring({edited_message: {...message, edit_date: seconds() + 60, text: 'tilaus 2'}});
    await bot.bring({message});
    const [kept] = await onlyMessages(bot.channel);
    assert.equal(kept.text, 'tilaus 2');
});

test('long polls bring messages, confirm them only once kept, and follow a restart', async () => {
    const bot = await startBot(5, 'poll');
    assert.equal(bot.channel.address, '@kauppa_bot');
    await bot.says(75, {text: 'yksi'});
    await onlyMessages(bot.channel, 1);
    await server.stop();
    await bot.says(75, {text: 'kaksi'});
    await server.start();
    const all = await onlyMessages(bot.channel, 2);
    assert.deepEqual(all.map((message) => message.text).sort(), ['kaksi', 'yksi']);
    await eventually('what is kept is confirmed', () => bot.updates.length === 0);
});

test('a poll that fails is tried again; a refused token stops the channel until it is changed', async () => {
    const bot = await startBot(6, 'poll');
    bot.failNext('getUpdates', {status: 502, description: 'Bad Gateway'});
    bot.failNext('getUpdates', {drop: 'before'});
    await bot.says(76, {text: 'sitkeä'});
    await onlyMessages(bot.channel, 1);
    const good = bot.token;
    bot.token = '6001002006:AAchanged';
    await bot.says(76, {text: 'toinen'});
    await eventually('needs_sign_in', async () =>
        (await server.call('GET', `/api/v1/channels/${bot.channel.id}`)).json.state === 'needs_sign_in');
    assert.doesNotMatch(server.log, new RegExp(good.split(':')[1]));
    await server.control('channel', 'change', bot.channel.id, '--set', `token=${bot.token}`);
    await onlyMessages(bot.channel, 2);
});

test('a file is fetched after its message, and one that is too big is given up', async () => {
    const bot = await startHookBot(7);
    const bytes = Buffer.from('kuitti '.repeat(5000));
    bot.addFile('F1', bytes);
    bot.failNext('getFile', {status: 500, description: 'Internal Server Error'});
    await bot.says(77, {document: {file_id: 'F1', file_unique_id: 'u', file_name: 'kuitti.txt', mime_type: 'text/plain'}});
    await bot.says(77, {document: {file_id: 'F2', file_unique_id: 'v', file_name: 'koti.mov', file_size: 73400320}});
    const all = await onlyMessages(bot.channel, 2);
    const files = await eventually('both files are settled', async () => {
        const found = (await Promise.all(all.map((message) => server.call('GET', `/api/v1/messages/${message.id}`))))
            .flatMap(({json}) => json.attachments);
        return found.every((file) => file.state !== 'pending') ? found : null;
    }, 20000);
    const kept = files.find((file) => file.name === 'kuitti.txt');
    assert.equal(kept.state, 'stored');
    assert.equal(kept.size, bytes.length);
    assert.equal(files.find((file) => file.name === 'koti.mov').state, 'failed');
    const {text} = await server.call('GET', `/api/v1/attachments/${kept.id}`);
    assert.equal(text, bytes.toString());
    assert.doesNotMatch(server.log, /AAsecret7/);
});

test('a pressed button is acknowledged to Telegram', async () => {
    const bot = await startHookBot(8);
    await bot.bring({callback_query: {id: '4801', from: bot.from(78), chat_instance: '1', data: 'solved:yes'}});
    await eventually('answerCallbackQuery', () => bot.calls.some((call) => call.method === 'answerCallbackQuery' &&
        call.arguments.callback_query_id === '4801'));
});

test('adding a channel asks the provider first and says what it saw', async () => {
    const bot = await startFakeBotApi();
    bots.push(bot);
    const body = {kind: 'telegram', name: 'asked', settings: {token: 'wrong', api_base: bot.url}};
    const refused = await server.call('POST', '/api/v1/channels', body);
    assert.equal(refused.status, 400);
    assert.equal(refused.json.code, 'token_refused');
    body.settings.token = bot.token;
    const made = await server.call('POST', '/api/v1/channels', body);
    assert.equal(made.status, 201);
    assert.deepEqual(made.json.seen, ['Telegram: getMe accepted', 'Telegram: deleteWebhook accepted']);
    assert.doesNotMatch(made.text, /AAtest/);
    const again = await server.call('POST', '/api/v1/channels', body);
    assert.equal(again.status, 409);
    assert.equal(again.json.code, 'channel_exists');
    const unknown = await server.call('POST', '/api/v1/channels', {...body, name: 'x', settings: {...body.settings, colour: 'red'}});
    assert.equal(unknown.json.code, 'setting_unknown');
    assert.equal((await server.call('DELETE', `/api/v1/channels/${made.json.id}`)).status, 204);
    assert.equal((await server.call('GET', `/api/v1/channels/${made.json.id}`)).status, 404);
});
