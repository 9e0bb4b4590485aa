// The settings of people and work, in a real browser.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {addAgent} from '../system/browser.mjs';
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
