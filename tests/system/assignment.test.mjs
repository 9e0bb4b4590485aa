// Teams that give conversations out by themselves, who takes them, and when what waits is due: over HTTP.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

let server, team, calendar, channel;
const agents = [];
const ok = (answer, status = 200) => {
    assert.equal(answer.status, status, answer.text.slice(0, 300));
    return answer.json;
};
const later = (minutes) => new Date(Date.now() + minutes * 60000).toISOString();
const availability = (agent, body) => server.call('PATCH', `/api/v1/agents/${agent.id}/availability`, body);
const conversations = async (query = '') => ok(await server.call('GET', `/api/v1/conversations?view=all&${query}`)).items;

async function until(what, check) {
    for (let left = 100; left > 0; left--) {
        const found = await check();
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`${what} did not come`);
}

before(async () => {
    server = await startDialogd();
    team = ok(await server.call('POST', '/api/v1/teams', {name: 'Billing'}), 201);
    for (const name of ['dora', 'ben', 'carl'])
        agents.push(ok(await server.call('POST', '/api/v1/agents', {email: `${name}@example.org`, name, teams: [team.id]}), 201));
    calendar = ok(await server.call('POST', '/api/v1/calendars', {name: 'never', zone: 'Europe/Helsinki', hours: {week: {}}}), 201);
    channel = await server.control('channel', 'add', 'generic', 'shop', '--set', 'verification=address', '--no-check');
    ok(await server.call('PATCH', `/api/v1/channels/${channel.id}?check=no`, {team_id: team.id}));
});
after(() => server?.remove());

const receive = async (id, contact = id) => assert.equal((await server.receive(channel, {id, contact, text: 'Moi'})).status, 200);

test('a team in turn gives each its share, and each event says why', async () => {
    await server.control('team', 'assignment', team.id, '--mode', 'round_robin', '--reassign-after', '30');
    const settings = await server.control('team', 'assignment', team.id);
    assert.deepEqual([settings.mode, settings.reassign_after_minutes], ['round_robin', 30]);
    for (let at = 0; at < 6; at++) await receive(`first-${at}`);
    const found = await conversations();
    for (const agent of agents) assert.equal(found.filter(({assignee_id}) => assignee_id === agent.id).length, 2);
    const {items} = ok(await server.call('GET', '/api/v1/events?poll=1&since=0'));
    const why = items.filter(({type, data}) => type === 'assigned' && data.why?.mode).map(({actor, data}) => [actor, data.why.mode, data.why.cause]);
    assert.equal(why.length, 6);
    assert.ok(why.every((one) => one.join() === 'system,round_robin,begun'));
});

test('who is away, busy, outside their hours or full gets nothing, and the next who is available does', async () => {
    const away = ok(await availability(agents[0], {state: 'away', until: later(60), reason: 'Dentist'}));
    assert.deepEqual([away.state, away.by_hand, away.reason], ['away', 'away', 'Dentist']);
    assert.equal(ok(await availability(agents[1], {calendar_id: calendar.id})).state, 'offline');
    ok(await availability(agents[2], {capacity: 2}));
    assert.equal((await server.call('DELETE', `/api/v1/calendars/${calendar.id}`)).json.code, 'calendar_used');
    await receive('second');
    const of = async () => (await conversations()).find(({customer}) => customer.address === 'second') ?? (await conversations('sort=newest'))[0];
    assert.equal((await of()).assignee_id, null);
    const shown = ok(await server.call('GET', '/api/v1/agents')).items.find(({id}) => id === agents[2].id);
    assert.deepEqual([shown.availability.state, shown.availability.capacity], ['available', 2]);
    await server.control('agent', 'availability', agents[2].id, '--capacity', 'none');
    assert.equal((await of()).assignee_id, agents[2].id);
});

test('an agent says it themselves; nonsense and others\' settings are refused', async () => {
    const token = await server.control('token', 'add', agents[1].id, 'own');
    const own = {token: token.token};
    assert.equal(ok(await server.call('PATCH', '/api/v1/me/availability', {state: 'busy', until: later(5)}, own)).by_hand, 'busy');
    assert.equal(ok(await server.call('GET', '/api/v1/me', undefined, own)).availability.by_hand, 'busy');
    const refused = [
        [{state: 'gone'}, 'state_unknown'], [{state: 'away', until: '2020-01-01T00:00:00Z'}, 'until_invalid'],
        [{state: 'available', until: later(5)}, 'until_invalid'],
    ];
    for (const [body, code] of refused)
        assert.equal((await server.call('PATCH', '/api/v1/me/availability', body, own)).json.code, code);
    // T02: what one may not set is not quietly taken either.
    assert.equal((await server.call('PATCH', '/api/v1/me/availability', {state: 'busy', capacity: 1}, own)).status, 400);
    assert.equal((await server.call('PATCH', `/api/v1/agents/${agents[0].id}/availability`, {state: 'busy'}, own)).status, 403);
    assert.equal((await server.call('PATCH', `/api/v1/teams/${team.id}/assignment`, {mode: 'none'}, own)).status, 403);
    assert.equal((await server.call('GET', '/api/v1/sla-policies', undefined, own)).status, 403);
});

