// Customers as people: the record, addresses, companies, notes, consent, finding them.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startDialogd} from './dialogd.mjs';

let server, bo;
before(async () => {
    server = await startDialogd();
    await server.control('channel', 'add', 'phone', 'switchboard', '--set', 'country_code=358', '--no-check');
    const agent = await server.call('POST', '/api/v1/agents', {email: 'bo@example.org', name: 'Bo'});
    ({json: {token: bo}} = await server.call('POST', '/api/v1/tokens', {name: 'bo', agent_id: agent.json.id}));
});
after(() => server.remove());

async function add(body, status = 201) {
    const answer = await server.call('POST', '/api/v1/customers', body);
    assert.equal(answer.status, status, answer.text);
    return answer.json;
}
const found = async (query) => (await server.call('GET', `/api/v1/customers?search=${encodeURIComponent(query)}`)).json.items.map(({name}) => name);

test('a customer is added by hand, with addresses in their normal form', async () => {
    const made = await add({name: 'Aino Väänänen', language: 'EN-gb',
        identities: [{kind: 'email', address: 'Aino@Example.ORG'}, {kind: 'phone', address: '040 123 4567'}]});
    assert.equal(made.language, 'en-GB');
    assert.deepEqual(made.identities.map(({address}) => address), ['aino@example.org', '+358401234567']);
    const taken = await server.call('POST', '/api/v1/customers', {name: 'X', identities: [{kind: 'phone', address: '+358 40 1234567'}]});
    assert.equal(taken.json.code, 'identity_taken');
    assert.equal((await add({language: 'x'}, 400)).code, 'language_invalid');
    assert.equal((await add({identities: [{kind: 'generic', address: 'k'}]}, 400)).code, 'kind_invalid');
});

test('T02: members that no caller may set are refused', async () => {
    for (const extra of [{id: '1'}, {version: 9}, {is_held: true}, {erased_at: null}, {merged_into: '2'}, {root_id: '2'}])
        assert.equal((await add({name: 'Eve', ...extra}, 400)).code, 'body_invalid');
});

test('a change needs the version that was read', async () => {
    const {id} = await add({name: 'Versio'});
    const path = `/api/v1/customers/${id}`;
    const read = await server.call('GET', path);
    const headers = {'if-match': read.headers.get('etag')};
    assert.equal((await server.call('PATCH', path, {name: 'Versio 2'}, {headers})).status, 200);
    const late = await server.call('PATCH', path, {name: 'Versio 3'}, {headers});
    assert.equal(late.status, 412);
    assert.equal(late.json.code, 'version_conflict');
    assert.equal((await server.call('GET', path)).json.name, 'Versio 2');
    const cleared = await server.call('PATCH', path, {language: null, company_id: null, preferred_channel_id: null});
    assert.deepEqual([cleared.json.language, cleared.json.company_id], [null, null]);
    assert.equal((await server.call('PATCH', path, {company_id: '99'})).json.code, 'company_unknown');
});

test('customers are found by the beginnings of words, with Finnish letters', async () => {
    await add({name: 'Mäkinen Örjan', identities: [{kind: 'email', address: 'orjan.makinen@puu.example'}]});
    await add({name: 'Makinen Orjan'});
    assert.deepEqual(await found('mäki'), ['Mäkinen Örjan']);
    assert.deepEqual(await found('MÄKINEN ö'), ['Mäkinen Örjan']);
    assert.deepEqual(await found('ma\u0308kinen'), ['Mäkinen Örjan']);
    assert.deepEqual(await found('makinen'), ['Makinen Orjan', 'Mäkinen Örjan']); // the latter by its address
    assert.deepEqual(await found('orjan.makinen@puu'), ['Mäkinen Örjan']);
    assert.deepEqual(await found('040 123'), ['Aino Väänänen']);
    assert.deepEqual(await found('+358 40 1234567'), ['Aino Väänänen']);
    assert.deepEqual(await found('%'), []);
    assert.deepEqual(await found('nobody at all'), []);
});

