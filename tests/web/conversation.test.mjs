// Writing in a conversation, in a real browser: drafts that are never lost, colleagues who answer at once, taking back.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
let server;
let browser;
let page;
let bo;
let conversation;
before(async () => {
    if (skip) return;
    server = await startInbox();
    const agent = await json('POST', '/api/v1/agents', {email: 'bo-two@example.org', name: 'Bo Berg'}, server.token);
    bo = (await json('POST', '/api/v1/tokens', {name: 'bo', agent_id: agent.id}, server.token)).token;
    browser = await launch();
    page = await openPage(browser, server);
    page.setDefaultTimeout(6000);
    await signIn(page);
    const channels = await json('GET', '/api/v1/channels', undefined, server.token);
    const mail = channels.items.find(({kind}) => kind === 'email');
    const {items} = await json('GET', '/api/v1/conversations?view=open&limit=100', undefined, server.token);
    conversation = items.find((one) => one.channel_id === mail.id).id;
    await openConversation();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

async function json(method, target, body, token = bo) {
    const answer = await server.call(method, target, body, {token});
    assert.ok(answer.status < 300, `${method} ${target}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json;
}

async function openConversation(where = page) {
    await where.goto(`/app/inbox/all?c=${conversation}`);
    await where.locator('.message').first().waitFor();
}

const draftPath = () => `/api/v1/conversations/${conversation}/draft`;
const field = () => page.locator('.composer textarea');
const saved = () => page.locator('.draft-state', {hasText: 'Draft saved'}).waitFor();
const ownDraft = async () => (await json('GET', draftPath(), undefined, server.token)).own;

test('what is written stands on the server, and again on another device', {skip}, async () => {
    await field().fill('It is on its way');
    await saved();
    assert.equal((await ownDraft()).text, 'It is on its way');
    const other = await openPage(browser, server);
    await signIn(other);
    await openConversation(other);
    await other.waitForFunction(() => document.querySelector('.composer textarea').value === 'It is on its way');
    await other.context().close();
});

test('a draft survives a reload before it was stored, and what others change', {skip}, async () => {
    await field().pressSequentially('!');
    await page.reload();
    await page.locator('.message').first().waitFor();
    assert.equal(await field().inputValue(), 'It is on its way!');
    await field().focus();
    await json('PATCH', `/api/v1/conversations/${conversation}`, {priority: 2}, server.token);
    await json('POST', `/api/v1/conversations/${conversation}/notes`, {text: 'A word from Bo'});
    await page.getByText('A word from Bo').waitFor();
    assert.equal(await field().inputValue(), 'It is on its way!');
});

test('a draft that cannot be stored says so, and is stored with the next word once the server answers', {skip}, async () => {
    await page.route('**/draft', (route) => route.abort());
    await field().fill('It is on its way, surely');
    await page.locator('.draft-state', {hasText: 'this device only'}).waitFor();
    await page.unroute('**/draft');
    await field().pressSequentially('.');
    await saved();
    assert.equal((await ownDraft()).text, 'It is on its way, surely.');
});

test('where a draft was changed elsewhere too both are shown, and one is chosen', {skip}, async () => {
    const {rev} = await ownDraft();
    await json('PUT', draftPath(), {mode: 'reply', text: 'From the telephone', rev}, server.token);
    await field().fill('From the desk');
    const clash = page.locator('.composer [role=alert]');
    await clash.getByText('From the telephone').waitFor();
    assert.equal(await field().inputValue(), 'From the desk');
    await clash.getByRole('button', {name: 'Keep what I wrote here'}).click();
    await saved();
    assert.equal((await ownDraft()).text, 'From the desk');
});

test('others see whose draft there is, and who looks', {skip}, async () => {
    await json('PUT', draftPath(), {mode: 'reply', text: 'Bo begins'});
    await json('POST', '/api/v1/presence', {conversation, typing: true});
    await page.locator('.presence', {hasText: 'Bo Berg is writing'}).waitFor();
    await json('POST', '/api/v1/presence', {conversation, typing: false});
    await page.locator('.begun', {hasText: 'Draft by Bo Berg'}).waitFor();
    await page.locator('.presence', {hasText: 'Bo Berg is looking'}).waitFor();
});

test('of two who answer one sees what the other wrote, and may send anyway', {skip}, async () => {
    await field().fill('Anna answers');
    await saved();
    await page.route('**/api/v1/conversations/*/messages*', (route) => route.abort()); // what Bo writes is not seen yet
    await json('POST', `/api/v1/conversations/${conversation}/replies`, {text: 'Bo was first', undo_seconds: 600});
    await field().press('Control+Enter');
    const notice = page.locator('.composer [role=alert]');
    await notice.getByText('Bo was first').waitFor();
    assert.equal(await field().inputValue(), 'Anna answers');
    await page.unroute('**/api/v1/conversations/*/messages*');
    await notice.getByRole('button', {name: 'Send anyway'}).click();
    await page.locator('.message.out', {hasText: 'Anna answers'}).waitFor();
    assert.equal(await field().inputValue(), '');
    assert.equal(await ownDraft(), null);
});

test('within its hold a reply says when it leaves, and comes back whole', {skip}, async () => {
    const bubble = page.locator('.message.out', {hasText: 'Anna answers'});
    assert.match(await bubble.getByRole('timer').textContent(), /Leaves in \d+ s/);
    await bubble.getByRole('button', {name: 'Take back'}).click();
    await page.waitForFunction(() => document.querySelector('.composer textarea').value === 'Anna answers');
    await page.locator('.delivery.cancelled').waitFor();
});

test('a file is brought, stays with the draft, and can be removed', {skip}, async () => {
    await page.locator('.file-button input').setInputFiles({name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('here')});
    await page.locator('.composer .tile', {hasText: '4 B'}).waitFor();
    await saved();
    assert.deepEqual((await ownDraft()).attachments.map(({name}) => name), ['map.txt']);
    await page.getByRole('button', {name: 'Remove map.txt'}).click();
    await page.locator('.composer .tile').waitFor({state: 'detached'});
});

test('/ after a space inserts a canned reply, filled in', {skip}, async () => {
    await json('POST', '/api/v1/canned-replies', {name: 'On its way', shortcut: 'way', owner: 'all',
        texts: [{language: 'en', text: 'Dear {{customer.first_name|friend}}, soon.'}]}, server.token);
    await field().fill('');
    await field().pressSequentially('1/2 /');
    await page.locator('dialog [role=option]', {hasText: 'On its way'}).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /^1\/2 Dear \w+, soon\.$/.test(document.querySelector('.composer textarea').value));
});

test('@ in a note names a colleague, who is told', {skip}, async () => {
    await page.getByRole('tab', {name: 'Note'}).click();
    await field().pressSequentially('Look, @');
    await page.locator('dialog input').fill('Bo Berg');
    await page.locator('dialog [role=option]', {hasText: 'Bo Berg'}).click();
    await page.waitForFunction(() => document.querySelector('.composer textarea').value === 'Look, @Bo Berg ');
    await page.getByRole('button', {name: 'Add note'}).click();
    await page.locator('.message.note', {hasText: 'Look, @Bo Berg'}).waitFor();
    const {items} = await json('GET', '/api/v1/notices');
    assert.ok(items.some((notice) => notice.conversation_id === conversation));
    await page.getByRole('tab', {name: 'Reply'}).click();
    assert.match(await field().inputValue(), /^1\/2 Dear/);
});
