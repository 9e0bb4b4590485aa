// Reads doc/openapi.yaml (plain block style, inline values as JSON) and checks values against its
// schemas: the part of JSON Schema 2020-12 that the document uses. An unknown keyword is an error,
// so nothing is silently not checked.

function scalar(text) {
    if (/^["[{]/.test(text)) return JSON.parse(text);
    if (/^-?\d+(\.\d+)?$/.test(text) || ['true', 'false', 'null'].includes(text)) return JSON.parse(text);
    return text;
}

const splitKey = (text) => {
    const match = /^("(?:[^"\\]|\\.)*"|[^\s"'[{-][^:]*|\/[^:]*):(?: (.*))?$/.exec(text);
    return match && {key: match[1].startsWith('"') ? JSON.parse(match[1]) : match[1], rest: match[2]};
};

export function parseYaml(text) {
    const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('#'))
        .map((line) => ({indent: line.search(/\S/), text: line.trim()}));
    let at = 0;
    function block(indent) {
        return lines[at].text.startsWith('- ') ? list(indent) : map(indent);
    }
    function list(indent) {
        const items = [];
        while (at < lines.length && lines[at].indent === indent && lines[at].text.startsWith('- ')) {
            const rest = lines[at].text.slice(2);
            if (/^["[{]/.test(rest) || !splitKey(rest)) { items.push(scalar(rest)); at++; continue; }
            lines[at] = {indent: indent + 2, text: rest};
            items.push(map(indent + 2));
        }
        return items;
    }
    function map(indent) {
        const value = {};
        while (at < lines.length && lines[at].indent === indent) {
            const found = splitKey(lines[at].text);
            if (!found || found.key in value) throw new Error(`openapi.yaml: "${lines[at].text}"`);
            at++;
            value[found.key] = found.rest !== undefined ? scalar(found.rest) : block(lines[at].indent);
        }
        return value;
    }
    const value = map(0);
    if (at < lines.length) throw new Error(`openapi.yaml: "${lines[at].text}"`);
    return value;
}

const typeOf = (value) => value === null ? 'null' : Array.isArray(value) ? 'array'
    : Number.isInteger(value) ? 'integer' : typeof value;

const keywords = {
    type: (type, value) => [type].flat().some((name) => name === typeOf(value) || (name === 'number' && typeof value === 'number'))
        || `is ${typeOf(value)}, not ${type}`,
    enum: (words, value) => words.includes(value) || `${JSON.stringify(value)} is none of ${words}`,
    pattern: (pattern, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value) || `"${value}" is not like ${pattern}`,
    minimum: (low, value) => typeof value !== 'number' || value >= low || `${value} is less than ${low}`,
    maximum: (high, value) => typeof value !== 'number' || value <= high || `${value} is more than ${high}`,
    minLength: (low, value) => typeof value !== 'string' || value.length >= low || 'is too short',
    maxLength: (high, value) => typeof value !== 'string' || value.length <= high || 'is too long',
    minItems: (low, value) => !Array.isArray(value) || value.length >= low || 'has too few items',
    maxItems: (high, value) => !Array.isArray(value) || value.length <= high || 'has too many items',
    required: (names, value) => typeOf(value) !== 'object' || names.every((name) => name in value)
        || `lacks ${names.filter((name) => !(name in value))}`,
};
const annotations = ['description', 'examples', 'format', 'properties', 'additionalProperties', 'items', 'oneOf', '$ref'];

// What is wrong with the value, as a list of sentences.
export function problems(document, schema, value, where = '') {
    if (schema.$ref) return problems(document, resolve(document, schema), value, where);
    const found = [];
    for (const [name, argument] of Object.entries(schema)) {
        if (annotations.includes(name)) continue;
        if (!keywords[name]) throw new Error(`openapi.yaml: keyword ${name} is not known to the test`);
        const result = keywords[name](argument, value);
        if (result !== true) found.push(`${where}: ${result}`);
    }
    if (schema.oneOf && schema.oneOf.filter((one) => problems(document, one, value).length === 0).length !== 1)
        found.push(`${where}: fits not exactly one of its forms`);
    if (Array.isArray(value) && schema.items)
        value.forEach((item, at) => found.push(...problems(document, schema.items, item, `${where}[${at}]`)));
    if (typeOf(value) === 'object')
        for (const [name, member] of Object.entries(value)) {
            const known = schema.properties?.[name];
            if (known) found.push(...problems(document, known, member, `${where}.${name}`));
            else if (schema.additionalProperties === false) found.push(`${where}.${name} is not documented`);
            else if (typeof schema.additionalProperties === 'object') found.push(...problems(document, schema.additionalProperties, member, `${where}.${name}`));
        }
    return found;
}

export function resolve(document, item) {
    return item.$ref ? item.$ref.slice(2).split('/').reduce((at, step) => at[step], document) : item;
}