test('pages of customers neither skip nor repeat', async () => {
    for (let n = 0; n < 7; n++) await add({name: `Sivu ${n}`});
    const names = [];
    let cursor = '';
    do {
        const {json} = await server.call('GET', `/api/v1/customers?search=sivu&limit=3${cursor && `&cursor=${cursor}`}`);
        names.push(...json.items.map(({name}) => name));
        cursor = json.next;
    } while (cursor);
    assert.deepEqual(names, [6, 5, 4, 3, 2, 1, 0].map((n) => `Sivu ${n}`));
});

test('a company has domains, customers and conversations', async () => {
    const company = (await server.call('POST', '/api/v1/companies', {name: 'Puu Oy', domains: ['Puu2.example']})).json;
    assert.deepEqual(company.domains, ['puu2.example']);
    const twice = await server.call('POST', '/api/v1/companies', {name: 'Toinen', domains: ['puu2.example']});
    assert.equal(twice.json.code, 'domain_taken');
    const hook = await server.addHookChannel('company');
    await server.receive(hook, {id: 'c1', contact: 'company-1'});
    const [{id}] = (await server.call('GET', '/api/v1/customers?limit=1')).json.items;
    await server.call('PATCH', `/api/v1/customers/${id}`, {company_id: company.id});
    assert.deepEqual((await server.call('GET', `/api/v1/customers?company=${company.id}`)).json.items.map((row) => row.id), [id]);
    const {items} = (await server.call('GET', `/api/v1/companies/${company.id}/conversations`)).json;
    assert.deepEqual(items.map(({customer_id}) => customer_id), [id]);
    await server.call('PATCH', `/api/v1/companies/${company.id}`, {name: 'Kivi Oy'});
    for (let tries = 0; (await found('kivi')).length === 0; tries++) {
        assert.ok(tries < 50, 'the words follow the company’s name');
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal((await server.call('DELETE', `/api/v1/companies/${company.id}`)).status, 204);
    assert.equal((await server.call('GET', `/api/v1/customers/${id}`)).json.company_id, null);
});

test('a new customer of a company’s domain belongs to it', async () => {
    const company = (await server.call('POST', '/api/v1/companies', {name: 'Domain Oy', domains: ['domain.example']})).json;
    const made = await server.call('POST', '/api/v1/meetings', {address: 'joku@domain.example', direction: 'out', outcome: 'held'});
    assert.equal(made.json.code, 'channel_needed');
    await server.control('channel', 'add', 'meeting', 'meetings', '--no-check');
    const met = await server.call('POST', '/api/v1/meetings', {address: 'joku@domain.example', direction: 'out', outcome: 'held'});
    assert.equal((await server.call('GET', `/api/v1/customers/${met.json.customer_id}`)).json.company_id, company.id);
});

test('notes are changed and removed by their writer alone', async () => {
    const {id} = await add({name: 'Muistio'});
    const notes = `/api/v1/customers/${id}/notes`;
    const note = (await server.call('POST', notes, {text: '<script>alert(1)</script>'})).json;
    assert.equal(note.text, '<script>alert(1)</script>', 'V04: data stays data');
    assert.equal((await server.call('PATCH', `${notes}/${note.id}`, {text: 'x'}, {token: bo})).json.code, 'note_of_another');
    assert.equal((await server.call('DELETE', `${notes}/${note.id}`, undefined, {token: bo})).status, 403);
    const changed = await server.call('PATCH', `${notes}/${note.id}`, {text: 'Toinen'}, {headers: {'if-match': '"v1"'}});
    assert.equal(changed.json.version, 2);
    assert.equal((await server.call('PATCH', `${notes}/${note.id}`, {text: 'Kolmas'}, {headers: {'if-match': '"v1"'}})).status, 412);
    assert.equal((await server.call('DELETE', `${notes}/${note.id}`)).status, 204);
    assert.deepEqual((await server.call('GET', notes)).json.items, []);
    const other = await add({name: 'Toinen'});
    const its = (await server.call('POST', `/api/v1/customers/${other.id}/notes`, {text: 'y'})).json;
    assert.equal((await server.call('DELETE', `${notes}/${its.id}`)).status, 404);
});

test('consent keeps its history, and the newest word of a purpose holds', async () => {
    const {id} = await add({name: 'Suostumus'});
    const consents = `/api/v1/customers/${id}/consents`;
    const say = (body) => server.call('POST', consents, body);
    await say({purpose: 'marketing', state: 'given', source: 'messut', occurred_at: '2026-01-02T10:00:00.000Z'});
    await say({purpose: 'marketing', state: 'withdrawn', source: 'puhelin', occurred_at: '2026-03-02T10:00:00.000Z'});
    const late = await say({purpose: 'marketing', state: 'given', occurred_at: '2026-02-02T10:00:00.000Z'});
    assert.deepEqual(late.json.consents.map(({purpose, state, source}) => [purpose, state, source]), [['marketing', 'withdrawn', 'puhelin']]);
    assert.equal((await server.call('GET', consents)).json.items.length, 3);
    assert.equal((await say({purpose: 'x', state: 'maybe'})).status, 400);
    assert.equal((await say({purpose: 'x', state: 'given', occurred_at: '2999-01-01T00:00:00.000Z'})).status, 400);
});

test('addresses are added, blocked and taken away', async () => {
    const {id} = await add({name: 'Osoite'});
    const path = `/api/v1/customers/${id}/identities`;
    const made = await server.call('POST', path, {kind: 'phone', address: '0500-111 222'});
    const [{id: identity}] = made.json.identities;
    assert.ok((await server.call('PATCH', `${path}/${identity}`, {is_blocked: true})).json.identities[0].blocked_at);
    assert.equal((await server.call('PATCH', `${path}/${identity}`, {is_blocked: false})).json.identities[0].blocked_at, null);
    assert.equal((await server.call('DELETE', `${path}/${identity}`)).status, 204);
    const hook = await server.addHookChannel('identities');
    await server.receive(hook, {id: 'i1', contact: 'identity-1'});
    const [row] = (await server.call('GET', '/api/v1/customers?limit=1')).json.items;
    const [used] = (await server.call('GET', `/api/v1/customers/${row.id}`)).json.identities;
    assert.equal((await server.call('DELETE', `/api/v1/customers/${row.id}/identities/${used.id}`)).json.code, 'identity_in_use');
    assert.equal((await server.call('DELETE', `${path}/${used.id}`)).status, 404);
});

test('every change is an event of ids and words, never of texts', async () => {
    const {id} = await add({name: 'Salainen Nimi', identities: [{kind: 'email', address: 'salainen@example.org'}]});
    await server.call('POST', `/api/v1/customers/${id}/notes`, {text: 'salainen muistio'});
    let text = '';
    for (let since = '0', page; page?.items?.length !== 0; since = page.items.at(-1)?.seq ?? since) {
        page = (await server.call('GET', `/api/v1/events?poll=1&since=${since}`)).json;
        text += JSON.stringify(page);
    }
    assert.match(text, new RegExp(`"customer":"${id}","what":"note_added"`));
    assert.doesNotMatch(text, /alainen/);
});

test('dialogctl keeps customers and companies', async () => {
    const company = await server.control('company', 'add', 'Ohjain Oy', '--domain', 'ohjain.example');
    const made = await server.control('customer', 'add', '--name', 'Ohjain', '--email', 'o@ohjain.example', '--company', company.id);
    assert.equal(made.company_name, 'Ohjain Oy');
    assert.equal((await server.control('customer', 'change', made.id, '--language', 'sv')).language, 'sv');
    await server.control('customer', 'address-add', made.id, 'phone', '+46812345678');
    assert.equal((await server.control('customer', 'list', '--search', 'ohja')).items.length, 1);
    await server.control('customer', 'note', made.id, 'Hei');
    assert.equal((await server.control('customer', 'notes', made.id)).items.length, 1);
    await server.control('customer', 'consent', made.id, 'research', 'given');
    assert.equal((await server.control('customer', 'consents', made.id)).items.length, 1);
    await server.control('company', 'remove', company.id);
});

test('custom fields of customers are checked, shown and found', async () => {
    for (const [key, kind] of [['vip', 'boolean'], ['size', 'number']]) {
        const made = await server.call('POST', '/api/v1/fields', {object: 'customer', key, label: key, kind});
        assert.equal(made.status, 201, made.text);
    }
    const made = await add({name: 'Kenttä', fields: {vip: true, size: 3}});
    assert.deepEqual(made.fields, {vip: true, size: 3});
    const path = `/api/v1/customers/${made.id}`;
    assert.equal((await server.call('PATCH', path, {fields: {size: 'large'}})).json.code, 'field_value_invalid');
    assert.equal((await server.call('PATCH', path, {fields: {colour: 'red'}})).json.code, 'field_unknown');
    assert.equal((await server.call('PATCH', path, {fields: []})).status, 400);
    assert.deepEqual((await server.call('PATCH', path, {fields: {size: null}})).json.fields, {vip: true});
    const hits = (await server.call('GET', '/api/v1/customers?field=vip&value=true')).json.items;
    assert.deepEqual(hits.map(({name}) => name), ['Kenttä']);
    assert.deepEqual((await server.call('GET', '/api/v1/customers?field=vip&value=false')).json.items, []);
    assert.equal((await server.call('GET', '/api/v1/customers?field=nope&value=1')).status, 400);
});

test('likely duplicates are shown, a merge is previewed, done and undone', async () => {
    const {id: company} = (await server.call('POST', '/api/v1/companies', {name: 'Kaksi Oy'})).json;
    const one = await add({name: 'Tupla Testi', language: 'fi', company_id: company, identities: [{kind: 'email', address: 'tupla@kaksi.example'}]});
    const two = await add({name: 'tupla testi', language: 'sv', company_id: company});
    const hook = await server.addHookChannel('twins');
    await server.receive(hook, {id: 'twin', contact: 'tupla@kaksi.example'});
    const other = (await server.call('GET', '/api/v1/customers?limit=1')).json.items[0];
    const {items} = (await server.call('GET', `/api/v1/customers/${one.id}/duplicates`)).json;
    assert.deepEqual(items.map(({id, reason}) => [id, reason]), [[two.id, 'same_name_and_company'], [other.id, 'same_address']]);
    const base = `/api/v1/customers/${one.id}`;
    const preview = (await server.call('GET', `${base}/merge-preview?from=${two.id}`)).json;
    assert.deepEqual(preview.differing, ['name', 'language']);
    assert.equal((await server.call('GET', `${base}/merge-preview?from=${other.id}`)).json.conversation_count, 1);
    assert.equal((await server.call('GET', `${base}/merge-preview`)).status, 400);
    const headers = {'if-match': '"v77"'};
    assert.equal((await server.call('POST', `${base}/merge`, {from: other.id}, {headers})).status, 412);
    const merged = await server.call('POST', `${base}/merge`, {from: other.id});
    assert.equal(merged.json.identities.length, 2);
    assert.deepEqual((await server.call('GET', `${base}/duplicates`)).json.items.map(({id}) => id), [two.id]);
    assert.equal((await server.call('POST', `/api/v1/customers/${other.id}/unmerge`, {from: other.id})).json.id, other.id);
    assert.equal((await server.control('customer', 'duplicates', one.id)).items.length, 2);
    assert.equal((await server.control('customer', 'merge-preview', one.id, two.id)).differing.length, 2);
});
