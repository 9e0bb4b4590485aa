// One change for many conversations, and its undoing: at once by ids, in the background by search.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {EventReader} from './sse.mjs';

const COUNT = 130;
let server;
let channel;
let agent;
let supervisor;

async function addAgent(email, role) {
    const {json} = await server.call('POST', '/api/v1/agents', {email, name: email, role});
    const token = await server.call('POST', '/api/v1/tokens', {name: 'x', agent_id: json.id});
    return {id: json.id, token: token.json.token};
}

before(async () => {
    server = await startDialogd();
    channel = await server.addHookChannel();
    agent = await addAgent('clerk@example.org', 'agent');
    supervisor = await addAgent('boss@example.org', 'supervisor');
    for (let at = 0; at < COUNT; at++) assert.equal((await server.receive(channel, {id: `m${at}`, contact: `c${at}`})).status, 200);
});
after(() => server.remove());

const call = (method, path, body, who = supervisor) => server.call(method, `/api/v1${path}`, body, {token: who.token});
const total = async (query, who) => (await call('GET', `/conversations?total=1&q=${encodeURIComponent(query)}`, undefined, who)).json.total;

async function finished(id, who = supervisor) {
    for (;;) {
        const {json} = await call('GET', `/bulk/${id}`, undefined, who);
        if (json.state !== 'running' && json.state !== 'undoing') return json;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

test('ids are changed at once, each answered for itself', async () => {
    const {json: {items}} = await call('GET', '/conversations?view=open&limit=5');
    const ids = items.map(({id}) => id);
    const base = {[ids[0]]: items[0].version, [ids[1]]: items[1].version + 7};
    const {status, json} = await call('POST', '/conversations/ops', {ids: [...ids, '1'], base, change: {status: 'resolved', add_tags: ['done']}}, agent);
    assert.equal(status, 200);
    assert.deepEqual(json.items.map(({changed}) => changed), [true, false, true, true, true, false]);
    assert.deepEqual([json.items[1].code, json.items[5].code], ['version_conflict', 'conversation_unknown'].map((code, at) => at ? code : json.items[1].code));
    assert.deepEqual(json.items[0].undo, {status: 'open', assignee_id: null, remove_tags: ['done']});
    const undo = (item) => server.call('PATCH', `/api/v1/conversations/${item.id}`, item.undo, {token: agent.token, headers: {'if-match': `"v${item.version}"`}});
    assert.equal((await undo(json.items[0])).json.status, 'open');
    assert.equal((await undo(json.items[0])).status, 412, 'somebody, here we, changed it meanwhile');
    for (const item of json.items.slice(2, 5)) assert.equal((await undo(item)).status, 200);
    assert.equal(await total('is:open -tag:done'), COUNT);
});

test('a search is changed in the background and undone where nobody changed anything since', async () => {
    const reader = new EventReader(server, {token: supervisor.token});
    await reader.opened;
    const asked = await call('POST', '/conversations/ops', {query: 'is:open', change: {status: 'resolved', priority: 2}});
    assert.deepEqual([asked.status, asked.json.total], [202, COUNT]);
    const done = await finished(asked.json.id);
    assert.deepEqual([done.state, done.changed, done.failed], ['done', COUNT, 0]);
    assert.equal(await total('is:resolved priority:urgent'), COUNT);
    const {json: {items: [one]}} = await call('GET', '/conversations?view=resolved&limit=1');
    await call('PATCH', `/conversations/${one.id}`, {subject: 'Meanwhile'});
    assert.equal((await call('POST', `/bulk/${done.id}/undo`, {})).json.state, 'undoing');
    const undone = await finished(done.id);
    assert.deepEqual([undone.state, undone.undone, undone.skipped], ['undone', COUNT - 1, 1]);
    assert.equal(await total('is:open priority:normal'), COUNT - 1);
    assert.equal((await call('POST', `/bulk/${done.id}/undo`, {})).status, 409);
    await reader.until(() => reader.lives.some(({type, bulk}) => type === 'bulk' && bulk.state === 'undone'));
    reader.close();
});

test('a restart goes on with what was asked, and nothing is changed twice', async () => {
    const asked = await call('POST', '/conversations/ops', {query: '', change: {add_tags: ['swept']}});
    await server.stop();
    await server.start();
    const done = await finished(asked.json.id);
    assert.deepEqual([done.state, done.changed], ['done', COUNT]);
    assert.equal(await total('tag:swept'), COUNT);
});

test('T05: what is hidden is neither found nor changed, and a job is its owner\'s', async () => {
    const {json: team} = await server.call('POST', '/api/v1/teams', {name: 'Secret', private: true});
    const {json: {items: [one]}} = await server.call('GET', '/api/v1/conversations?view=all&limit=1');
    assert.equal((await server.call('PATCH', `/api/v1/conversations/${one.id}`, {team_id: team.id})).status, 200);
    const {json: role} = await server.call('POST', '/api/v1/roles', {name: 'sweeper', permissions: ['conversation_read', 'conversation_change', 'conversation_bulk']});
    assert.ok(role.id);
    const sweeper = await addAgent('sweeper@example.org', 'sweeper');
    assert.equal(await total('', sweeper), COUNT - 1);
    const {json: {items}} = await call('POST', '/conversations/ops', {ids: [one.id], change: {priority: 1}}, sweeper);
    assert.equal(items[0].code, 'conversation_unknown');
    const asked = await call('POST', '/conversations/ops', {query: '', change: {add_tags: ['seen']}}, sweeper);
    const done = await finished(asked.json.id, sweeper);
    assert.deepEqual([asked.json.total, done.changed], [COUNT - 1, COUNT - 1]);
    assert.equal((await call('GET', `/bulk/${done.id}`)).status, 404);
    assert.equal((await call('POST', '/conversations/ops', {query: '', change: {}}, agent)).status, 403);
    assert.equal((await call('POST', '/conversations/ops', {query: 'is:cheese', change: {}})).status, 400);
    assert.equal((await call('POST', '/conversations/ops', {ids: Array(201).fill('1'), change: {}})).status, 400);
    assert.equal((await call('POST', '/conversations/ops', {query: '', change: {colour: 'red'}})).status, 400);
});
