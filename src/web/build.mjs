// Builds the page: bundles src/ with esbuild into dist/assets (hashed names, split chunks), compresses each file
// with brotli and gzip, and writes dist/files.txt, which lists what the server embeds, one file a line:
// name, type, cache, and the paths of its gzip and brotli forms. Called by make; node build.mjs --watch for work.

import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';
import {build, context} from 'esbuild';
import {writeCatalogues} from './catalogues.mjs';
import {writeTokens} from './tokens.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = path.join(here, 'dist');
const isWatching = process.argv.includes('--watch');

const types = {
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.html': 'text/html; charset=utf-8',
    '.json': 'application/json',
};

const options = {
    absWorkingDir: here,
    entryPoints: {app: 'src/main.tsx', style: 'src/styles/app.css'},
    outdir: 'dist/assets',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: !isWatching,
    sourcemap: isWatching ? 'inline' : false,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
};

const baseName = (file) => path.basename(file);

// The entry with all that it imports at once: what the first screen needs.
function staticFiles(metafile, entry) {
    const found = [];
    const visit = (file) => {
        if (found.includes(file)) return;
        found.push(file);
        for (const {path: next, kind} of metafile.outputs[file].imports) if (kind === 'import-statement') visit(next);
    };
    visit(entry);
    return found;
}

function entryOf(metafile, source) {
    return Object.entries(metafile.outputs).find(([, {entryPoint}]) => entryPoint === source)[0];
}

async function writeShell(metafile) {
    const scripts = staticFiles(metafile, entryOf(metafile, 'src/main.tsx')).map(baseName);
    const style = baseName(entryOf(metafile, 'src/styles/app.css'));
    const preloads = scripts
        .slice(1)
        .map((name) => `<link rel="modulepreload" href="/assets/${name}">`)
        .join('');
    const template = await readFile(path.join(here, 'src/shell.html'), 'utf8');
    const shell = template
        .replace('<!--preloads-->', preloads)
        .replace('<!--style-->', `<link rel="stylesheet" href="/assets/${style}">`)
        .replace('<!--script-->', `<script type="module" src="/assets/${scripts[0]}"></script>`);
    await writeFile(path.join(dist, 'index.html'), shell);
}

async function compress(file) {
    const bytes = await readFile(file);
    await writeFile(
        `${file}.br`,
        brotliCompressSync(bytes, {
            params: {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length},
        }),
    );
    await writeFile(`${file}.gz`, gzipSync(bytes, {level: 9}));
}

async function listFiles() {
    const assets = (await readdir(path.join(dist, 'assets'))).filter((name) => path.extname(name) in types);
    const rows = [
        ['index.html', 'index.html', 'shell'],
        ['favicon.svg', 'favicon.svg', 'shell'],
        ...assets.sort().map((name) => [`assets/${name}`, `assets/${name}`, 'immutable']),
    ];
    for (const [, file] of rows) await compress(path.join(dist, file));
    const lines = rows.map(
        ([name, file, cache]) => `${name}\t${types[path.extname(name)]}\t${cache}\t${file}.gz\t${file}.br\n`,
    );
    await writeFile(path.join(dist, 'files.txt'), lines.join(''));
}

async function finish({metafile}) {
    await writeShell(metafile);
    await writeFile(path.join(dist, 'favicon.svg'), await readFile(path.join(here, 'src/favicon.svg')));
    await writeFile(path.join(dist, 'meta.json'), JSON.stringify(metafile));
    await listFiles();
}

await rm(dist, {recursive: true, force: true});
await mkdir(path.join(dist, 'assets'), {recursive: true});
await writeCatalogues();
await writeTokens(path.join(here, 'src/styles/tokens.css'));
if (isWatching) {
    const plugin = {name: 'finish', setup: (it) => it.onEnd((result) => result.metafile && finish(result))};
    await (await context({...options, plugins: [plugin]})).watch();
} else {
    await finish(await build(options));
}
