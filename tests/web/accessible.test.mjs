// axe finds nothing on any screen, in light and dark, on a desk, a phone and at 320 pixels.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {audit, launch, openPage, signIn, skipReason, startInbox, viewports} from './browser.mjs';
import {screens} from './screens.mjs';

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

for (const viewport of Object.keys(viewports))
    for (const scheme of ['light', 'dark'])
        test(`no violation on a ${viewport} in ${scheme}`, {skip}, async () => {
            const page = await openPage(browser, server, {viewport, scheme});
            const found = [];
            await page.goto('/app/inbox');
            await page.locator('.sign-in-form').waitFor();
            found.push(...(await audit(page)).map((line) => `sign-in: ${line}`));
            await signIn(page);
            for (const {name, show} of screens) {
                await show(page);
                found.push(...(await audit(page)).map((line) => `${name}: ${line}`));
            }
            await page.context().close();
            assert.deepEqual(found, []);
        });
