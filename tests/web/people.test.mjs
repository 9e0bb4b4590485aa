// The settings of people and work, in a real browser.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {after, before, test} from 'node:test';
import {addAgent} from '../system/browser.mjs';
import {program} from '../system/dialogd.mjs';
import {eventually} from '../system/fake-bot-api.mjs';
import {launch, openPage, PASSWORD, signIn, skipReason, startInbox} from './browser.mjs';

const skip = skipReason();
let server;
let browser;
before(async () => {
    if (skip) return;
    server = await startInbox();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const dialog = (page) => page.locator('dialog[open]');
const row = (page, text) => page.locator('tbody tr').filter({hasText: text});

async function administrator(to) {
    const page = await openPage(browser, server);
    await signIn(page, {to});
    return page;
}

async function press(scope, name) {
    await scope.getByRole('button', {name, exact: true}).click();
}

async function saved(page, name = 'Save') {
    await press(dialog(page), name);
    await dialog(page).waitFor({state: 'detached'});
}

test('an administrator makes a role, invites somebody into it, and takes them out of work and back', {skip}, async () => {
    const page = await administrator('/app/settings/roles');
    await press(page, 'Add a role');
    await dialog(page).getByLabel('Name').fill('Auditor');
    await dialog(page).getByLabel('Read the audit log').check();
    await saved(page);
    await row(page, 'Auditor').waitFor();

    await page.goto('/app/settings/agents');
    await press(page, 'Invite somebody');
    await dialog(page).getByLabel('Name').fill('Aino Audit');
    await dialog(page).getByLabel('Email').fill('aino@example.org');
    await dialog(page).getByLabel('Role').selectOption('Auditor');
    await saved(page);
    await row(page, 'Aino Audit').getByText('Auditor').waitFor();
    const {json: {items}} = await server.call('GET', '/api/v1/agents');
    const aino = items.find(({email}) => email === 'aino@example.org');
    const {status} = await server.call('GET', `/api/v1/agents/${aino.id}/invitation`);
    assert.equal(status, 200, 'she was invited');

    await press(row(page, 'Aino Audit'), 'Disable');
    await saved(page, 'Disable');
    await row(page, 'Aino Audit').getByText('disabled').waitFor();
    await press(row(page, 'Aino Audit'), 'Enable');
    await saved(page, 'Enable');
    await press(row(page, 'Aino Audit'), 'Availability');
    await dialog(page).getByLabel('State').selectOption('away');
    await dialog(page).getByLabel('Conversations at most').fill('7');
    await saved(page);
    await row(page, 'Aino Audit').getByText('away').waitFor();
    const {json: {availability}} = await server.call('GET', `/api/v1/agents/${aino.id}`);
    assert.equal(availability.capacity, 7);
    assert.deepEqual(page.problems, []);
});

test('nobody is offered to grant more than they may, and is told why when a role is beyond theirs', {skip}, async () => {
    await server.call('POST', '/api/v1/roles', {name: 'Team lead', permissions: ['conversation_read', 'customer_read', 'agent_manage']});
    await addAgent(server, 'lead@example.org', {password: PASSWORD, role: 'Team lead'});
    const page = await openPage(browser, server);
    await signIn(page, {email: 'lead@example.org', to: '/app/settings/roles'});
    await press(page, 'Add a role');
    assert.equal(await dialog(page).getByLabel('Erase customers').count(), 0);
    await dialog(page).getByLabel('Read conversations').waitFor();
    await page.goto('/app/settings/agents');
    await press(page, 'Invite somebody');
    await dialog(page).getByLabel('Name').fill('Boss');
    await dialog(page).getByLabel('Email').fill('boss@example.org');
    await dialog(page).getByLabel('Role').selectOption('administrator');
    await press(dialog(page), 'Save');
    await dialog(page).getByRole('alert').getByText('This role may do more than yours').waitFor();
});

test('a tag is added, renamed and merged into another', {skip}, async () => {
    const page = await administrator('/app/settings/tags');
    for (const name of ['first-tag', 'second-tag']) {
        await press(page, 'Add a tag');
        await dialog(page).getByLabel('Name').fill(name);
        await saved(page);
        await row(page, name).waitFor();
    }
    await press(row(page, 'first-tag'), 'Change');
    await dialog(page).getByLabel('Name').fill('renamed-tag');
    await saved(page);
    await press(row(page, 'renamed-tag'), 'Merge');
    await dialog(page).getByLabel('Into').selectOption('second-tag');
    await saved(page, 'Merge');
    await row(page, 'renamed-tag').waitFor({state: 'detached'});
    assert.equal(await row(page, 'second-tag').count(), 1);
    assert.deepEqual(page.problems, []);
});

function deliver(subject) {
    const mail = `From: Veera <veera@example.com>\nTo: help@example.org\nSubject: ${subject}\nMessage-ID: <${encodeURIComponent(subject)}@example.com>\n\nHello\n`;
    return new Promise((resolve) => {
        const child = spawn(program('dialogctl'), ['-c', server.config, 'deliver', '--recipient', 'help@example.org', '--sender', 'veera@example.com'],
            {stdio: ['pipe', 'ignore', 'inherit']});
        child.once('exit', resolve);
        child.stdin.end(mail);
    });
}

test('a rule is built, tried on past conversations, and a mail makes it act, as its log tells', {skip}, async () => {
    await server.control('channel', 'add', 'email', 'help', '--set', 'address=help@example.org', '--set', 'incoming=none',
        '--set', 'smtp_host=localhost', '--set', 'smtp_port=1', '--set', 'smtp_security=plain', '--no-check');
    assert.equal(await deliver('Zebra refund of before'), 0);
    const page = await administrator('/app/settings/rules');
    await press(page, 'Add a rule');
    await dialog(page).getByLabel('Name').fill('Refunds');
    await press(dialog(page), 'Add a condition');
    await dialog(page).getByLabel('What is looked at').selectOption('conversation.subject');
    await dialog(page).getByLabel('Value').first().fill('zebra refund');
    await dialog(page).getByLabel('Value').last().fill('refund-tag');
    await press(dialog(page), 'Try on past conversations');
    await dialog(page).getByText(/It would act on 1 of/).waitFor();
    await dialog(page).getByRole('cell', {name: 'Zebra refund of before'}).waitFor();
    await saved(page);
    await row(page, 'Refunds').waitFor();

    assert.equal(await deliver('Zebra refund of now'), 0);
    assert.equal(await deliver('Something else'), 0);
    await eventually('the mail is tagged', async () => {
        const {json} = await server.call('GET', '/api/v1/conversations?view=all');
        const found = json.items.find(({subject}) => subject === 'Zebra refund of now');
        return found?.tags.includes('refund-tag');
    });
    await press(row(page, 'Refunds'), 'Log');
    await dialog(page).getByRole('cell', {name: 'done', exact: true}).waitFor();
    await dialog(page).getByText('Decided by: Subject of the conversation').waitFor();
    assert.deepEqual(page.problems, []);
});

test('rules are put in another order and groups stand in groups', {skip}, async () => {
    const page = await administrator('/app/settings/rules');
    await press(page, 'Add a rule');
    await dialog(page).getByLabel('Name').fill('Grouped');
    await press(dialog(page), 'Add a condition');
    await dialog(page).getByLabel('Value').first().fill('one');
    await press(dialog(page), 'Add a group');
    await dialog(page).getByLabel('Value').nth(1).fill('two');
    await dialog(page).getByLabel('Value').last().fill('grouped-tag');
    await saved(page);
    await press(row(page, 'Grouped'), 'Earlier');
    await page.locator('tbody tr').first().getByText('Grouped').waitFor();
    const {json: {items}} = await server.call('GET', '/api/v1/rules');
    assert.deepEqual(items[0].conditions.all.map((node) => Object.keys(node)[0]), ['field', 'any']);
    assert.deepEqual(page.problems, []);
});

test('a macro is made for everybody of the actions that rules have', {skip}, async () => {
    const page = await administrator('/app/settings/macros');
    await press(page, 'Add a macro');
    await dialog(page).getByLabel('Name').fill('Close as spam');
    await dialog(page).getByLabel('For').selectOption('all');
    await dialog(page).getByLabel('Value').fill('spam');
    await press(dialog(page), 'Add an action');
    await dialog(page).getByLabel('Action', {exact: true}).last().selectOption('set_status');
    await saved(page);
    await row(page, 'Close as spam').getByText('everybody').waitFor();
    const {json: {items}} = await server.call('GET', '/api/v1/macros');
    const made = items.find(({name}) => name === 'Close as spam');
    assert.deepEqual(made.actions, [{action: 'add_tag', tag: 'spam'}, {action: 'set_status', status: 'resolved'}]);
    assert.deepEqual(page.problems, []);
});

test('a custom field with choices is added, and its choices are changed', {skip}, async () => {
    const page = await administrator('/app/settings/fields');
    await press(page, 'Add a field');
    await dialog(page).getByLabel('Label').fill('Lamp colour');
    await dialog(page).getByLabel('Key').fill('lamp_colour');
    await dialog(page).getByLabel('Kind').selectOption('choice');
    await dialog(page).getByLabel('Choices').fill('red\nblue');
    await saved(page);
    await press(row(page, 'Lamp colour'), 'Change');
    await dialog(page).getByLabel('Choices').fill('red\nblue\ngreen');
    await saved(page);
    await row(page, 'Lamp colour').waitFor();
    const {json: {items}} = await server.call('GET', '/api/v1/fields');
    assert.deepEqual(items.find(({key}) => key === 'lamp_colour').choices, ['red', 'blue', 'green']);
    assert.deepEqual(page.problems, []);
});
