// A real browser on a real server, for the tests of the page: dialogd with demo data on a free port, Debian's
// Chromium, a signed-in agent. Skips, saying so, where there is no Chromium or the packages of src/web are missing.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {program, startDialogd} from '../system/dialogd.mjs';

const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const modules = createRequire(path.join(source, 'src/web/package.json'));
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];
export const PASSWORD = 'correct horse battery lamp';

// Why there can be no test here, or undefined.
export function skipReason() {
    if (Number(process.versions.node.split('.')[0]) < 20) return 'Node is older than 20';
    if (!existsSync(CHROMIUM)) return 'Chromium is not installed (Debian: chromium)';
    try {
        modules.resolve('playwright-core');
    } catch {
        return 'the packages of src/web are not installed (npm ci)';
    }
    return undefined;
}

function setPassword(server, agent) {
    return new Promise((resolve, reject) => {
        const child = spawn(program('dialogctl'), ['-c', server.config, 'agent', 'password', agent], {stdio: ['pipe', 'ignore', 'pipe']});
        let problem = '';
        child.stderr.on('data', (text) => { problem += text; });
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(problem))));
        child.stdin.end(`${PASSWORD}\n`);
    });
}

// The server with an administrator who has a password, and with demo data unless {demo: false}.
export async function startInbox({demo = true, settings = {}} = {}) {
    const server = await startDialogd(settings);
    try {
        await setPassword(server, server.agent.id);
        await server.stop();
        if (demo) await server.control('demo');
        return await server.start();
    } catch (failure) {
        await server.remove();
        throw failure;
    }
}

export async function launch() {
    const {chromium} = modules('playwright-core');
    return chromium.launch({executablePath: CHROMIUM, args: FLAGS});
}

export const viewports = {desktop: {width: 1360, height: 850}, phone: {width: 390, height: 844}, narrow: {width: 320, height: 640}};

// A page of its own context. problems gathers whatever the console complains of: a test may ask that it be empty.
export async function openPage(browser, server, {viewport = 'desktop', scheme = 'light', locale = 'en-GB'} = {}) {
    const context = await browser.newContext({viewport: viewports[viewport], colorScheme: scheme, locale, baseURL: server.url});
    const page = await context.newPage();
    page.problems = [];
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') page.problems.push(message.text()); });
    page.on('pageerror', (error) => page.problems.push(String(error)));
    return page;
}

export async function signIn(page, {email = 'anna@example.org', password = PASSWORD, to = '/app/inbox'} = {}) {
    await page.goto(to);
    await page.getByLabel(/email|sähköposti|e-post/i).fill(email);
    await page.getByLabel(/password|salasana|lösenord/i).fill(password);
    await page.locator('.sign-in-form button[type=submit]').click();
    await page.locator('.frame').waitFor();
    page.problems.length = 0; // a 401 before signing in is no problem
}

// axe-core's findings (WCAG 2.2 A and AA, best practices), as lines. Run through the protocol: the page's policy stays.
export async function audit(page) {
    const {source: axe} = modules('axe-core');
    const session = await page.context().newCDPSession(page);
    const evaluate = async (expression) => {
        const {result, exceptionDetails} = await session.send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true});
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    };
    await evaluate(`${axe}; 0`);
    const found = JSON.parse(await evaluate(`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false})
        .then(({violations}) => JSON.stringify(violations.map(({id, nodes}) => ({id, targets: nodes.map(({target, failureSummary}) => target.join(' ') + ': ' + failureSummary)}))))`));
    await session.detach();
    return found.flatMap(({id, targets}) => targets.map((target) => `${id} ${target}`));
}
