// Pictures of every screen, desktop and phone, light and dark, with demo data: node tests/web/pictures.mjs DIRECTORY
// (make pictures). Look at them whenever a screen changes.
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {launch, openPage, signIn, startInbox} from './browser.mjs';
import {screens} from './screens.mjs';

const [directory = 'pictures', only] = process.argv.slice(2);
await mkdir(directory, {recursive: true});
const server = await startInbox();
const browser = await launch();
try {
    for (const viewport of ['desktop', 'phone'])
        for (const scheme of ['light', 'dark']) {
            const page = await openPage(browser, server, {viewport, scheme});
            await signIn(page);
            for (const {name, show} of screens) {
                if (only && name !== only) continue;
                await show(page);
                await page.waitForTimeout(300);
                await page.screenshot({path: path.join(directory, `${name}-${viewport}-${scheme}.png`)});
            }
            await page.context().close();
        }
} finally {
    await browser.close();
    await server.remove();
}
