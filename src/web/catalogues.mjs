// The texts: i18n/AREA.json holds each key once with its English, Finnish and Swedish side by side; this writes one
// catalogue a language into src/i18n/texts/ for the bundler. The unit tests look that none lacks a language, that
// placeholders agree and that no key is unused.
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

export async function writeCatalogues() {
    const texts = await readTexts();
    const keys = [...texts.keys()].sort();
    await mkdir(path.join(here, 'src/i18n/texts'), {recursive: true});
    for (const language of languages) {
        const catalogue = Object.fromEntries(keys.map((key) => [key, texts.get(key)[language]]));
        await writeFile(path.join(here, `src/i18n/texts/${language}.json`), `${JSON.stringify(catalogue)}\n`);
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeCatalogues();