test('who is disabled loses at once what waits', async () => {
    const before = (await conversations('q=agent:' + agents[2].id)).length;
    assert.ok(before > 0);
    ok(await server.call('PATCH', `/api/v1/agents/${agents[2].id}`, {disabled: true}));
    await until('the taking back', async () => (await conversations('q=agent:' + agents[2].id)).length === 0);
    ok(await availability(agents[0], {state: 'available'}));
    await until('the giving out', async () => (await conversations('q=agent:none')).length === 0);
});

test('nobody who is disabled or may not see it is assigned by hand', async () => {
    const [one] = await conversations();
    const give = async (agent) => (await server.call('PATCH', `/api/v1/conversations/${one.id}`, {assignee_id: agent.id})).json.code;
    assert.equal(await give(agents[2]), 'assignee_disabled');
    ok(await server.call('PUT', `/api/v1/channels/${channel.id}/access`, {restricted: true, agents: [agents[0].id], teams: []}));
    assert.equal(await give(agents[1]), 'assignee_blind');
    assert.equal(await give(agents[0]), undefined);
    ok(await server.call('PUT', `/api/v1/channels/${channel.id}/access`, {restricted: false, agents: [], teams: []}));
});

test('a policy applies to what waits: due, at risk, missed, each said once', async () => {
    const policy = await server.control('sla', 'add', 'all', '--target', 'first_response 2h elapsed', '--target', 'first_response urgent 1s elapsed');
    assert.equal(policy.state, 'ok');
    const [one, two] = await conversations('sort=due');
    assert.equal(one.sla.target, 'first_response');
    assert.equal(Date.parse(one.sla.due_at) - Date.parse(one.waiting_since), 7200000);
    assert.equal(one.sla.state, 'ok');
    ok(await server.call('PATCH', `/api/v1/conversations/${two.id}`, {priority: 2}));
    const missed = await conversations('q=sla:breached&sort=due');
    assert.deepEqual(missed.map(({id, sla}) => [id, sla.state]), [[two.id, 'breached']]);
    assert.equal((await conversations('q=-sla:breached sla:any')).length, (await conversations()).length - 1);
    // Taking the priority back afterwards takes nothing back.
    ok(await server.call('PATCH', `/api/v1/conversations/${two.id}`, {priority: 0}));
    assert.equal((await conversations('q=sla:breached')).length, 1);
    const said = async () => ok(await server.call('GET', '/api/v1/events?poll=1&since=0')).items.filter(({type}) => type.startsWith('sla_') && type !== 'sla_policy_changed');
    await until('the notices', async () => (await said()).length === 2);
    assert.deepEqual((await said()).map(({type, conversation_id}) => [type, conversation_id]).sort(),
        [['sla_breached', two.id], ['sla_warned', two.id]]);
    await server.stop();
    await server.start();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal((await said()).length, 2);
});

test('a policy that can never be due says so, changes by version, and leaves when removed', async () => {
    const policy = ok(await server.call('POST', '/api/v1/sla-policies', {name: 'hours', targets: {next_response: {default: {ms: 60000, time: 'business'}}}, conditions: {channels: [channel.id]}}), 201);
    assert.deepEqual([policy.state, policy.misconfigured_channels], ['misconfigured', [channel.id]]);
    const change = (version, body) => server.call('PATCH', `/api/v1/sla-policies/${policy.id}`, body, {headers: {'if-match': `"v${version}"`}});
    assert.equal(ok(await change(1, {targets: {next_response: {high: {ms: 60000, time: 'elapsed'}}}})).state, 'ok');
    assert.equal((await change(1, {position: 3})).status, 412);
    for (const [body, code] of [[{targets: {soon: {}}}, 'targets_invalid'], [{conditions: {channels: ['1']}}, 'conditions_invalid'], [{warning_share: 2}, 'warning_share_invalid']])
        assert.equal((await change(2, body)).json.code, code);
    await server.control('sla', 'remove', policy.id);
    assert.equal((await server.call('GET', `/api/v1/sla-policies/${policy.id}`)).status, 404);
});

test('what is kept is what the events give', async () => {
    const {is_sound, items} = await server.control('verify');
    assert.deepEqual([is_sound, items], [true, []]);
});
