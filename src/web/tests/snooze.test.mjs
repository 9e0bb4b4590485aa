// Snooze in words, in three languages.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL('../src/inbox/snooze-words.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
});
const {snoozeUntil} = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

// A Tuesday, 10:20.
const now = new Date(2026, 10, 24, 10, 20);
const local = (date) =>
    date &&
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')} ${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;

const meant = {
    '3h': '2026-11-24 13:20',
    '3 t': '2026-11-24 13:20',
    '1,5 tim': '2026-11-24 11:50',
    'om 2 timmar': '2026-11-24 12:20',
    'in 30 minutes': '2026-11-24 10:50',
    '2 pv': '2026-11-26 10:20',
    '1 vk': '2026-12-01 10:20',
    'ma 9': '2026-11-30 09:00',
    'Mån 9.30': '2026-11-30 09:30',
    'monday at 3 pm': '2026-11-30 15:00',
    'ti 9': '2026-12-01 09:00',
    'ti klo 11': '2026-11-24 11:00',
    to: '2026-11-26 09:00',
    imorgon: '2026-11-25 09:00',
    'i morgon kl 14': '2026-11-25 14:00',
    'huomenna 8': '2026-11-25 08:00',
    'ylihuomenna iltapäivällä': '2026-11-26 13:00',
    'tomorrow morning': '2026-11-25 09:00',
    ikväll: '2026-11-24 18:00',
    illalla: '2026-11-24 18:00',
    'ensi viikolla': '2026-11-30 09:00',
    'nästa vecka 10': '2026-11-30 10:00',
    'next week': '2026-11-30 09:00',
    14: '2026-11-24 14:00',
    '9:15': '2026-11-25 09:15',
    '24.12.': '2026-12-24 09:00',
    '24.12 klo 12': '2026-12-24 12:00',
    '3.1.': '2027-01-03 09:00',
    '2026-12-01 8': '2026-12-01 08:00',
};

for (const [words, expected] of Object.entries(meant))
    test(`"${words}" is ${expected}`, () => assert.equal(local(snoozeUntil(words, now)), expected));

for (const words of ['', 'soon', '25', '31.2.', 'ma 9 tai 10', 'today 9', '2020-01-01', '0h', 'ma kahdeksan'])
    test(`"${words}" is not taken for a time`, () => assert.equal(snoozeUntil(words, now), null));

test('a day later keeps the clock over the change to winter time', () => {
    process.env.TZ = 'Europe/Helsinki';
    const before = new Date(2026, 9, 24, 9, 0);
    assert.equal(local(snoozeUntil('2 d', before)), '2026-10-26 09:00');
});
