// Several people in one conversation: custom fields, what a writer has not seen. Every answer is
// held against doc/openapi.yaml.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startSmtpSink} from './smtp-sink.mjs';
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

const draftOf = (who, conversation, method, more = {}) => {
    const all = {parameters: {conversation}, expect: 200, ...more};
    if (method === 'PUT') return who.call('PUT', '/api/v1/conversations/{conversation}/draft', all);
    if (method === 'DELETE') return who.call('DELETE', '/api/v1/conversations/{conversation}/draft', all);
    return who.call('GET', '/api/v1/conversations/{conversation}/draft', all);
};
const save = (who, conversation, body, expect = 200) => draftOf(who, conversation, 'PUT', {body: {mode: 'reply', ...body}, expect});

test('a draft that was saved elsewhere meanwhile is never written over, and both are kept', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('d1');
    const first = await save(anna, conversation, {text: 'One', to: ['half-an-addr'], subject: 'S'});
    assert.equal(first.rev, 1);
    await save(anna, conversation, {text: 'Two', rev: 1});
    const refused = await save(anna, conversation, {text: 'From the other window', rev: 1}, 409);
    assert.deepEqual([refused.code, refused.draft.text, refused.draft.rev], ['draft_conflict', 'Two', 2]);
    assert.equal((await save(anna, conversation, {text: 'Mended', rev: 2})).text, 'Mended');
    assert.equal((await save(anna, conversation, {text: 'x'}, 409)).code, 'draft_conflict');

    assert.equal((await draftOf(bo, conversation, 'GET')).own, null, 'own drafts are private');
    assert.deepEqual((await draftOf(bo, conversation, 'GET')).others.map(({agent_id}) => agent_id), [anna.agent.id]);
    await save(bo, conversation, {text: 'For all', shared: true, mode: 'note'});
    assert.equal((await draftOf(anna, conversation, 'GET')).shared.text, 'For all');
    const row = await anna.call('GET', '/api/v1/conversations/{conversation}', {parameters: {conversation}, expect: 200});
    assert.equal(row.draft, bo.agent.id);
    assert.equal(row.drafts.own.text, 'Mended');

    await bo.call('PATCH', '/api/v1/conversations/{conversation}', {parameters: {conversation}, body: {assignee_id: bo.agent.id, status: 'resolved'}, expect: 200});
    assert.equal((await draftOf(anna, conversation, 'GET')).own.text, 'Mended', 'an assignment takes no draft away');
    assert.ok((await anna.call('GET', '/api/v1/drafts', {expect: 200})).items.some(({preview}) => preview === 'Mended'));
    const {items} = await house.events();
    const told = items.filter(({type, conversation_id}) => type === 'draft_changed' && conversation_id === conversation);
    assert.equal(told.length, 2, 'begun, twice: what follows within seconds is not told again');
    assert.ok(!JSON.stringify(told).includes('Mended'));

    await draftOf(anna, conversation, 'DELETE', {query: '?rev=2', expect: 409});
    await draftOf(anna, conversation, 'DELETE', {query: '?rev=3', expect: 204});
    assert.equal((await save(anna, conversation, {text: 'from a third window', rev: 3}, 409)).code, 'draft_gone');
    for (const wrong of [{mode: 'poem'}, {mode: 'reply', to: 'x'}, {mode: 'reply', attachments: ['x']}, {mode: 'reply', colour: 1}, {mode: 'reply', attachments: ['12345']}])
        assert.ok([400, 404].includes((await anna.raw('PUT', `/api/v1/conversations/${conversation}/draft`, wrong)).status), JSON.stringify(wrong));
    const html = await save(anna, conversation, {html: '<b onclick="x()">Hi</b><script>x()</script>'});
    assert.ok(!/script|onclick/.test(html.html), html.html);
});

