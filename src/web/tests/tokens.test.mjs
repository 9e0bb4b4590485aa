// Each pair of colours that stand on each other has the contrast that WCAG asks for, in light and dark.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {avatars, colours, contrast, pairs} from '../tokens.mjs';

test('contrast holds in light and dark', () => {
    for (const [front, back, least] of pairs)
        for (const index of [0, 1]) {
            const found = contrast(colours[front][index], colours[back][index]);
            assert.ok(found >= least, `${front} on ${back} (${index === 0 ? 'light' : 'dark'}): ${found.toFixed(2)}`);
        }
    for (const colour of avatars) assert.ok(contrast('#ffffff', colour) >= 4.5, colour);
});

test('contrast is that of WCAG 2.2', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});
