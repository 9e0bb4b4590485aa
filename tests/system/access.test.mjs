// What is hidden stays hidden on the running server: lists, counts, search, streams, nested ids.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';
import {EventReader} from './sse.mjs';

let server;
let shared;
let secret;
let team;
const people = {};

async function person(name, {role = 'agent', teams = []} = {}) {
    const {json: agent} = await server.call('POST', '/api/v1/agents', {email: `${name}@example.org`, name, role, teams});
    const {json: {token}} = await server.call('POST', '/api/v1/tokens', {name, agent_id: agent.id});
    people[name] = {id: agent.id, token};
}

const as = (name) => ({token: people[name].token});

before(async () => {
    server = await startDialogd();
    team = (await server.call('POST', '/api/v1/teams', {name: 'People and culture'})).json;
    shared = await server.addHookChannel('shop');
    secret = await server.addHookChannel('whistle');
    await person('outside');
    await person('inside', {teams: [team.id]});
    await server.call('PUT', `/api/v1/channels/${secret.id}/access`, {restricted: true, agents: [], teams: [team.id]});
    await server.receive(shared, {id: 's1', contact: 'shopper', text: 'Where is my lamp'});
    await server.receive(secret, {id: 'w1', contact: 'whistler', text: 'A whistleblow about lamps', subject: 'Unheard'});
});
after(() => server?.remove());

const list = async (who, query = '?view=all') =>
    (await server.call('GET', `/api/v1/conversations${query}`, undefined, as(who))).json.items;

test('T05: a restricted channel shows to its team alone', async () => {
    assert.deepEqual((await list('outside')).map(({channel_id}) => channel_id), [shared.id]);
    assert.equal((await list('inside')).length, 2);
    const channels = (await server.call('GET', '/api/v1/channels', undefined, as('outside'))).json.items;
    assert.deepEqual(channels.map(({name}) => name), ['shop']);
});

test('T05: neither search nor the customer list tells of it', async () => {
    const find = async (who) => (await server.call('GET', '/api/v1/search?q=lamps', undefined, as(who))).json.items.length;
    assert.equal(await find('inside'), 2);
    assert.equal(await find('outside'), 1);
    const customers = (await server.call('GET', '/api/v1/customers', undefined, as('outside'))).json.items;
    assert.deepEqual(customers.map(({name}) => name), ['Customer shopper']);
});

test('T01: its conversation, messages and customer are not there, as if they had never been', async () => {
    const [hidden] = (await list('inside')).filter(({channel_id}) => channel_id === secret.id);
    const missing = await server.call('GET', '/api/v1/conversations/999', undefined, as('outside'));
    for (const path of [`conversations/${hidden.id}`, `conversations/${hidden.id}/messages`, `customers/${hidden.customer.id}`,
        `customers/${hidden.customer.id}/timeline`]) {
        const answer = await server.call('GET', `/api/v1/${path}`, undefined, as('outside'));
        assert.equal(answer.status, 404, path);
        if (path.startsWith('conversations')) assert.deepEqual(answer.json, missing.json);
    }
    const reply = await server.call('POST', `/api/v1/conversations/${hidden.id}/notes`, {text: 'psst'}, as('outside'));
    assert.equal(reply.status, 404);
});

test('T05: the event stream brings an agent what it may see, and nothing else', async () => {
    const outside = new EventReader(server, {token: people.outside.token});
    const inside = new EventReader(server, {token: people.inside.token});
    await Promise.all([outside.opened, inside.opened]);
    await server.receive(secret, {id: 'w2', contact: 'whistler', text: 'More'});
    await server.receive(shared, {id: 's2', contact: 'shopper', text: 'Still nothing'});
    const arrived = (channel) => (events) => events.some(({type, channel_id}) => type === 'message_received' && channel_id === channel.id);
    await inside.until(arrived(secret));
    await inside.until(arrived(shared));
    await outside.until(arrived(shared));
    assert.ok(outside.events.every(({channel_id}) => channel_id !== secret.id));
    const page = await server.call('GET', '/api/v1/events?since=0&poll=1', undefined, as('outside'));
    assert.ok(page.json.items.every(({channel_id}) => channel_id !== secret.id));
    outside.close();
    inside.close();
});

test('T05: what becomes hidden while the stream is open is hidden at once', async () => {
    const reader = new EventReader(server, {token: people.outside.token});
    await reader.opened;
    await server.call('PUT', `/api/v1/channels/${shared.id}/access`, {restricted: true, agents: [], teams: [team.id]});
    const {json: {event_seq: seq}} = await server.call('GET', '/api/v1/conversations?view=all');
    await server.receive(shared, {id: 's3', contact: 'shopper', text: 'Hidden now'});
    const open = await server.addHookChannel('open');
    await server.receive(open, {id: 'o1', contact: 'opener', text: 'Open'});
    await reader.until((events) => events.some(({channel_id}) => channel_id === open.id));
    assert.ok(reader.events.every(({channel_id, seq: at}) => at <= seq || channel_id !== shared.id));
    reader.close();
    await server.call('PUT', `/api/v1/channels/${shared.id}/access`, {restricted: false, agents: [], teams: []});
});

test('T05: a private team takes a conversation out of sight, and gives it back', async () => {
    const before = (await list('outside')).length;
    const [conversation] = (await list('inside')).filter(({channel_id}) => channel_id === shared.id);
    await server.call('PATCH', `/api/v1/teams/${team.id}`, {name: 'People and culture', private: true});
    await server.call('PATCH', `/api/v1/conversations/${conversation.id}`, {team_id: team.id});
    assert.equal((await list('outside')).length, before - 1);
    assert.equal((await server.call('GET', `/api/v1/conversations/${conversation.id}`, undefined, as('outside'))).status, 404);
    await server.call('PATCH', `/api/v1/agents/${people.outside.id}`, {teams: [team.id]});
    assert.equal((await server.call('GET', `/api/v1/conversations/${conversation.id}`, undefined, as('outside'))).status, 200);
    await server.call('PATCH', `/api/v1/agents/${people.outside.id}`, {teams: []});
    assert.equal((await server.call('GET', `/api/v1/conversations/${conversation.id}`, undefined, as('outside'))).status, 404);
});

test('a role made here grants what it says and nothing more, and a change holds at once', async () => {
    const {json: role} = await server.call('POST', '/api/v1/roles', {name: 'reader', permissions: ['conversation_read']});
    await person('reader', {role: 'reader'});
    const [{id}] = await list('reader');
    assert.equal((await server.call('PATCH', `/api/v1/conversations/${id}`, {priority: 1}, as('reader'))).json.code, 'permission_missing');
    const mine = await server.call('GET', '/api/v1/me', undefined, as('reader'));
    assert.deepEqual(mine.json.permissions, ['conversation_read']);
    await server.call('PUT', `/api/v1/roles/${role.id}`, {name: 'sorter', permissions: ['conversation_read', 'conversation_change']});
    assert.equal((await server.call('PATCH', `/api/v1/conversations/${id}`, {priority: 1}, as('reader'))).status, 200);
    assert.equal((await server.call('DELETE', `/api/v1/roles/${role.id}`)).json.code, 'role_in_use');
    const stale = await server.call('PUT', `/api/v1/roles/${role.id}`, {name: 'x', permissions: []}, {headers: {'if-match': '"v1"'}});
    assert.equal(stale.status, 412);
});
