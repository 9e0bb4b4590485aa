// What doc/openapi.yaml owes its readers, one line for each debt: a name for every operation, a schema and an example for
// every JSON body.
import {readFile} from 'node:fs/promises';
import {parseYaml, resolve} from '../system/openapi.mjs';

const document = parseYaml(await readFile(process.argv[2], 'utf8'));
const names = new Map();
const isJson = (type) => /\bjson/.test(type);
const say = (title, what) => console.log(`doc/openapi.yaml: ${title} ${what}`);

function bodies(title, content, place) {
    for (const [type, media] of Object.entries(content ?? {})) {
        if (!isJson(type)) continue;
        if (!media.schema) say(title, `has no schema for its ${place}`);
        if (media.example === undefined) say(title, `has no example of its ${place}`);
    }
}

for (const [pattern, methods] of Object.entries(document.paths))
    for (const [method, what] of Object.entries(methods)) {
        const title = `${method.toUpperCase()} ${pattern}`;
        const name = what.operationId ?? '';
        if (!/^[a-z][A-Za-z0-9]*$/.test(name)) say(title, 'needs an operationId such as listTeams, addTeam, changeTeam, mergeCustomer');
        else if (names.has(name)) say(title, `has the operationId of ${names.get(name)}`);
        names.set(name, title);
        if (!what.summary) say(title, 'has no summary');
        bodies(title, what.requestBody?.content, 'request');
        for (const [status, response] of Object.entries(what.responses))
            if (status.startsWith('2')) bodies(title, resolve(document, response).content, `answer ${status}`);
    }
