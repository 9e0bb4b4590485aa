// doc/openapi.yaml against the route table and against real answers of the server.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {startDialogd} from './dialogd.mjs';
import {parseYaml, problems, resolve} from './openapi.mjs';

const run = promisify(execFile);
const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const build = process.env.TOP_BUILDDIR ?? path.resolve('build');
const document = parseYaml(await readFile(path.join(source, 'doc/openapi.yaml'), 'utf8'));
const {stdout} = await run(path.join(build, 'tests/api/route_list'));
const routes = stdout.trim().split('\n').map((line) => {
    const [method, whole, permission, ...query] = line.split(' ');
    const pattern = whole.replace('...}', '}');
    return {method, pattern, permission, query: query[0] === '-' || query[0] === '*' ? [] : query};
});
const operation = ({method, pattern}) => document.paths[pattern]?.[method.toLowerCase()];

// Its calls are held against the document as well.
const elsewhere = (await Promise.all(['writing', 'sign-in-openapi'].map((name) => readFile(path.join(source, `tests/system/${name}.test.mjs`), 'utf8')))).join('');

let server;
const covered = new Set();
before(async () => { server = await startDialogd(); });
after(() => server?.remove());

// Calls a documented route and holds the answer against its schema. parameters fill the pattern.
async function call(method, pattern, {parameters = {}, query = '', body, local = false, expect} = {}) {
    const target = pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name])) + query;
    const answer = await server.call(method, target, body);
    const documented = operation({method, pattern});
    assert.ok(documented, `${method} ${pattern} is documented`);
    if (expect) assert.equal(answer.status, expect, `${method} ${target}: ${answer.text.slice(0, 300)}`);
    const response = resolve(document, documented.responses[answer.status] ?? documented.responses.default);
    const type = (answer.headers.get('content-type') ?? '').split(';')[0];
    if (!response.content) assert.equal(answer.text, '', `${method} ${target} has no body`);
    else assert.ok(type in response.content, `${method} ${target} answers ${answer.status} ${type}`);
    const schema = response.content?.[type]?.schema;
    if (schema) assert.deepEqual(problems(document, schema, answer.json ?? answer.text), [], `${method} ${target}`);
    if (answer.status < 400) covered.add(`${method} ${pattern}`);
    return answer.json ?? answer.text;
}

