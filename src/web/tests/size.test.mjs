// What the browser must load: bounds of ui.md 4.3, over the files as they are sent.
import assert from 'node:assert/strict';
import {readdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const KIB = 1024;
const sizeOf = async (name) => (await stat(path.join(dist, 'assets', `${name}.br`))).size;

test('the inbox route is small, and every chunk that comes later too', async () => {
    const shell = await readFile(path.join(dist, 'index.html'), 'utf8');
    const first = [...shell.matchAll(/\/assets\/([\w-]+\.js)/g)].map(([, name]) => name);
    let total = 0;
    for (const name of new Set(first)) total += await sizeOf(name);
    assert.ok(first.length > 0 && total <= 40 * KIB, `inbox route: ${total} bytes`);
    for (const name of (await readdir(path.join(dist, 'assets'))).filter((one) => one.endsWith('.js')))
        assert.ok((await sizeOf(name)) <= 40 * KIB, `${name}: ${await sizeOf(name)} bytes`);
});

test('the styles are small', async () => {
    for (const name of (await readdir(path.join(dist, 'assets'))).filter((one) => one.endsWith('.css')))
        assert.ok((await sizeOf(name)) <= 12 * KIB, name);
});
