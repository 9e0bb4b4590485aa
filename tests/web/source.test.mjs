// The source of the page: types, lints, unit tests, sizes. Skips, saying so, where its packages are not installed.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';

const run = promisify(execFile);
const web = path.join(process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..'), 'src/web');
const binary = (name) => path.join(web, 'node_modules/.bin', name);
const skip = existsSync(binary('tsc')) ? undefined : 'the packages of src/web are not installed (npm ci)';
const passes = async (command, words) => {
    const {stdout = '', stderr = '', code = 0} = await run(command, words, {cwd: web, maxBuffer: 1 << 24}).catch((failure) => failure);
    assert.equal(code, 0, stdout + stderr);
};

test('types agree', {skip}, () => passes(binary('tsc'), ['--noEmit']));
test('biome has nothing to say', {skip}, () => passes(binary('biome'), ['check', '--error-on-warnings', '.']));
test('unit tests pass', {skip}, () => passes(process.execPath, ['--test', 'tests/texts.test.mjs', 'tests/tokens.test.mjs', 'tests/size.test.mjs']));