test('drafts outlive a merge on both sides, and the undoing of it', async () => {
    const {anna} = house;
    const [into, from] = [await house.customerWrites('dm1'), await house.customerWrites('dm2')];
    await save(anna, into, {text: 'Into'});
    await save(anna, from, {text: 'From'});
    await anna.call('POST', '/api/v1/conversations/{conversation}/merge', {parameters: {conversation: into}, body: {from}, expect: 200});
    const merged = await draftOf(anna, into, 'GET');
    assert.equal(merged.own.text, 'Into');
    assert.deepEqual(merged.further.map(({text}) => text), ['From']);
    await save(anna, from, {text: 'From, further', rev: 1});
    await anna.call('POST', '/api/v1/conversations/{conversation}/unmerge', {parameters: {conversation: into}, body: {from}, expect: 200});
    assert.equal((await draftOf(anna, from, 'GET')).own.text, 'From, further');
});

test('a draft is sent with its uploads and is gone in the same moment; taken back, it is there again', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('d2');
    const bring = (who, name, bytes, expect = 201) => who.call('POST', '/api/v1/uploads',
        {query: `?name=${encodeURIComponent(name)}`, body: bytes, headers: {'content-type': 'text/plain'}, expect});
    const upload = await bring(anna, '../note.txt', new Uint8Array([104, 105]));
    assert.deepEqual([upload.name, upload.type, upload.size], ['note.txt', 'text/plain', 2]);
    await bring(anna, '', new Uint8Array([1]), 400);
    await bo.call('GET', '/api/v1/uploads/{upload}', {parameters: {upload: upload.id}, expect: 404});
    await bo.call('DELETE', '/api/v1/uploads/{upload}', {parameters: {upload: upload.id}, expect: 404});
    await save(bo, conversation, {attachments: [upload.id]}, 404);

    const draft = await save(anna, conversation, {text: 'With a file', attachments: [upload.id], shared: true});
    assert.deepEqual(draft.attachments, [upload]);
    assert.equal(await bo.call('GET', '/api/v1/uploads/{upload}', {parameters: {upload: upload.id}, expect: 200}), 'hi');
    const sent = await bo.call('POST', '/api/v1/conversations/{conversation}/replies', {parameters: {conversation},
        body: {text: 'With a file', draft: draft.id, attachments: [], undo_seconds: 600}, expect: 201});
    assert.equal((await draftOf(anna, conversation, 'GET')).shared, null);
    assert.equal((await save(anna, conversation, {text: 'typed on', shared: true, rev: 1}, 409)).code, 'draft_gone');
    await bo.call('POST', '/api/v1/messages/{message}/cancel', {parameters: {message: sent.id}, body: {}, expect: 200});
    assert.equal((await draftOf(anna, conversation, 'GET')).shared.text, 'With a file');
    await anna.call('DELETE', '/api/v1/uploads/{upload}', {parameters: {upload: upload.id}, expect: 204});
    assert.equal((await draftOf(anna, conversation, 'GET')).shared.attachments[0].name, null);
});

const note = (who, conversation, body, expect = 201) =>
    who.call('POST', '/api/v1/conversations/{conversation}/notes', {parameters: {conversation}, body, expect});
const notices = async (who, query = '?unread=true') => (await who.call('GET', '/api/v1/notices', {query, expect: 200}));

