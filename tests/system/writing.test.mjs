// Several people in one conversation: custom fields, what a writer has not seen. Every answer is
// held against doc/openapi.yaml.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startWriting} from './writing.mjs';

let house;
before(async () => { house = await startWriting(); });
after(() => house?.server.remove());

test('custom fields take values of their kind, in one form, and events never bear them', async () => {
    const {anna, bo} = house;
    const field = (body) => anna.call('POST', '/api/v1/fields', {body: {object: 'conversation', label: body.key, ...body}, expect: 201});
    const order = await field({key: 'order', kind: 'text'});
    await field({key: 'price', kind: 'number'});
    await field({key: 'due', kind: 'date'});
    await field({key: 'gift', kind: 'boolean'});
    await field({key: 'size', kind: 'choice', choices: ['S', 'M']});
    await field({key: 'page', kind: 'url'});
    await anna.call('POST', '/api/v1/fields', {body: {object: 'conversation', key: 'order', label: 'x', kind: 'text'}, expect: 409});
    await bo.call('POST', '/api/v1/fields', {body: {object: 'customer', key: 'x', label: 'x', kind: 'text'}, expect: 403});
    for (const wrong of [{key: 'Order', kind: 'text'}, {key: 'a b', kind: 'text'}, {key: 'x', kind: 'colour'}, {key: 'x', kind: 'choice'},
        {key: 'x', kind: 'text', choices: ['a']}, {key: 'x', kind: 'choice', choices: ['a', 'a']}, {key: 'x', kind: 'text', object: 'agent'}])
        await anna.call('POST', '/api/v1/fields', {body: {object: 'conversation', label: 'x', ...wrong}, expect: 400});

    const conversation = await house.customerWrites('f1');
    const set = (fields, expect) => bo.call('PATCH', '/api/v1/conversations/{conversation}',
        {parameters: {conversation}, body: {fields}, expect});
    const changed = await set({order: '4711', price: 12.50, due: '2026-12-24', gift: true, size: 'M', page: 'https://example.org/x'}, 200);
    assert.deepEqual(changed.fields, {order: '4711', price: 12.5, due: '2026-12-24', gift: true, size: 'M', page: 'https://example.org/x'});
    assert.equal((await set({price: '1e2', gift: 'false'}, 200)).fields.price, 100);
    for (const wrong of [{price: 'much'}, {due: '2026-02-30'}, {gift: 'yes'}, {size: 'L'}, {page: 'javascript:alert(1)'}, {order: 'a\nb'}, {order: {}}, {nothing: 'x'}])
        await set(wrong, 400);
    const emptied = await set({due: null}, 200);
    assert.ok(!('due' in emptied.fields));

    await anna.call('PATCH', '/api/v1/fields/{field}', {parameters: {field: order.id}, body: {required: true, label: 'Order'}, expect: 200});
    assert.equal((await set({order: null}, 400)).code, 'field_required');
    const {items} = await house.events();
    const events = items.filter(({type}) => type === 'field_changed');
    assert.ok(events.length >= 6 && events.every(({data}) => Object.keys(data).sort().join() === 'field,set'));
    assert.ok(!JSON.stringify(events).includes('4711'));
    const stale = await house.server.call('PATCH', `/api/v1/fields/${order.id}`, {label: 'y'}, {headers: {'if-match': '"v1"'}});
    assert.equal(stale.json.code, 'version_conflict');
    await anna.call('DELETE', '/api/v1/fields/{field}', {parameters: {field: order.id}, expect: 204});
    await anna.call('GET', '/api/v1/fields/{field}', {parameters: {field: order.id}, expect: 404});
    assert.equal((await anna.call('GET', '/api/v1/fields', {query: '?object=conversation', expect: 200})).items.length, 5);
    const by = await house.server.control('conversation', 'change', conversation, '--field', 'price=7', '--field', 'gift=');
    assert.deepEqual([by.fields.price, by.fields.gift], [7, undefined]);
    const made = await house.server.control('field', 'add', 'customer', 'vat', 'text', '--label', 'VAT number');
    assert.equal((await house.server.control('field', 'change', made.id, '--position', '3')).position, 3);
    await house.server.control('field', 'remove', made.id);
});

test('F33: nobody answers over what they have not seen', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('s1');
    const reply = (who, body, expect) => who.call('POST', '/api/v1/conversations/{conversation}/replies',
        {parameters: {conversation}, body: {undo_seconds: 600, ...body}, expect});
    const seen = await house.lastSeen(conversation);
    await reply(anna, {text: 'Anna was here.', seen}, 201);
    const refused = await reply(bo, {text: 'Bo, too.', seen}, 409);
    assert.equal(refused.code, 'newer_messages');
    assert.deepEqual(refused.messages.map(({text}) => text), ['Anna was here.']);
    await bo.call('POST', '/api/v1/conversations/{conversation}/notes', {parameters: {conversation}, body: {text: 'Own note.'}, expect: 201});
    await reply(bo, {text: 'Bo, anyway.', seen: refused.seen}, 201);
    const late = await house.customerWrites('s1', 'One thing more');
    assert.equal(late, conversation);
    const again = await reply(anna, {text: 'Answer.', seen: refused.seen}, 409);
    assert.deepEqual(again.messages.map(({direction}) => direction), ['note', 'out', 'in']);
    await reply(anna, {text: 'Without a word about what was seen.'}, 201);
});

test('F33: of two who answer at once one is told', async () => {
    const {anna, bo} = house;
    for (let round = 0; round < 10; round++) {
        const conversation = await house.customerWrites(`race-${round}`);
        const seen = await house.lastSeen(conversation);
        const answers = await Promise.all([anna, bo].map((who) => who.raw('POST',
            `/api/v1/conversations/${conversation}/replies`, {text: 'First!', seen, undo_seconds: 600})));
        assert.deepEqual(answers.map(({status}) => status).sort(), [201, 409]);
        assert.equal(answers.find(({status}) => status === 409).json.code, 'newer_messages');
    }
});

test('F33: a conversation that was merged meanwhile shows what came with it', async () => {
    const {anna, bo} = house;
    const [into, from] = [await house.customerWrites('m1', 'First'), await house.customerWrites('m2', 'Second')];
    const seen = await house.lastSeen(from);
    await anna.call('POST', '/api/v1/conversations/{conversation}/merge', {parameters: {conversation: into}, body: {from}, expect: 200});
    const refused = await bo.call('POST', '/api/v1/conversations/{conversation}/replies',
        {parameters: {conversation: from}, body: {text: 'Hello', seen, undo_seconds: 600}, expect: 409});
    assert.deepEqual(refused.messages.map(({text}) => text), ['First']);
    await bo.call('POST', '/api/v1/conversations/{conversation}/replies',
        {parameters: {conversation: refused.messages[0].conversation_id}, body: {text: 'Hello', seen: refused.seen, undo_seconds: 600}, expect: 201});
});
