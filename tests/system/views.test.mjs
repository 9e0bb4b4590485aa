// Views with their counts: as the page sees them, over HTTP and the event stream.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {EventReader} from './sse.mjs';

let server;
let channel;
let agent;
before(async () => {
    server = await startDialogd();
    channel = await server.addHookChannel();
    const {json} = await server.call('POST', '/api/v1/agents', {email: 'berit@example.org', name: 'Berit'});
    const token = await server.call('POST', '/api/v1/tokens', {name: 'x', agent_id: json.id});
    agent = {id: json.id, token: token.json.token};
});
after(() => server.remove());

const receive = async (id) => assert.equal((await server.receive(channel, {id, contact: id})).status, 200);
const asAgent = {get token() { return agent.token; }};

async function countOf(view, options) {
    const {json} = await server.call('GET', '/api/v1/views', undefined, options);
    return json.items.find(({id}) => id === view).count;
}

test('counts follow what happens and are told on the stream', async () => {
    await receive('one');
    const reader = new EventReader(server, {token: agent.token});
    await reader.opened;
    await reader.until(() => reader.lives.some(({type, counts}) => type === 'counts' && counts?.open === 1));
    assert.ok(reader.lives.find((live) => live.counts).counts.all === 1 && reader.lives.find((live) => live.counts).counts.mine === 0);
    await receive('two');
    await reader.until(() => reader.lives.some(({counts}) => counts?.open === 2));
    assert.equal(await countOf('open'), 2);
    const {json: {items}} = await server.call('GET', '/api/v1/conversations?view=open');
    await server.call('PATCH', `/api/v1/conversations/${items[0].id}`, {assignee_id: agent.id});
    await reader.until(() => reader.lives.some(({counts}) => counts?.mine === 1 && counts.unassigned === 1));
    reader.close();
});

test('a saved view lists and counts alike; what is not shared is not seen by others', async () => {
    const {json: view, status} = await server.call('POST', '/api/v1/views', {name: 'Mine alone', query: 'is:open is:mine'}, asAgent);
    assert.equal(status, 201);
    const listed = await server.call('GET', `/api/v1/conversations?view=${view.id}&total=1`, undefined, asAgent);
    assert.deepEqual([listed.json.total, await countOf(view.id, asAgent)], [1, 1]);
    assert.equal((await server.call('GET', `/api/v1/views/${view.id}`)).status, 404);
    assert.equal((await server.call('GET', `/api/v1/conversations?view=${view.id}`)).status, 404);
    assert.equal((await server.call('POST', '/api/v1/views', {name: 'x', query: '', scope: 'all'}, asAgent)).status, 403);
    assert.equal((await server.call('PATCH', '/api/v1/views/open', {name: 'x'})).status, 403);
    assert.equal((await server.call('POST', '/api/v1/views', {name: 'x', query: 'is:cheese'}, asAgent)).status, 400);
});

test('I08: limits and places that cannot be are refused', async () => {
    for (const query of ['limit=-1', 'limit=2147483648', 'limit=0', 'limit=201', 'cursor=1', 'before=x.y', 'at=yesterday', 'total=2',
        'ids=1,,2', 'ids=99999999999999999999', `ids=${Array(201).fill(1).join(',')}`, 'view=nothing', 'sort=colour', 'q=is:cheese',
        'cursor=1.1&before=1.1', 'at=2026-10-01&sort=priority', 'q=number:9999999999999999999999', `q=${'x'.repeat(1001)}`]) {
        const {status} = await server.call('GET', `/api/v1/conversations?${query}`);
        assert.ok(status === 400 || status === 404, `${query.slice(0, 60)}: ${status}`);
    }
});

test('what an agent has read is theirs alone, and comes back with the next message', async () => {
    const unread = async (options) => (await server.call('GET', '/api/v1/conversations?q=is:unread', undefined, options)).json.items.length;
    await receive('three');
    const {json: {items: [one]}} = await server.call('GET', '/api/v1/conversations?view=all&q=from:three', undefined, asAgent);
    assert.equal(one.unread, true);
    const before = [await unread(asAgent), await unread()];
    const mark = (how, body = {}) => server.call('POST', `/api/v1/conversations/${one.id}/${how}`, body, asAgent);
    assert.deepEqual((await mark('read')).json, {unread: false});
    await mark('read', {message_id: '1'}); // an older one takes nothing back
    assert.deepEqual([await unread(asAgent), await unread()], [before[0] - 1, before[1]]);
    assert.deepEqual((await mark('unread')).json, {unread: true});
    assert.equal(await unread(asAgent), before[0]);
    await mark('read');
    await server.receive(channel, {id: 'three-b', contact: 'three'});
    assert.equal(await unread(asAgent), before[0]);
    const note = await server.call('POST', `/api/v1/conversations/${one.id}/notes`, {text: 'x'});
    assert.equal(note.status, 201);
});