test('T05: a mention reaches who may see the conversation, and tells nobody who may not', async () => {
    const {anna, bo, person} = house;
    const eve = await person('eve');
    const conversation = await house.customerWrites('n1');
    await anna.call('PUT', '/api/v1/channels/{channel}/access', {parameters: {channel: house.channel.id},
        body: {restricted: true, agents: [bo.agent.id], teams: []}, expect: 200});
    const refused = await note(bo, conversation, {text: '@eve', mentions: [{agent_id: eve.agent.id}]}, 400);
    assert.equal(refused.code, 'mention_unseen');
    const unknown = await note(bo, conversation, {text: '@nobody', mentions: [{agent_id: '12345'}]}, 400);
    assert.deepEqual([unknown.code, unknown.detail], [refused.code, refused.detail]);
    assert.equal((await notices(eve)).unread, 0);
    await eve.call('PUT', '/api/v1/conversations/{conversation}/followers/{agent}', {parameters: {conversation, agent: eve.agent.id}, expect: 404});
    await bo.call('PUT', '/api/v1/conversations/{conversation}/followers/{agent}', {parameters: {conversation, agent: eve.agent.id}, expect: 404});
    assert.equal((await eve.raw('POST', '/api/v1/presence', {conversation})).status, 404);
    await anna.call('PUT', '/api/v1/channels/{channel}/access', {parameters: {channel: house.channel.id},
        body: {restricted: false, agents: [], teams: []}, expect: 200});

    const written = await note(bo, conversation, {text: '@eve please', mentions: [{agent_id: eve.agent.id}]});
    assert.deepEqual(written.mentions, [{agent_id: eve.agent.id}]);
    const {items, unread} = await notices(eve);
    assert.deepEqual([unread, items[0].kind, items[0].message_id, items[0].actor_id], [1, 'mentioned', written.id, bo.agent.id]);
    const shown = await bo.call('GET', '/api/v1/conversations/{conversation}', {parameters: {conversation}, expect: 200});
    assert.ok(shown.followers.includes(eve.agent.id), 'who is mentioned follows');
    await house.customerWrites('n1', 'News');
    await house.customerWrites('n1', 'More news');
    assert.deepEqual((await notices(eve)).items.map(({kind}) => kind), ['updated', 'mentioned'], 'news is said once until it is read');
    await eve.call('POST', '/api/v1/notices/read', {body: {until: (await notices(eve)).items[0].id}, expect: 204});
    assert.equal((await notices(eve)).unread, 0);
    await eve.call('DELETE', '/api/v1/conversations/{conversation}/followers/{agent}', {parameters: {conversation, agent: eve.agent.id}, expect: 204});
    await house.customerWrites('n1', 'Unheard');
    assert.equal((await notices(eve)).unread, 0);
    await bo.call('PATCH', '/api/v1/conversations/{conversation}', {parameters: {conversation}, body: {assignee_id: eve.agent.id}, expect: 200});
    assert.deepEqual((await notices(eve)).items.map(({kind}) => kind), ['assigned']);
    for (const wrong of [[{}], [{agent_id: 'x'}], [{agent_id: '1', team_id: '1'}], 'bo', Array(51).fill({agent_id: bo.agent.id})])
        await note(bo, conversation, {text: 'x', mentions: wrong}, 400);
});

test('T04: a note is changed and removed by its writer alone, with its history, and is never sent', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('n2');
    const {id} = await note(bo, conversation, {text: 'Secret grumbling'});
    const of = {parameters: {message: id}};
    assert.equal((await anna.call('PATCH', '/api/v1/messages/{message}', {...of, body: {text: 'x'}, expect: 403})).code, 'note_not_yours');
    const changed = await bo.call('PATCH', '/api/v1/messages/{message}', {...of, body: {text: 'Calm words'}, expect: 200});
    assert.deepEqual([changed.text, changed.is_edited], ['Calm words', true]);
    await bo.call('PATCH', '/api/v1/messages/{message}', {...of, body: {text: ''}, expect: 400});
    await bo.call('PATCH', '/api/v1/messages/{message}', {...of, body: {send_at: '2030-01-01T00:00:00.000Z'}, expect: 400});
    await anna.call('DELETE', '/api/v1/messages/{message}', {...of, expect: 403});
    const removed = await bo.call('DELETE', '/api/v1/messages/{message}', {...of, expect: 200});
    assert.deepEqual([removed.text, removed.removed_at !== null], ['', true]);
    assert.equal((await bo.call('DELETE', '/api/v1/messages/{message}', {...of, expect: 409})).code, 'note_removed');
    const {items} = await anna.call('GET', '/api/v1/messages/{message}/versions', {...of, expect: 200});
    assert.deepEqual(items.map(({text}) => text), ['Secret grumbling', 'Calm words']);
    assert.deepEqual((await anna.raw('GET', '/api/v1/search?q=grumbling')).json.items, []);
    const received = (await house.messages(conversation)).find(({direction}) => direction === 'in');
    await bo.call('DELETE', '/api/v1/messages/{message}', {parameters: {message: received.id}, expect: 404});
    const {items: parts} = await anna.call('GET', '/api/v1/messages/{message}/parts', {...of, expect: 200});
    assert.deepEqual(parts, []);
});

