// Calls and meetings, written down through the API of the real server.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

let server, phone, hook;
before(async () => {
    server = await startDialogd();
    phone = await server.control('channel', 'add', 'phone', 'switchboard', '--set', 'country_code=358', '--no-check');
    hook = await server.addHookChannel();
    began = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
});
after(() => server.remove());

// The channels count waits from when they were added: what is logged began a little after that.
let began;
const at = (ms) => new Date(began + ms).toISOString();

const waits = async (conversation) =>
    (await server.call('GET', `/api/v1/waits?conversation=${conversation}`)).json.items;
async function log(body, status = 201) {
    const answer = await server.call('POST', '/api/v1/calls', body);
    assert.equal(answer.status, status, answer.text);
    return answer.json;
}

test('a missed call opens a wait when it rang, and calling back answers it', async () => {
    const missed = await log({address: '040 111 2222', direction: 'in', outcome: 'no_answer', started_at: at(10)});
    let [wait] = await waits(missed.conversation_id);
    assert.equal(wait.state, 'open');
    assert.equal(wait.started_at, missed.started_at);
    const customer = (await server.call('GET', `/api/v1/customers/${missed.customer_id}`)).json;
    assert.deepEqual(customer.identities.map(({kind, address}) => [kind, address]), [['phone', '+358401112222']]);
    const back = await log({conversation_id: missed.conversation_id, direction: 'out', outcome: 'answered',
        started_at: at(50), duration_s: 120, text: 'Sovittiin uusi aika'});
    [wait] = await waits(missed.conversation_id);
    assert.equal(wait.state, 'answered');
    assert.equal(wait.ended_at, back.started_at);
    assert.equal(wait.answered_by, server.agent.id);
});

test('an answered call opens no wait; one that nobody took answers none', async () => {
    const taken = await log({address: '+358 40 333 4444', direction: 'in', outcome: 'answered', started_at: at(20)});
    assert.deepEqual(await waits(taken.conversation_id), []);
    await server.receive(hook, {id: 'm1', contact: 'calls'});
    const [{id: conversation}] = (await server.call('GET', '/api/v1/conversations?view=waiting')).json.items;
    await log({conversation_id: conversation, direction: 'out', outcome: 'no_answer'});
    assert.equal((await waits(conversation))[0].state, 'open');
    await log({conversation_id: conversation, direction: 'out', outcome: 'voicemail'});
    assert.equal((await waits(conversation))[0].state, 'answered');
});

test('changing and taking away a logged call folds the waits again and keeps what was', async () => {
    const missed = await log({address: '+358405556666', direction: 'in', outcome: 'no_answer', started_at: at(10)});
    const call = await log({conversation_id: missed.conversation_id, direction: 'out', outcome: 'answered', started_at: at(70)});
    const path = `/api/v1/calls/${call.id}`;
    const stale = await server.call('PATCH', path, {outcome: 'busy'}, {headers: {'if-match': '"v9"'}});
    assert.equal(stale.status, 412);
    const earlier = await server.call('PATCH', path, {started_at: at(30), text: 'Kello oli väärin'}, {headers: {'if-match': '"v1"'}});
    assert.equal(earlier.status, 200, earlier.text);
    assert.equal(earlier.headers.get('etag'), '"v2"');
    assert.deepEqual(earlier.json.history.map(({version, started_at}) => [version, started_at]), [[1, call.started_at]]);
    assert.equal((await waits(missed.conversation_id))[0].ended_at, earlier.json.started_at);
    await server.call('PATCH', path, {outcome: 'no_answer'});
    assert.equal((await waits(missed.conversation_id))[0].state, 'open');
    await server.call('PATCH', path, {outcome: 'answered'});
    assert.equal((await waits(missed.conversation_id))[0].state, 'answered');
    assert.equal((await server.call('DELETE', path)).status, 204);
    assert.equal((await waits(missed.conversation_id))[0].state, 'open');
    assert.equal((await server.call('DELETE', path)).json.code, 'call_removed');
    assert.equal((await server.call('DELETE', `/api/v1/meetings/${missed.id}`)).status, 404);
    assert.equal((await server.call('DELETE', `/api/v1/calls/${missed.id}`)).status, 204);
    assert.deepEqual(await waits(missed.conversation_id), []);
    const before = await waits(missed.conversation_id);
    assert.equal((await server.call('POST', '/api/v1/reports/rebuild', {})).status, 200);
    assert.deepEqual(await waits(missed.conversation_id), before);
});

test('a meeting enters the timeline; its conversation is begun on the meeting channel', async () => {
    await server.control('channel', 'add', 'meeting', 'meetings', '--no-check');
    const made = await server.call('POST', '/api/v1/meetings', {address: 'Aino@Example.org', name: 'Aino', direction: 'out',
        outcome: 'held', started_at: at(5), duration_s: 1800, subject: 'Tapaaminen', text: 'Näytettiin hinnasto'});
    assert.equal(made.status, 201, made.text);
    const {items} = (await server.call('GET', `/api/v1/customers/${made.json.customer_id}/timeline`)).json;
    assert.deepEqual(items.map(({direction, subject, text}) => [direction, subject, text]),
        [['out', 'Tapaaminen', 'Näytettiin hinnasto']]);
    assert.deepEqual(items[0].headers.call, {kind: 'meeting', outcome: 'held', duration_ms: 1800000});
    const found = (await server.call('GET', '/api/v1/search?q=hinnasto')).json;
    assert.equal(found.items.length, 1);
});

test('what cannot have been is refused', async () => {
    const good = {address: '+358401112222', direction: 'out', outcome: 'answered'};
    for (const [change, code] of [
        [{started_at: new Date(Date.now() + 3600000).toISOString()}, 'started_at_invalid'],
        [{outcome: 'held'}, 'outcome_invalid'], [{direction: 'up'}, 'direction_invalid'],
        [{duration_s: -5}, 'duration_invalid'], [{address: 'hello'}, 'phone_invalid'],
        [{address: undefined}, 'person_needed'], [{conversation_id: '1', customer_id: '1'}, 'person_twice'],
        [{agent_id: '99'}, 'agent_unknown'], [{conversation_id: '77', address: undefined}, 'conversation_unknown'],
        [{channel_id: hook.id}, 'channel_needed'], [{is_admin: true}, 'body_invalid']]) {
        const answer = await server.call('POST', '/api/v1/calls', {...good, ...change});
        assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
        assert.equal(answer.json.code, code, JSON.stringify(change));
    }
});

test('dialogctl logs calls and meetings', async () => {
    const call = await server.control('call', 'log', '--address', '0407778888', '--direction', 'out', '--outcome', 'answered',
        '--agent', server.agent.id, '--duration', '60', '--text', 'Soitettu');
    assert.equal(call.duration_s, 60);
    assert.equal((await server.control('call', 'show', call.id)).text, 'Soitettu');
    assert.equal((await server.control('call', 'change', call.id, '--outcome', 'busy')).outcome, 'busy');
    await server.control('call', 'remove', call.id);
    const meeting = await server.control('meeting', 'log', '--customer', call.customer_id, '--direction', 'in', '--outcome', 'held',
        '--agent', server.agent.id);
    assert.equal(meeting.kind, 'meeting');
});
