// The texts: i18n/AREA.json holds each key once with its English, Finnish and Swedish side by side; this writes one
// catalogue a language into src/i18n/texts/ for the bundler. The unit tests look that none lacks a language, that
// placeholders agree and that no key is unused.
import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const languages = ['en', 'fi', 'sv'];
const here = fileURLToPath(new URL('.', import.meta.url));

// [key, {en, fi, sv}] of all areas; a key that stands twice is an error.
export async function readTexts() {
    const texts = new Map();
    for (const file of (await readdir(path.join(here, 'i18n'))).filter((name) => name.endsWith('.json')).sort())
        for (const [key, entry] of Object.entries(JSON.parse(await readFile(path.join(here, 'i18n', file), 'utf8')))) {
            if (texts.has(key)) throw new Error(`i18n/${file}: ${key} stands twice`);
            texts.set(key, entry);
        }
    return texts;
}

// The source that the first screen needs: all that main.tsx imports at once.
async function readFirstSource() {
    const found = new Map();
    const visit = async (file) => {
        const name = ['', '.ts', '.tsx']
            .map((ending) => file + ending)
            .find((one) => /\.tsx?$/.test(one) && existsSync(one));
        if (!name || found.has(name)) return;
        const code = await readFile(name, 'utf8');
        found.set(name, code);
        for (const [, next] of code.matchAll(/^(?:import|export)\s+(?!type\s)[^;]*?from '(\.[^']+)'/gm))
            await visit(path.join(path.dirname(name), next));
    };
    await visit(path.join(here, 'src/main.tsx'));
    return [...found.values()].join('\n');
}

const write = (name, texts, keys, language) =>
    writeFile(
        path.join(here, `src/i18n/texts/${name}.json`),
        `${JSON.stringify(Object.fromEntries(keys.map((key) => [key, texts.get(key)[language]])))}\n`,
    );

// English in two parts: what the first screen says is bundled with it, the rest comes with the first other screen.
export async function writeCatalogues() {
    const texts = await readTexts();
    const keys = [...texts.keys()].sort();
    const source = await readFirstSource();
    const made = [...source.matchAll(/(?:\bt|textOf)\(\s*`([\w.]+)\$\{/g)].map(([, start]) => start);
    const isFirst = (key) => source.includes(`'${key}'`) || made.some((start) => key.startsWith(start));
    await mkdir(path.join(here, 'src/i18n/texts'), {recursive: true});
    for (const language of languages) await write(language, texts, keys, language);
    await write('en.first', texts, keys.filter(isFirst), 'en');
    await write(
        'en.more',
        texts,
        keys.filter((key) => !isFirst(key)),
        'en',
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeCatalogues();