test('who looks and who types is told to those who may see it, once, and forgotten', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('p1');
    const stream = await house.listen(anna);
    await bo.call('POST', '/api/v1/presence', {body: {conversation, typing: true}, expect: 200});
    const told = await stream.live(({t, conversation_id}) => t === 'presence' && conversation_id === conversation);
    assert.deepEqual([told.agent_id, told.typing], [bo.agent.id, true]);
    const seen = await anna.call('GET', '/api/v1/conversations/{conversation}', {parameters: {conversation}, expect: 200});
    assert.deepEqual(seen.presence.map(({agent_id, typing}) => [agent_id, typing]), [[bo.agent.id, true]]);
    const others = await anna.call('POST', '/api/v1/presence', {body: {conversation}, expect: 200});
    assert.deepEqual(others.items.map(({agent_id}) => agent_id), [bo.agent.id]);
    await bo.call('POST', '/api/v1/presence', {body: {conversation, left: true}, expect: 200});
    await stream.live(({agent_id, typing}) => agent_id === bo.agent.id && !typing);
    assert.deepEqual((await anna.call('GET', '/api/v1/conversations/{conversation}', {parameters: {conversation}, expect: 200})).presence, []);
    await note(bo, conversation, {text: 'Look', mentions: [{agent_id: anna.agent.id}]});
    const notify = await stream.live(({t, kind}) => t === 'notify' && kind === 'mentioned');
    assert.equal(notify.conversation_id, conversation);
    stream.close();
});

const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const later = (who, conversation, body, expect = 201) => who.call('POST', '/api/v1/conversations/{conversation}/replies',
    {parameters: {conversation}, body: {text: 'Good morning', ...body}, expect});

test('a reply that leaves later is held, moved, cancelled by the customer, and holds up nobody', async () => {
    const {anna, bo} = house;
    const conversation = await house.customerWrites('l1');
    const seen = await house.lastSeen(conversation);
    for (const wrong of [inSeconds(-1), inSeconds(367 * 86400), 'tomorrow'])
        await later(anna, conversation, {send_at: wrong}, 400);
    const send_at = inSeconds(86400);
    const held = await later(anna, conversation, {send_at, client_key: 'later-1', cancel_on_reply: true, seen});
    assert.deepEqual([held.state, held.send_at, held.cancel_on_reply], ['held', send_at, true]);
    const further = inSeconds(2 * 86400);
    const moved = await bo.call('PATCH', '/api/v1/messages/{message}', {parameters: {message: 'later-1'}, body: {send_at: further}, expect: 200});
    assert.equal(moved.send_at, further);
    const {items: [part]} = await anna.call('GET', '/api/v1/messages/{message}/parts', {parameters: {message: held.id}, expect: 200});
    assert.equal(part.not_before, further);
    await house.server.restart();
    assert.equal((await anna.call('GET', '/api/v1/messages/{message}', {parameters: {message: held.id}, expect: 200})).state, 'held');

    const now = await later(bo, conversation, {text: 'Now'});
    await house.until(async () => (await anna.raw('GET', `/api/v1/messages/${now.id}/parts`)).json.items[0].attempts > 0);
    // While an attempt is under way it cannot be taken back, between two it can.
    const taken = await bo.raw('DELETE', `/api/v1/messages/${now.id}`);
    assert.ok(taken.status === 200 || taken.json.code === 'already_sent', taken.text);

    await house.customerWrites('l1', 'Never mind');
    const cancelled = await anna.call('GET', '/api/v1/messages/{message}', {parameters: {message: held.id}, expect: 200});
    assert.deepEqual([cancelled.state, cancelled.state_reason], ['cancelled', 'the customer has written']);
    assert.ok((await notices(anna)).items.some(({kind, message_id}) => kind === 'reply_failed' && message_id === held.id));
    const gone = await anna.call('DELETE', '/api/v1/messages/{message}', {parameters: {message: 'later-1'}, expect: 409});
    assert.equal(gone.code, 'already_sent');
    await anna.call('PATCH', '/api/v1/messages/{message}', {parameters: {message: 'later-1'}, body: {send_at}, expect: 409});
    await anna.call('DELETE', '/api/v1/messages/{message}', {parameters: {message: 'no-such-key'}, expect: 404});
});

