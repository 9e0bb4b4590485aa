// Signing in by a provider, and linking an account, in a real browser against a real provider.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startOidcProvider} from '../system/oidc-provider.mjs';
import {installPeers} from '../system/peers.mjs';
import {launch, openPage, signIn, skipReason, startInbox} from './browser.mjs';
import {freePort} from './mail-peers.mjs';

const {modules, reason} = await installPeers();
const skip = skipReason() ?? reason ?? false;
let server;
let browser;
let provider;
before(async () => {
    if (skip) return;
    const port = await freePort();
    provider = await startOidcProvider(modules);
    server = await startInbox({demo: false, settings: {http: {listen: `127.0.0.1:${port}`, public_url: `http://127.0.0.1:${port}`}, network: {allow_private_addresses: 'yes'}}});
    const made = await server.call('POST', '/api/v1/oidc-providers', {name: 'Example', issuer: provider.issuer, client_id: 'dialogd',
        client_secret: 'a secret of 24 letters!!', domains: ['example.org'], new_role: 'agent'});
    assert.equal(made.status, 201, made.text);
    provider.serve(`${server.url}/oidc/${made.json.id}/callback`);
    browser = await launch();
});
after(async () => {
    await browser?.close();
    provider?.stop();
    await server?.remove();
});

// Who the provider takes one for: signs in there and agrees.
async function atProvider(page, account) {
    await page.locator('input[name=login]').fill(account);
    await page.locator('input[name=password]').fill('x');
    await page.locator('button[type=submit]').click();
    await page.locator('input[name=prompt][value=consent]').waitFor({state: 'attached'});
    await page.locator('button[type=submit]').click();
}

test('the button of a provider leads in, to where one wanted to go', {skip}, async () => {
    const page = await openPage(browser, server);
    await page.goto('/app/settings/security?from=mail');
    await page.getByRole('button', {name: 'Continue with Example'}).click();
    await atProvider(page, 'aino');
    await page.getByRole('heading', {name: 'Linked accounts'}).waitFor();
    assert.ok(page.url().endsWith('/app/settings/security?from=mail'));
    await page.getByRole('cell', {name: provider.issuer}).waitFor();
    await page.context().close();
});

test('a stranger whom the provider knows is told why they are not let in', {skip}, async () => {
    const page = await openPage(browser, server);
    await page.goto('/app/inbox');
    await page.getByRole('button', {name: 'Continue with Example'}).click();
    await atProvider(page, 'stranger');
    await page.getByRole('alert').getByText('This account belongs to nobody here').waitFor();
    await page.context().close();
});

test('an account is linked, leads to its owner, and is unlinked', {skip}, async () => {
    const page = await openPage(browser, server);
    await signIn(page, {to: '/app/settings/security'});
    await page.getByRole('button', {name: 'Link Example'}).click();
    await atProvider(page, 'stranger');
    await page.getByRole('cell', {name: provider.issuer}).waitFor();
    await page.getByRole('button', {name: 'Unlink'}).click();
    await page.getByRole('cell', {name: provider.issuer}).waitFor({state: 'detached'});
    await page.context().close();
});