test('every route is documented, and everything documented is a route', () => {
    const documented = Object.entries(document.paths).flatMap(([pattern, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${pattern}`));
    assert.deepEqual(documented.sort(), routes.map(({method, pattern}) => `${method} ${pattern}`).sort());
});

test('permissions, path and query parameters are those of the route table', () => {
    for (const route of routes) {
        const what = operation(route);
        const parameters = (what.parameters ?? []).map((item) => resolve(document, item));
        const names = (place) => parameters.filter((item) => item.in === place).map(({name}) => name).sort();
        const title = `${route.method} ${route.pattern}`;
        assert.equal(what['x-permission'], route.permission, title);
        assert.deepEqual(names('query'), [...route.query].sort(), title);
        assert.deepEqual(names('path'), [...route.pattern.matchAll(/\{(\w+)/g)].map(([, name]) => name).sort(), title);
        if (route.method === 'POST' && route.permission !== 'anyone') assert.ok(names('header').includes('Idempotency-Key'), title);
        assert.ok(what.summary && what.tags.every((tag) => document.tags.some(({name}) => name === tag)), title);
    }
});

test('every example fits its schema', () => {
    for (const methods of Object.values(document.paths))
        for (const what of Object.values(methods))
            for (const {content} of [what.requestBody ?? {}, ...Object.values(what.responses)])
                for (const {schema, example} of Object.values(content ?? {}))
                    if (schema && example) assert.deepEqual(problems(document, schema, example), []);
});

test('people: real answers fit', async () => {
    await call('GET', '/api/v1/me', {expect: 200});
    await call('PATCH', '/api/v1/me', {body: {name: 'Anna Admin', signature: 'Anna', language: 'fi'}, expect: 200});
    const team = await call('POST', '/api/v1/teams', {body: {name: 'Sales'}, expect: 201});
    await call('PATCH', '/api/v1/teams/{team}', {parameters: {team: team.id}, body: {name: 'Support'}, expect: 200});
    await call('GET', '/api/v1/teams', {expect: 200});
    await call('GET', '/api/v1/permissions', {expect: 200});
    const role = await call('POST', '/api/v1/roles', {body: {name: 'auditor', permissions: ['audit_read']}, expect: 201});
    await call('PUT', '/api/v1/roles/{role}', {parameters: {role: role.id}, body: {name: 'auditors', permissions: ['audit_read', 'report_read']}, expect: 200});
    await call('GET', '/api/v1/roles', {expect: 200});
    await call('DELETE', '/api/v1/roles/{role}', {parameters: {role: role.id}, expect: 204});
    const agent = await call('POST', '/api/v1/agents', {body: {email: 'bo@example.org', name: 'Bo', teams: [team.id]}, expect: 201});
    await call('PATCH', '/api/v1/agents/{agent}', {parameters: {agent: agent.id}, body: {role: 'supervisor'}, expect: 200});
    await call('GET', '/api/v1/agents/{agent}', {parameters: {agent: agent.id}, expect: 200});
    await call('GET', '/api/v1/agents', {expect: 200});
    await call('PATCH', '/api/v1/agents/{agent}/availability', {parameters: {agent: agent.id}, body: {state: 'away', until: '2030-01-01T00:00:00Z', reason: 'Holiday', capacity: 20}, expect: 200});
    await call('PATCH', '/api/v1/me/availability', {body: {state: 'available'}, expect: 200});
    await call('PATCH', '/api/v1/teams/{team}/assignment', {parameters: {team: team.id}, body: {mode: 'round_robin', reassign_after_minutes: 30}, expect: 200});
    await call('GET', '/api/v1/teams/{team}/assignment', {parameters: {team: team.id}, expect: 200});
    const token = await call('POST', '/api/v1/tokens', {body: {name: 'x', expires_at: '2030-01-01T00:00:00Z'}, expect: 201});
    await call('GET', '/api/v1/tokens', {expect: 200});
    await call('DELETE', '/api/v1/tokens/{token}', {parameters: {token: token.id}, expect: 204});
});

test('web hooks out: real answers fit', async () => {
    const made = await call('POST', '/api/v1/webhooks', {body: {name: 'warehouse', url: 'https://192.0.2.1/hook', event_types: ['message_received']}, expect: 201});
    const parameters = {webhook: made.id};
    await call('GET', '/api/v1/webhooks', {expect: 200});
    await call('GET', '/api/v1/webhooks/{webhook}', {parameters, expect: 200});
    await call('POST', '/api/v1/webhooks/{webhook}/rotate', {parameters, expect: 200});
    const ping = await call('POST', '/api/v1/webhooks/{webhook}/ping', {parameters, expect: 202});
    await call('GET', '/api/v1/webhooks/{webhook}/deliveries', {parameters, expect: 200});
    await call('POST', '/api/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver', {parameters: {...parameters, delivery: ping.id}, expect: 202});
    await call('PATCH', '/api/v1/webhooks/{webhook}', {parameters, body: {paused: true}, expect: 200});
    await call('DELETE', '/api/v1/webhooks/{webhook}', {parameters, expect: 204});
});

test('import and export: real answers fit', async () => {
    const channel = await server.control('channel', 'add', 'generic', 'old desk', '--set', 'verification=address', '--no-check');
    const parameters = {channel: channel.id};
    const route = '/api/v1/channels/{channel}/import/conversations';
    const body = {source: 'old', conversations: [{id: '1', subject: 'Old', customer: {id: 'c', name: 'Cora'},
        messages: [{id: '1', direction: 'in', occurred_at: '2020-01-01T10:00:00Z', text: 'Hello'}], state: {status: 'resolved', team: 'nobody'}}]};
    const counts = await call('POST', route, {parameters, body, expect: 200});
    assert.deepEqual([counts.stored, counts.settled, counts.problems.length], [1, 1, 1]);
    await call('POST', route, {parameters, body: {source: '', conversations: []}, expect: 400});
    await call('GET', '/api/v1/export', {expect: 200});
});

test('SLA policies: real answers fit', async () => {
    const body = {name: 'Contract', targets: {first_response: {default: {ms: 3600000, time: 'business'}, urgent: {ms: 900000, time: 'elapsed'}}}, conditions: {tags: ['contract']}};
    const made = await call('POST', '/api/v1/sla-policies', {body, expect: 201});
    const parameters = {policy: made.id};
    await call('GET', '/api/v1/sla-policies', {expect: 200});
    await call('GET', '/api/v1/sla-policies/{policy}', {parameters, expect: 200});
    await call('PATCH', '/api/v1/sla-policies/{policy}', {parameters, body: {warning_share: 0.5}, expect: 200});
    await call('DELETE', '/api/v1/sla-policies/{policy}', {parameters, expect: 204});
    await call('POST', '/api/v1/sla-policies', {body: {name: 'All', targets: {next_response: {default: {ms: 3600000, time: 'elapsed'}}, first_response: {default: {ms: 7200000, time: 'elapsed'}}}}, expect: 201});
});

test('status: real answers fit', async () => {
    await call('GET', '/', {expect: 303});
    await call('GET', '/app/{rest}', {parameters: {rest: 'inbox'}, expect: 200});
    await call('GET', '/favicon.svg', {expect: 200});
    for (const pattern of ['/healthz', '/readyz', '/metrics', '/api/v1/version']) await call('GET', pattern, {expect: 200});
});

let channel;
test('channels: real answers fit', async () => {
    await call('GET', '/api/v1/channel-kinds', {expect: 200});
    channel = await call('POST', '/api/v1/channels', {query: '?check=no', body: {kind: 'generic', name: 'Shop', settings: {verification: 'address'}}, expect: 201});
    await call('GET', '/api/v1/channels', {expect: 200});
    await call('GET', '/api/v1/channels/{channel}', {parameters: {channel: channel.id}, expect: 200});
    await call('GET', '/api/v1/channels/{channel}/access', {parameters: {channel: channel.id}, expect: 200});
    await call('PUT', '/api/v1/channels/{channel}/access', {parameters: {channel: channel.id}, body: {restricted: true, agents: [], teams: []}, expect: 200});
    await call('PATCH', '/api/v1/channels/{channel}', {parameters: {channel: channel.id}, query: '?check=no', body: {name: 'Web shop'}, expect: 200});
    await call('GET', '/api/v1/channels/{channel}/ledger', {parameters: {channel: channel.id}, expect: 200});
    const other = await call('POST', '/api/v1/channels', {query: '?check=no', body: {kind: 'generic', name: 'Other'}, expect: 201});
    await call('DELETE', '/api/v1/channels/{channel}', {parameters: {channel: other.id}, expect: 204});
    for (let at = 0; at < 6; at++) {
        const answer = await server.receive(channel, {id: `m${at}`, contact: `c${at % 3}`, text: `Lasku ${at}`});
        assert.equal(answer.status, 200);
    }
    covered.add('POST /hooks/{kind}/{key}');
});

test('bulk changes: real answers fit', async () => {
    const {items: [one]} = await call('GET', '/api/v1/conversations', {query: '?view=all', expect: 200});
    await call('POST', '/api/v1/conversations/ops', {body: {ids: [one.id, '1'], change: {priority: 1}}, expect: 200});
    const job = await call('POST', '/api/v1/conversations/ops', {body: {query: 'is:open', change: {priority: 0}}, expect: 202});
    await call('GET', '/api/v1/bulk', {expect: 200});
    const of = {parameters: {bulk: job.id}};
    const state = async () => (await call('GET', '/api/v1/bulk/{bulk}', {...of, expect: 200})).state;
    while ((await state()) === 'running') ;
    await call('POST', '/api/v1/bulk/{bulk}/cancel', {...of, body: {}, expect: 409});
    await call('POST', '/api/v1/bulk/{bulk}/undo', {...of, body: {}, expect: 200});
    while (['running', 'undoing'].includes(await state())) ; // the next test wants them at rest
});

test('views: real answers fit', async () => {
    const view = await call('POST', '/api/v1/views', {body: {name: 'Late', query: 'waiting:>2h', sort: 'waiting', scope: 'all', columns: ['subject']}, expect: 201});
    const of = {parameters: {view: view.id}};
    await call('PATCH', '/api/v1/views/{view}', {...of, body: {name: 'Later', position: 2}, expect: 200});
    await call('GET', '/api/v1/views', {expect: 200});
    await call('GET', '/api/v1/views/{view}', {...of, expect: 200});
    await call('GET', '/api/v1/views/{view}', {parameters: {view: 'open'}, expect: 200});
    await call('POST', '/api/v1/views/order', {body: {ids: [view.id]}, expect: 204});
    await call('DELETE', '/api/v1/views/{view}', {...of, expect: 204});
});

test('conversations and messages: real answers fit', async () => {
    const page = await call('GET', '/api/v1/conversations', {query: '?view=all&limit=2', expect: 200});
    await call('GET', '/api/v1/conversations', {query: `?view=all&limit=2&cursor=${page.next}`, expect: 200});
    for (const view of ['open', 'mine', 'unassigned', 'waiting', 'pending', 'snoozed', 'resolved'])
        await call('GET', '/api/v1/conversations', {query: `?view=${view}&sort=oldest`, expect: 200});
    const [one, two] = page.items.map(({id}) => id);
    const of = (id) => ({parameters: {conversation: id}});
    const got = await call('GET', '/api/v1/conversations/{conversation}', {...of(one), expect: 200});
    await call('GET', '/api/v1/conversations/number/{number}', {parameters: {number: got.number}, expect: 200});
    const total = await call('GET', '/api/v1/conversations', {query: `?q=number:${got.number}&total=1`, expect: 200});
    assert.deepEqual([total.items[0].id, total.total, total.total_exact], [got.id, 1, true]);
    const back = await call('GET', '/api/v1/conversations', {query: `?view=all&limit=2&before=${page.next}`, expect: 200});
    assert.deepEqual(back.items[0], page.items[0]);
    await call('GET', '/api/v1/conversations', {query: `?ids=${got.id}`, expect: 200});
    const reader = await call('POST', '/api/v1/tokens', {body: {name: 'r'}, expect: 201}).catch(() => null);
    if (reader) for (const how of ['read', 'unread']) await call('POST', `/api/v1/conversations/{conversation}/${how}`, {...of(one), body: {}, expect: 200});
    await call('PATCH', '/api/v1/conversations/{conversation}', {...of(one), body: {status: 'pending', add_tags: ['vip'], priority: 1}, expect: 200});
    await call('POST', '/api/v1/conversations/{conversation}/notes', {...of(one), body: {text: 'Asked the warehouse.'}, expect: 201});
    const {items} = await call('GET', '/api/v1/conversations/{conversation}/messages', {...of(one), expect: 200});
    const message = {parameters: {message: items[0].id}};
    await call('GET', '/api/v1/messages/{message}', {...message, expect: 200});
    await call('GET', '/api/v1/messages/{message}/parts', {...message, expect: 200});
    await call('POST', '/api/v1/conversations/{conversation}/merge', {...of(one), body: {from: two}, expect: 200});
    await call('POST', '/api/v1/conversations/{conversation}/unmerge', {...of(one), body: {from: two}, expect: 200});
    const split = await call('POST', '/api/v1/conversations/{conversation}/split', {...of(one), body: {messages: [items[0].id]}, expect: 201});
    await call('POST', '/api/v1/conversations/{conversation}/unsplit', {...of(one), body: {to: split.id}, expect: 200});
    await call('GET', '/api/v1/search', {query: '?q=lasku', expect: 200});
    await call('GET', '/api/v1/events', {query: '?poll=1&since=0', expect: 200});
    await call('GET', '/api/v1/export/messages', {expect: 200});
});

test('custom fields: real answers fit', async () => {
    const field = await call('POST', '/api/v1/fields', {body: {object: 'conversation', key: 'size', label: 'Size', kind: 'choice', choices: ['S']}, expect: 201});
    const of = {parameters: {field: field.id}};
    await call('PATCH', '/api/v1/fields/{field}', {...of, body: {choices: ['S', 'M']}, expect: 200});
    await call('GET', '/api/v1/fields/{field}', {...of, expect: 200});
    await call('GET', '/api/v1/fields', {query: '?object=conversation', expect: 200});
    await call('DELETE', '/api/v1/fields/{field}', {...of, expect: 204});
});

test('customers: real answers fit', async () => {
    const {items: [one, two]} = await call('GET', '/api/v1/customers', {query: '?limit=2', expect: 200});
    const of = (id) => ({parameters: {customer: id}});
    await call('GET', '/api/v1/customers/{customer}', {...of(one.id), expect: 200});
    await call('PATCH', '/api/v1/customers/{customer}', {...of(one.id), body: {name: 'Aino Virtanen'}, expect: 200});
    await call('POST', '/api/v1/customers/{customer}/merge', {...of(one.id), body: {from: two.id}, expect: 200});
    await call('GET', '/api/v1/customers/{customer}/timeline', {...of(one.id), expect: 200});
    await call('POST', '/api/v1/customers/{customer}/unmerge', {...of(one.id), body: {from: two.id}, expect: 200});
});

test('customers as people: real answers fit', async () => {
    const base = '/api/v1/customers/{customer}';
    const company = await call('POST', '/api/v1/companies', {body: {name: 'Puu Oy', domains: ['puu.example']}, expect: 201});
    const at = {parameters: {company: company.id}};
    const {id} = await call('POST', '/api/v1/customers', {body: {name: 'Eero', company_id: company.id,
        identities: [{kind: 'email', address: 'eero@puu.example'}]}, expect: 201});
    const of = {parameters: {customer: id}};
    await call('GET', '/api/v1/customers', {query: `?search=eer&company=${company.id}`, expect: 200});
    const {identities} = await call('POST', `${base}/identities`, {...of, body: {kind: 'phone', address: '+358401234567'}, expect: 201});
    const identity = {parameters: {customer: id, identity: identities[1].id}};
    await call('PATCH', `${base}/identities/{identity}`, {...identity, body: {is_blocked: true}, expect: 200});
    await call('DELETE', `${base}/identities/{identity}`, {...identity, expect: 204});
    await call('GET', `${base}/duplicates`, {...of, expect: 200});
    await call('GET', `${base}/merge-preview`, {...of, query: `?from=${id}`, expect: 200});
    await call('GET', `${base}/personal-data`, {...of, expect: 200});
    const note = await call('POST', `${base}/notes`, {...of, body: {text: 'Calls back on Mondays'}, expect: 201});
    const noted = {parameters: {customer: id, note: note.id}};
    await call('GET', `${base}/notes`, {...of, expect: 200});
    await call('PATCH', `${base}/notes/{note}`, {...noted, body: {text: 'Calls back on Fridays'}, expect: 200});
    await call('DELETE', `${base}/notes/{note}`, {...noted, expect: 204});
    await call('POST', `${base}/consents`, {...of, body: {purpose: 'marketing', state: 'given'}, expect: 201});
    await call('GET', `${base}/consents`, {...of, expect: 200});
    for (const [kind, path, outcome] of [['phone', '/api/v1/calls', 'answered'], ['meeting', '/api/v1/meetings', 'held']]) {
        await call('POST', '/api/v1/channels', {body: {kind, name: `by hand: ${kind}`, settings: {}}, expect: 201});
        const made = await call('POST', path, {body: {customer_id: id, direction: 'out', outcome, text: 'Hei'}, expect: 201});
        const one = {parameters: {message: made.id}};
        await call('PATCH', `${path}/{message}`, {...one, body: {duration_s: 60}, expect: 200});
        await call('GET', `${path}/{message}`, {...one, expect: 200});
        await call('DELETE', `${path}/{message}`, {...one, expect: 204});
    }
    for (const is_held of [true, false]) await call('POST', '/api/v1/customers/{customer}/hold', {...of, body: {is_held}, expect: 200});
    const rules = '/api/v1/retention-rules';
    const rule = await call('POST', rules, {body: {name: 'Two years', what: 'texts', days: 730}, expect: 201});
    const kept = {parameters: {retention: rule.id}};
    await call('GET', rules, {expect: 200});
    await call('GET', `${rules}/{retention}`, {...kept, expect: 200});
    await call('PATCH', `${rules}/{retention}`, {...kept, body: {days: 700}, expect: 200});
    await call('GET', `${rules}/{retention}/dry-run`, {...kept, expect: 200});
    await call('POST', `${rules}/run`, {expect: 202});
    await call('DELETE', `${rules}/{retention}`, {...kept, expect: 204});
    const {id: gone} = await call('POST', '/api/v1/customers/{customer}/erase', {...of, expect: 202});
    await call('GET', '/api/v1/erasures', {expect: 200});
    await call('GET', '/api/v1/erasures/{erasure}', {parameters: {erasure: gone}, expect: 200});
    await call('GET', '/api/v1/companies/{company}/conversations', {...at, expect: 200});
    await call('GET', '/api/v1/companies', {expect: 200});
    await call('GET', '/api/v1/companies/{company}', {...at, expect: 200});
    await call('PATCH', '/api/v1/companies/{company}', {...at, body: {name: 'Kivi Oy'}, expect: 200});
    await call('DELETE', '/api/v1/companies/{company}', {...at, expect: 204});
});

test('calendars, waits and reports: real answers fit', async () => {
    const hours = {week: {mon: [['08:00', '16:00']]}};
    const calendar = await call('POST', '/api/v1/calendars', {body: {name: 'Helsinki', zone: 'Europe/Helsinki', hours}, expect: 201});
    const of = {parameters: {calendar: calendar.id}};
    await call('POST', '/api/v1/calendars/{calendar}/versions', {...of, body: {zone: 'Europe/Helsinki', hours}, expect: 201});
    await call('PATCH', '/api/v1/calendars/{calendar}', {...of, body: {name: 'Espoo'}, expect: 200});
    await call('GET', '/api/v1/calendars', {expect: 200});
    await call('GET', '/api/v1/calendars/{calendar}', {...of, expect: 200});
    const {items} = await call('GET', '/api/v1/waits', {expect: 200});
    await call('GET', '/api/v1/waits/{wait}', {parameters: {wait: items[0].id}, expect: 200});
    await call('GET', '/api/v1/waits/{wait}/explain', {parameters: {wait: items[0].id}, expect: 200});
    await call('GET', '/api/v1/reports/response-times', {query: '?by=agent', expect: 200});
    await call('GET', '/api/v1/reports/response-times.csv', {expect: 200});
    await call('GET', '/api/v1/reports/board', {query: '?zone=Europe/Helsinki', expect: 200});
    await call('POST', '/api/v1/reports/rebuild', {expect: 200});
    await call('DELETE', '/api/v1/calendars/{calendar}', {...of, expect: 204});
});

test('canned replies, macros and rules: real answers fit', async () => {
    const crud = async (pattern, name, body) => {
        const made = await call('POST', pattern, {body, expect: 201});
        const one = {parameters: {[name]: made.id}, expect: 200};
        await call('GET', pattern, {expect: 200});
        await call('PUT', `${pattern}/{${name}}`, {...one, body});
        return {made, one};
    };
    const remove = (pattern, {one}) => call('DELETE', pattern, {...one, expect: 204});
    const folder = await crud('/api/v1/canned-folders', 'folder', {name: 'Shipping'});
    const canned = await crud('/api/v1/canned-replies', 'canned', {name: 'Parcel', owner: 'all', folder_id: folder.made.id,
        texts: [{text: 'Hello {{customer.name|there}}'}]});
    await call('GET', '/api/v1/canned-replies/{canned}', canned.one);
    await call('POST', '/api/v1/canned-replies/{canned}/uses', {...canned.one, expect: 204});
    const {items: [conversation]} = await call('GET', '/api/v1/conversations', {query: '?view=all', expect: 200});
    await call('GET', '/api/v1/canned-replies/{canned}/render', {...canned.one, query: `?conversation=${conversation.id}`});
    const actions = [{action: 'add_tag', tag: 'seen'}, {action: 'set_priority', priority: 1}];
    const macro = await crud('/api/v1/macros', 'macro', {name: 'Seen', owner: 'all', actions});
    await call('GET', '/api/v1/macros/{macro}', macro.one);
    await call('POST', '/api/v1/macros/{macro}/run', {...macro.one, body: {conversations: [conversation.id, '1']}});
    const body = {name: 'Seen', when: {event: 'tagged'}, actions, is_active: false};
    const rule = await crud('/api/v1/rules', 'rule', body);
    await call('GET', '/api/v1/rules/{rule}', rule.one);
    await call('PUT', '/api/v1/rules/order', {body: {rules: [rule.made.id]}, expect: 200});
    await call('POST', '/api/v1/rules/dry-run', {body: {rule: body, limit: 2}, expect: 200});
    await call('GET', '/api/v1/rules/{rule}/runs', rule.one);
    await call('GET', '/api/v1/conversations/{conversation}/rule-runs', {parameters: {conversation: conversation.id}, expect: 200});
    await remove('/api/v1/rules/{rule}', rule);
    await remove('/api/v1/macros/{macro}', macro);
    await remove('/api/v1/canned-replies/{canned}', canned);
    await remove('/api/v1/canned-folders/{folder}', folder);
});

test('intake and refusals: real answers fit', async () => {
    await call('GET', '/api/v1/intake', {expect: 200});
    for (const {method, pattern, permission} of routes) {
        if (permission === 'anyone') continue;
        const refused = await server.call(method, pattern.replace(/\{\w+\}/g, '1'), method === 'GET' ? undefined : {}, {token: null});
        assert.equal(refused.status, 401, `${method} ${pattern}`);
        assert.deepEqual(problems(document, document.components.schemas.Problem, refused.json), []);
    }
    for (const pattern of ['/api/v1/backup', '/api/v1/demo'])
        assert.equal((await server.call('POST', pattern, {})).status, 403, 'only on the control socket');
});

test('most routes were called and answered', (context) => {
    const missing = routes.filter(({method, pattern}) => !covered.has(`${method} ${pattern}`) && !elsewhere.includes(`'${method}', '${pattern}'`)
        && !operation({method, pattern}).tags.includes('Sign-in')) // sign-in-openapi.test.mjs knows them all
        .map(({method, pattern}) => `${method} ${pattern}`);
    context.diagnostic(`not called here: ${missing.join(', ')}`);
    assert.ok(missing.length <= 24, missing.join('\n'));
});