test('a reply is taken back within its hold, by its client key, and its draft is there again', async () => {
    const {anna} = house;
    const conversation = await house.customerWrites('u1');
    const draft = await save(anna, conversation, {text: 'Draft', subject: 'S'});
    await later(anna, conversation, {undo_seconds: 600, client_key: 'undo-1', draft: draft.id, status: 'resolved'});
    const back = await anna.call('DELETE', '/api/v1/messages/{message}', {parameters: {message: 'undo-1'}, expect: 200});
    assert.deepEqual([back.state, back.text], ['cancelled', 'Good morning']);
    const shown = await anna.call('GET', '/api/v1/conversations/{conversation}', {parameters: {conversation}, expect: 200});
    assert.deepEqual([shown.status, shown.drafts.own.text], ['open', 'Draft']);
});

test('conversations are linked with each other and with the world, once, and only where both are seen', async () => {
    const {anna, bo} = house;
    const [one, two] = [await house.customerWrites('k1'), await house.customerWrites('k2')];
    const link = (who, conversation, body, expect = 201) => who.call('POST', '/api/v1/conversations/{conversation}/links', {parameters: {conversation}, body, expect});
    const links = async (who, conversation) => (await who.call('GET', '/api/v1/conversations/{conversation}/links', {parameters: {conversation}, expect: 200})).items;
    const made = await link(bo, two, {conversation_id: one, title: 'the same parcel'});
    assert.equal(made.conversation_id, one);
    await link(anna, one, {conversation_id: two}, 409);
    await link(bo, one, {conversation_id: one}, 400);
    for (const url of ['javascript:alert(1)', 'http://example.org', 'https://', '']) await link(bo, one, {url}, 400);
    await link(bo, one, {url: 'https://example.org/4711', title: 'Parcel'});
    await link(bo, one, {conversation_id: '12345'}, 404);
    assert.deepEqual((await links(anna, one)).map(({conversation_id, url}) => conversation_id ?? url), [two, 'https://example.org/4711']);
    assert.deepEqual((await links(anna, two)).map(({conversation_id}) => conversation_id), [one]);
    await anna.call('DELETE', '/api/v1/conversations/{conversation}/links/{link}', {parameters: {conversation: one, link: made.id}, expect: 204});
    await anna.call('DELETE', '/api/v1/conversations/{conversation}/links/{link}', {parameters: {conversation: one, link: made.id}, expect: 404});
    assert.deepEqual(await links(anna, two), []);
    await house.server.control('conversation', 'link', one, two, '--title', 'again');
    assert.equal((await links(anna, two)).length, 1);
});

test('tags are counted, renamed, merged and removed', async () => {
    const {anna, bo, server} = house;
    const [one, two] = [await house.customerWrites('t1'), await house.customerWrites('t2')];
    const tag = (conversation, ...names) => bo.call('PATCH', '/api/v1/conversations/{conversation}', {parameters: {conversation}, body: {add_tags: names}, expect: 200});
    await tag(one, 'refund', 'money back');
    await tag(two, 'money back');
    const list = async () => (await bo.call('GET', '/api/v1/tags', {expect: 200})).items;
    const named = async (name) => (await list()).find((item) => item.name === name);
    assert.deepEqual([(await named('refund')).conversations, (await named('money back')).conversations], [1, 2]);
    const made = await anna.call('POST', '/api/v1/tags', {body: {name: 'vip', color: '#0a7b83'}, expect: 201});
    await anna.call('POST', '/api/v1/tags', {body: {name: 'vip'}, expect: 409});
    await anna.call('POST', '/api/v1/tags', {body: {name: 'x', color: 'red;'}, expect: 400});
    await bo.call('POST', '/api/v1/tags', {body: {name: 'y'}, expect: 403});
    const {id} = await named('refund');
    await anna.call('PATCH', '/api/v1/tags/{tag}', {parameters: {tag: id}, body: {name: 'money back'}, expect: 409});
    await anna.call('PATCH', '/api/v1/tags/{tag}', {parameters: {tag: id}, body: {name: 'refunds'}, expect: 200});
    const merged = await anna.call('POST', '/api/v1/tags/{tag}/merge', {parameters: {tag: (await named('money back')).id}, body: {into: id}, expect: 200});
    assert.deepEqual([merged.name, merged.conversations], ['refunds', 2]);
    assert.equal(await named('money back'), undefined);
    await anna.call('DELETE', '/api/v1/tags/{tag}', {parameters: {tag: made.id}, expect: 204});
    await anna.call('DELETE', '/api/v1/tags/{tag}', {parameters: {tag: made.id}, expect: 404});
    assert.ok((await server.control('tag', 'list')).items.some(({name}) => name === 'refunds'));
    assert.equal((await server.control('tag', 'change', id, '--color', '#ff0000')).color, '#ff0000');
});

