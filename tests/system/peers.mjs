// Peers of the tests from a lock file: installed once into the build directory. Gives the directory of
// node_modules, or a reason why it is not there, with which a test skips.
//
//   const {modules, reason} = await installPeers();
import {execFile} from 'node:child_process';
import {copyFile, mkdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);
const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const build = process.env.TOP_BUILDDIR ?? path.resolve('build');

export async function installPeers() {
    const directory = path.resolve(build, 'tests/system/peers');
    const modules = path.join(directory, 'node_modules');
    const lock = path.join(source, 'tests/system/package-lock.json');
    try {
        const [wanted, present] = await Promise.all([lock, path.join(directory, 'package-lock.json')].map((file) => readFile(file, 'utf8').catch(() => '')));
        if (wanted === present && (await stat(path.join(modules, '.package-lock.json')).catch(() => null))) return {modules};
        await mkdir(directory, {recursive: true});
        await copyFile(path.join(source, 'tests/system/package.json'), path.join(directory, 'package.json'));
        await copyFile(lock, path.join(directory, 'package-lock.json'));
        await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {cwd: directory, timeout: 120000});
        return {modules};
    } catch (error) {
        return {reason: `npm cannot install the peers of this test: ${String(error.message).split('\n')[0]}`};
    }
}
