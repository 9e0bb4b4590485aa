// The texts: whole in each language, with the same placeholders, and none that nothing uses.
import assert from 'node:assert/strict';
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {languages, readTexts} from '../catalogues.mjs';

const texts = await readTexts();
const source = fileURLToPath(new URL('../src', import.meta.url));
const files = (await readdir(source, {recursive: true})).filter((name) => /\.tsx?$/.test(name));
const code = (await Promise.all(files.map((name) => readFile(path.join(source, name), 'utf8')))).join('\n');

const forms = (entry) => (typeof entry === 'string' ? [entry] : [entry.one, entry.other]);
const placeholders = (text) =>
    [...text.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name)
        .sort()
        .join();

test('each text stands in each language, in the same forms', () => {
    for (const [key, entry] of texts) {
        assert.deepEqual(Object.keys(entry).sort(), [...languages].sort(), key);
        for (const language of languages) {
            assert.equal(typeof entry[language], typeof entry.en, `${key} ${language}`);
            for (const text of forms(entry[language])) assert.ok(text?.trim(), `${key} ${language} is empty`);
        }
    }
});

test('placeholders agree', () => {
    for (const [key, entry] of texts) {
        const wanted = placeholders(forms(entry.en).at(-1));
        for (const language of languages)
            for (const text of forms(entry[language]))
                assert.equal(placeholders(text) || wanted, wanted, `${key} ${language}`);
    }
});

test('no text is unused, and no key is asked for that there is not', () => {
    const made = [...code.matchAll(/(?:\bt|textOf)\(\s*`([\w.]+)\$\{/g)].map(([, start]) => start);
    for (const key of texts.keys())
        assert.ok(code.includes(`'${key}'`) || made.some((start) => key.startsWith(start)), `${key} is not used`);
    for (const [, key] of code.matchAll(/\bt\(\s*'([\w.]+)'/g)) assert.ok(texts.has(key), `${key} is no text`);
});