test('a move is undone to where the conversation came from', async () => {
    const {anna, server} = house;
    const conversation = await house.customerWrites('v1');
    const undo = (expect) => anna.call('POST', '/api/v1/conversations/{conversation}/unmove', {parameters: {conversation}, body: {}, expect});
    assert.equal((await undo(409)).code, 'conversation_not_moved');
    const other = await server.addHookChannel('elsewhere');
    await anna.call('POST', '/api/v1/conversations/{conversation}/move', {parameters: {conversation}, body: {channel_id: other.id}, expect: 200});
    assert.equal((await undo(200)).channel_id, house.channel.id);
});

test('E15: whoever takes part gets copies of a reply to all; who was taken out, and a stranger, never', async () => {
    const {anna, bo, server} = house;
    const sink = await startSmtpSink([]);
    try {
        const channel = await server.control('channel', 'add', 'email', 'support', '--set', 'address=support@example.org',
            '--set', 'incoming=none', '--set', 'smtp_host=localhost', '--set', `smtp_port=${sink.port}`, '--set', 'smtp_security=plain', '--no-check');
        const begun = await anna.call('POST', '/api/v1/conversations', {body: {channel_id: channel.id, to: ['matti@example.com'],
            cc: ['support@example.org', {address: 'liisa@example.com', name: 'Liisa'}, 'old@example.com'], subject: 'Offer', text: 'Here.'}, expect: 201});
        const conversation = begun.conversation_id;
        const change = (body, expect = 200) => bo.call('PATCH', '/api/v1/conversations/{conversation}/participants', {parameters: {conversation}, body, expect});
        await change({add: [{address: 'New@example.com', name: 'New'}], remove: ['old@example.com']});
        await change({add: ['x@example.com\r\nBcc: y@example.com']}, 400);
        await change({add: 'x'}, 400);
        const {items} = await bo.call('GET', '/api/v1/conversations/{conversation}/participants', {parameters: {conversation}, expect: 200});
        assert.deepEqual(items.map(({address}) => address.toLowerCase()), ['matti@example.com', 'liisa@example.com', 'new@example.com']);
        const upload = await bo.call('POST', '/api/v1/uploads', {query: '?name=offer.txt', body: new Uint8Array([104, 105]), headers: {'content-type': 'text/plain'}, expect: 201});
        const reply = await bo.call('POST', '/api/v1/conversations/{conversation}/replies', {parameters: {conversation},
            body: {text: 'To all.', reply_all: true, attachments: [{upload: upload.id}]}, expect: 201});
        assert.deepEqual(reply.headers.cc.map(({address}) => address.toLowerCase()), ['liisa@example.com', 'new@example.com']);
        assert.deepEqual(reply.attachments.map(({name, size}) => [name, size]), [['offer.txt', 2]]);
        await house.until(async () => (await bo.raw('GET', `/api/v1/messages/${reply.id}`)).json.state === 'accepted');
        const later = await bo.call('POST', '/api/v1/conversations/{conversation}/replies', {parameters: {conversation},
            body: {text: 'Next week.', send_at: inSeconds(600)}, expect: 201});
        const now = await bo.call('POST', '/api/v1/conversations/{conversation}/replies', {parameters: {conversation}, body: {text: 'At once.'}, expect: 201});
        await house.until(async () => (await bo.raw('GET', `/api/v1/messages/${now.id}`)).json.state === 'accepted');
        const answers = (await bo.raw('GET', `/api/v1/messages/${now.id}`)).json.headers.in_reply_to;
        assert.deepEqual(answers, [reply.message_key], 'it answers what has left, not what is to leave');
        const soon = inSeconds(1);
        await bo.call('PATCH', '/api/v1/messages/{message}', {parameters: {message: later.id}, body: {send_at: soon}, expect: 200});
        await house.until(async () => (await bo.raw('GET', `/api/v1/messages/${later.id}`)).json.state === 'accepted');
        await house.until(async () => /Next week/.test(await sink.lastMail()));
        assert.equal((await house.server.control('conversation', 'participants', conversation)).items.length, 3);
    } finally {
        await sink.stop();
    }
});

