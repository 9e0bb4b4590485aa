// The SMTP sink of tests/net as a process: takes what the server under test sends.
//
//   const sink = await startSmtpSink(['--rule', 'dot=drop']);
//   sink.port; await sink.accepted(); await sink.lastMail(); await sink.stop();
import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

const build = process.env.TOP_BUILDDIR ?? path.resolve('build');

export async function startSmtpSink(words = []) {
    const directory = await mkdtemp(path.join(tmpdir(), 'smtp-sink-'));
    const [log, mail] = [path.join(directory, 'log'), path.join(directory, 'mail')];
    const process = spawn(path.join(build, 'tests/net/smtp-sink'), ['--log', log, '--mail', mail, ...words],
        {stdio: ['ignore', 'pipe', 'inherit']});
    const exited = new Promise((resolve) => process.once('exit', resolve));
    const port = await new Promise((resolve, reject) => {
        process.stdout.once('data', (text) => resolve(Number(/port (\d+)/.exec(String(text))[1])));
        exited.then(() => reject(new Error('the SMTP sink did not start')));
    });
    const read = (file) => readFile(file, 'utf8').catch(() => '');
    return {
        port,
        // [{id, recipients}] of every mail that it said 250 to.
        accepted: async () => (await read(log)).split('\n').filter(Boolean).map((line) => {
            const [, id, recipients] = line.split(' ');
            return {id, recipients: recipients.split(',')};
        }),
        lastMail: () => read(mail),
        stop: async () => {
            process.kill();
            await exited;
            await rm(directory, {recursive: true, force: true});
        },
    };
}
