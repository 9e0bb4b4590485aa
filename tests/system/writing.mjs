// What the tests of working together share: a server with an administrator, an agent and a channel
// that takes no network, and calls whose answers are held against doc/openapi.yaml.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {startDialogd} from './dialogd.mjs';
import {parseYaml, problems, resolve} from './openapi.mjs';

const source = process.env.TOP_SRCDIR ?? path.resolve(import.meta.dirname ?? '.', '../..');
const document = parseYaml(await readFile(path.join(source, 'doc/openapi.yaml'), 'utf8'));

class Person {
    constructor(server, token, agent) { Object.assign(this, {server, token, agent}); }

    raw(method, target, body, headers = {}) {
        return this.server.call(method, target, body, {token: this.token, headers});
    }

    // A documented route; the answer's JSON, which fits its schema.
    async call(method, pattern, {parameters = {}, query = '', body, headers, expect} = {}) {
        const target = pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name])) + query;
        const answer = await this.raw(method, target, body, headers);
        const documented = document.paths[pattern]?.[method.toLowerCase()];
        assert.ok(documented, `${method} ${pattern} is documented`);
        assert.equal(answer.status, expect, `${method} ${target}: ${answer.text.slice(0, 300)}`);
        const response = resolve(document, documented.responses[answer.status] ?? documented.responses.default);
        const type = (answer.headers.get('content-type') ?? '').split(';')[0];
        const schema = response.content?.[type]?.schema;
        if (!response.content) assert.equal(answer.text, '', `${method} ${target} has no body`);
        if (schema) assert.deepEqual(problems(document, schema, answer.json), [], `${method} ${target}`);
        return answer.json ?? answer.text;
    }
}

export async function startWriting(settings = {}) {
    const server = await startDialogd(settings);
    // Replies have an address, but one that nothing listens on.
    const channel = await server.control('channel', 'add', 'generic', 'hooks', '--set', 'verification=address',
        '--set', 'url=http://127.0.0.1:9', '--no-check');
    const anna = new Person(server, server.token, server.agent);
    let count = 0;
    const person = async (name, more = {}) => {
        const agent = await anna.call('POST', '/api/v1/agents', {body: {email: `${name}@example.org`, name, ...more}, expect: 201});
        const {token} = await anna.call('POST', '/api/v1/tokens', {body: {name, agent_id: agent.id}, expect: 201});
        return new Person(server, token, agent);
    };
    return {
        server, channel, anna, person, bo: await person('bo'),
        // A customer's message; gives its conversation's id.
        async customerWrites(contact, text = 'Hello') {
            const answer = await server.receive(channel, {id: `w${++count}`, contact, text});
            assert.equal(answer.status, 200, answer.text);
            const {items} = await anna.call('GET', '/api/v1/conversations', {query: '?view=all&limit=1', expect: 200});
            return items[0].id;
        },
        async lastSeen(conversation) {
            const {items} = await anna.call('GET', '/api/v1/conversations/{conversation}/messages', {parameters: {conversation}, expect: 200});
            return items.at(-1).id;
        },
        async messages(conversation) {
            return (await anna.call('GET', '/api/v1/conversations/{conversation}/messages', {parameters: {conversation}, expect: 200})).items;
        },
        async until(done) {
            for (let tries = 0; tries < 200; tries++) {
                if (await done()) return;
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            assert.fail('it did not come about within 10 s');
        },
        // An event stream; live(fits) gives the first ephemeral event that fits.
        async listen(who) {
            const abort = new AbortController();
            const answer = await fetch(`${server.url}/api/v1/events`, {headers: {authorization: `Bearer ${who.token}`}, signal: abort.signal});
            const told = [];
            (async () => {
                let text = '';
                for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
                    text += part;
                    const blocks = text.split('\n\n');
                    text = blocks.pop();
                    for (const block of blocks)
                        if (block.startsWith('event: live\n')) told.push(JSON.parse(block.slice(block.indexOf('data: ') + 6)));
                }
            })().catch(() => {});
            return {
                close: () => abort.abort(),
                async live(fits) {
                    for (let tries = 0; tries < 100; tries++) {
                        const at = told.findIndex(fits);
                        if (at >= 0) return told.splice(at, 1)[0];
                        await new Promise((resolve) => setTimeout(resolve, 50));
                    }
                    assert.fail(`no such live event among ${JSON.stringify(told)}`);
                },
            };
        },
        async events(since = 0) { return anna.call('GET', '/api/v1/events', {query: `?poll=1&since=${since}`, expect: 200}); },
    };
}