test('E05, E06: nothing that is written into a name, a subject or an address adds a recipient', async () => {
    const {anna, server} = house;
    const sink = await startSmtpSink([]);
    try {
        const channel = await server.control('channel', 'add', 'email', 'names', '--set', 'address=names@example.org',
            '--set', 'incoming=none', '--set', 'smtp_host=localhost', '--set', `smtp_port=${sink.port}`, '--set', 'smtp_security=plain', '--no-check');
        const begin = (more, expect) => anna.call('POST', '/api/v1/conversations',
            {body: {channel_id: channel.id, to: ['a@example.com'], subject: 'S', text: 'T', ...more}, expect});
        const crlf = 'x\r\nBcc: evil@example.com';
        for (const more of [{subject: crlf}, {to: [`a@example.com${crlf}`]}, {to: [{address: 'a@example.com', name: crlf}]}, {cc: ['a@example.com\nb@example.com']}])
            await begin(more, 400);
        const sent = await begin({to: [{address: 'a@example.com', name: 'Åke "the <b@evil.example>, c@evil.example'}]}, 201);
        await house.until(async () => (await anna.raw('GET', `/api/v1/messages/${sent.id}`)).json.state === 'accepted');
        const {items} = await anna.call('GET', '/api/v1/messages/{message}/parts', {parameters: {message: sent.id}, expect: 200});
        assert.deepEqual(items.map(({recipient}) => recipient), ['a@example.com']);
        const mail = await sink.lastMail();
        const head = mail.slice(0, mail.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
        const to = /^To: (.*)$/m.exec(head)[1];
        assert.match(to, /<a@example\.com>\s*$/);
        assert.ok(!/^bcc:/im.test(head) && !/[^\x00-\x7f]/.test(head), to);
    } finally {
        await sink.stop();
    }
});

test('after a merge the one conversation has what only the other one had: fields, followers, participants', async () => {
    const {anna, bo} = house;
    const [into, from] = [await house.customerWrites('mf1'), await house.customerWrites('mf2')];
    await anna.call('POST', '/api/v1/fields', {body: {object: 'conversation', key: 'merged', label: 'Merged', kind: 'text'}, expect: 201});
    await bo.call('PATCH', '/api/v1/conversations/{conversation}', {parameters: {conversation: from}, body: {fields: {merged: 'yes'}}, expect: 200});
    await bo.call('PUT', '/api/v1/conversations/{conversation}/followers/{agent}', {parameters: {conversation: from, agent: bo.agent.id}, expect: 204});
    await bo.call('PATCH', '/api/v1/conversations/{conversation}/participants', {parameters: {conversation: from}, body: {add: ['x@example.com']}, expect: 200});
    const merged = await anna.call('POST', '/api/v1/conversations/{conversation}/merge', {parameters: {conversation: into}, body: {from}, expect: 200});
    assert.equal(merged.fields.merged, 'yes');
    assert.ok(merged.followers.includes(bo.agent.id));
    const {items} = await bo.call('GET', '/api/v1/conversations/{conversation}/participants', {parameters: {conversation: into}, expect: 200});
    assert.deepEqual(items.map(({address}) => address), ['x@example.com']);
});
