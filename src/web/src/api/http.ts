// Calls of the HTTP API (doc/openapi.yaml): JSON in and out, problems as exceptions, one key for each effect.

export interface ProblemBody {
    status: number;
    code: string;
    detail?: string;
    [member: string]: unknown;
}

// RFC 9457. status 0: no answer came.
export class Problem extends Error {
    readonly status: number;
    readonly code: string;
    readonly body: ProblemBody;

    constructor(body: ProblemBody) {
        super(body.detail ?? body.code);
        this.status = body.status;
        this.code = body.code;
        this.body = body;
    }

    // Nothing is known of the effect: the same key may be tried again.
    get isPassing(): boolean {
        return this.status === 0 || this.status === 429 || this.status >= 500;
    }
}

export interface CallOptions {
    body?: unknown;
    key?: string; // Idempotency-Key; POST gets a fresh one without it
    version?: number; // If-Match
    signal?: AbortSignal;
    keepalive?: boolean; // outlives the page
}

export interface Answer<T> {
    data: T;
    version: number | null; // of ETag "v7"
    status: number;
}

// 128 random bits; crypto.randomUUID needs a secure context, this does not.
export function newKey(): string {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
        '',
    );
}

// What a 401 says when nobody is signed in; others are wrong codes and links.
const NOBODY = ['token_missing', 'token_invalid', 'session_invalid'];

let onUnauthenticated: () => void = () => {};
let confirm: () => Promise<boolean> = async () => false;

// Told once for each answer that says nobody is signed in.
export function whenUnauthenticated(listener: () => void): void {
    onUnauthenticated = listener;
}

// Asked when the server wants the password once more; true: done, the call is sent again.
export function whenConfirmationNeeded(listener: () => Promise<boolean>): void {
    confirm = listener;
}

function headersOf(method: string, options: CallOptions): Headers {
    const headers = new Headers({accept: 'application/json'});
    if (method !== 'GET') headers.set('x-requested-with', 'dialogd');
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    if (method === 'POST') headers.set('idempotency-key', options.key ?? newKey());
    if (options.version !== undefined) headers.set('if-match', `"v${options.version}"`);
    return headers;
}

async function problemOf(response: Response): Promise<Problem> {
    const type = response.headers.get('content-type') ?? '';
    const body = type.includes('json') ? await response.json().catch(() => null) : null;
    return new Problem({code: 'http_error', ...body, status: response.status});
}

async function sendOnce<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    let response: Response;
    try {
        response = await fetch(path, {
            method,
            headers: headersOf(method, options),
            body: options.body === undefined ? null : JSON.stringify(options.body),
            credentials: 'same-origin',
            signal: options.signal ?? null,
            keepalive: options.keepalive ?? false,
        });
    } catch (error) {
        if (options.signal?.aborted) throw error;
        throw new Problem({status: 0, code: 'offline'});
    }
    if (!response.ok) {
        const problem = await problemOf(response);
        if (problem.status === 401 && NOBODY.includes(problem.code)) onUnauthenticated();
        throw problem;
    }
    const version = /^(?:W\/)?"v(\d+)"$/.exec(response.headers.get('etag') ?? '');
    const text = await response.text();
    const data = text === '' ? null : JSON.parse(text);
    return {data: data as T, version: version ? Number(version[1]) : null, status: response.status};
}

export async function send<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    try {
        return await sendOnce<T>(method, path, options);
    } catch (refused) {
        const isOpen = refused instanceof Problem && refused.code === 'confirmation_needed';
        if (!isOpen || !(await confirm())) throw refused;
        return sendOnce<T>(method, path, options);
    }
}

export const get = async <T>(path: string, options?: CallOptions): Promise<T> =>
    (await send<T>('GET', path, options)).data;
export const post = async <T>(path: string, body: unknown, options?: CallOptions): Promise<T> =>
    (await send<T>('POST', path, {...options, body})).data;
export const put = async <T>(path: string, body: unknown, options?: CallOptions): Promise<T> =>
    (await send<T>('PUT', path, {...options, body})).data;
export const patch = async <T>(path: string, body: unknown, options?: CallOptions): Promise<T> =>
    (await send<T>('PATCH', path, {...options, body})).data;
export const remove = async (path: string, options?: CallOptions): Promise<void> => {
    await send('DELETE', path, options);
};

// A path with its query; empty values are left out.
export function query(path: string, parameters: Record<string, string | number | null | undefined>): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters))
        if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
    const text = search.toString();
    return text ? `${path}?${text}` : path;
}
