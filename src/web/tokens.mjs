// The colours of the page as one table, light and dark, and the pairs that stand on each other. Writes
// src/styles/tokens.css; the unit tests hold each pair against WCAG's contrast.
import {writeFile} from 'node:fs/promises';

// name: [light, dark]
export const colours = {
    bg0: ['#ffffff', '#14171c'],
    bg1: ['#f5f6f8', '#1b1f26'],
    bg2: ['#eaedf2', '#262b34'],
    sel: ['#dce8fb', '#213a60'],
    line: ['#d3d8e0', '#343b47'],
    edge: ['#757e8c', '#808998'],
    fg: ['#171a20', '#e9ebef'],
    fg2: ['#454d5a', '#bac1cc'],
    fg3: ['#586172', '#a7afbc'],
    acc: ['#1c5bbf', '#8fb8ff'],
    accfg: ['#ffffff', '#0b1626'],
    bad: ['#b3261e', '#ff9d95'],
    warn: ['#8a4f00', '#f2c066'],
    ok: ['#1a6b38', '#7fd69c'],
    in: ['#f1f3f6', '#232830'],
    out: ['#e3eefd', '#1c3152'],
    note: ['#fff4cf', '#3a3115'],
    tag: ['#e3e7ee', '#313845'],
    paper: ['#ffffff', '#ffffff'], // for cameras: the same in the dark
    ink: ['#000000', '#000000'],
    med: ['#1c5bbf', '#8fb8ff'],
    p90: ['#b4540a', '#f0a35e'],
    q1: ['#dbe7fa', '#1f2e47'],
    q2: ['#adc8f3', '#274a7d'],
    q3: ['#6f9fe6', '#3362a8'],
    q4: ['#2f6bcb', '#6f9fe6'],
    q5: ['#163f86', '#b9d3fb'],
};

export const avatars = ['#8a3ffc', '#0b6e75', '#a2352f', '#1c5bbf', '#7a5200', '#2f6f3a'];

// What is written on what, and the least contrast.
const surfaces = ['bg0', 'bg1', 'bg2', 'sel', 'in', 'out', 'note', 'tag'];
export const pairs = [
    ...['fg', 'fg2', 'fg3', 'acc', 'bad', 'warn', 'ok'].flatMap((text) =>
        surfaces.map((surface) => [text, surface, 4.5]),
    ),
    ['accfg', 'acc', 4.5],
    ...['edge', 'acc'].flatMap((edge) => ['bg0', 'bg1', 'bg2'].map((surface) => [edge, surface, 3])),
    ...['med', 'p90'].map((line) => [line, 'bg0', 3]),
];

function luminance(colour) {
    const [red, green, blue] = [1, 3, 5]
        .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}

const rules = (index) =>
    Object.entries(colours)
        .map(([name, values]) => `--${name}:${values[index]}`)
        .join(';');

export async function writeTokens(file) {
    const hues = avatars.map((colour, at) => `--h${at}:${colour}`).join(';');
    await writeFile(
        file,
        [
            '/* Made by tokens.mjs: change the table there. */',
            `:root{color-scheme:light;${rules(0)};${hues}}`,
            `:root[data-theme=dark]{color-scheme:dark;${rules(1)}}`,
            `@media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${rules(1)}}}`,
            '',
        ].join('\n'),
    );
}
