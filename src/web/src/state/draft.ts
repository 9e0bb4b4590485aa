// What is being written in the open conversation: on the screen, in this browser, and on the server. Nothing that others
// do touches it: where the stored draft changed meanwhile both stand there until the writer chooses.
import {signal} from '@preact/signals';
import {get, Problem, put, query, remove} from '../api/http';

export type Mode = 'reply' | 'note';

export interface DraftFile {
    id: string; // of the upload; a number of our own while it is on its way
    name: string;
    size: number;
    progress?: number; // 0 to 1; absent: it is there
}

export interface Written {
    text: string;
    files: readonly DraftFile[];
}

interface Stored {
    id: string;
    mode: Mode;
    text?: string;
    attachments: {id: string; name: string | null; size: number | null}[];
    rev: number;
    updated_at: string;
}

interface Drafts {
    own: Stored | null;
    others: {agent_id: string; mode: string; updated_at: string}[];
}

export const mode = signal<Mode>('reply');
export const text = signal('');
export const files = signal<readonly DraftFile[]>([]);
export const place = signal<'nowhere' | 'saving' | 'server' | 'here'>('nowhere');
export const clash = signal<Stored | null>(null);
export const others = signal<Drafts['others']>([]);

const SAVE_MS = 800;
const nothing: Written = {text: '', files: []};
const isEmpty = ({text: words, files: some}: Written): boolean => words.trim() === '' && some.length === 0;

// What the server has, as far as this page knows, by conversation.
const bases = new Map<string, {id: string; mode: Mode; rev: number}>();
let at: string | null = null;
let timer = 0;
let turn: Promise<unknown> = Promise.resolve(); // saves follow one another

const mirrorKey = (id: string, kind: Mode): string => `dialogd-draft-${id}-${kind}`;

function readMirror(id: string, kind: Mode): Written & {rev: number} {
    try {
        return {...nothing, rev: 0, ...JSON.parse(localStorage.getItem(mirrorKey(id, kind)) ?? '{}')};
    } catch {
        return {...nothing, rev: 0};
    }
}

function writeMirror(id: string, kind: Mode, written: Written): void {
    const kept = {...written, files: written.files.filter((file) => file.progress === undefined)};
    try {
        if (isEmpty(kept)) localStorage.removeItem(mirrorKey(id, kind));
        else localStorage.setItem(mirrorKey(id, kind), JSON.stringify({...kept, rev: bases.get(id)?.rev ?? 0}));
    } catch {
        // stays on the screen
    }
}

const written = (): Written => ({text: text.value, files: files.value});

function show(what: Written): void {
    text.value = what.text;
    files.value = what.files;
}

function bodyOf(id: string, kind: Mode, what: Written): Record<string, unknown> {
    const attachments = what.files.filter((file) => file.progress === undefined).map((file) => file.id);
    return {mode: kind, text: what.text, attachments, rev: bases.get(id)?.rev ?? 0};
}

const pathOf = (id: string): string => `/api/v1/conversations/${id}/draft`;

async function store(id: string, kind: Mode, what: Written): Promise<void> {
    const base = bases.get(id);
    if (isEmpty(what)) {
        if (base?.mode !== kind) return;
        await remove(query(pathOf(id), {rev: base.rev}));
        bases.delete(id);
        return;
    }
    const stored = await put<Stored>(pathOf(id), bodyOf(id, kind, what));
    bases.set(id, stored);
}

async function save(id: string, kind: Mode, what: Written): Promise<void> {
    let where: typeof place.value = isEmpty(what) ? 'nowhere' : 'server';
    try {
        await store(id, kind, what).catch((problem) => {
            if (!(problem instanceof Problem)) throw problem;
            const stored = problem.body['draft'] as Stored | undefined;
            if (problem.code === 'draft_gone')
                bases.delete(id); // sent or removed from elsewhere; these words are not
            else if (stored?.mode === kind && stored.text === what.text)
                bases.set(id, stored); // the same words
            else throw problem;
            return store(id, kind, what);
        });
    } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        where = isEmpty(what) ? 'nowhere' : 'here';
        if (problem.code === 'draft_conflict' && at === id) clash.value = problem.body['draft'] as Stored;
    }
    if (!isEmpty(what) && readMirror(id, kind).text === what.text) writeMirror(id, kind, what);
    if (at === id && timer === 0) place.value = where;
}

function saveNow(): void {
    if (timer === 0 || at === null) return;
    clearTimeout(timer);
    timer = 0;
    const [id, kind, what] = [at, mode.value, written()];
    turn = turn.then(() => save(id, kind, what));
}

// After each change of the text or the files.
export function changed(what: Partial<Written>): void {
    if (at === null) return;
    show({...written(), ...what});
    writeMirror(at, mode.value, written());
    place.value = 'saving';
    clearTimeout(timer);
    timer = 0;
    if (clash.value) place.value = 'here';
    else timer = window.setTimeout(saveNow, SAVE_MS);
}

const fromStored = ({text: words, attachments}: Stored): Written => ({
    text: words ?? '',
    files: attachments.map(({id, name, size}) => ({id, name: name ?? '', size: size ?? 0})),
});

// The mirror is what was typed last here; the stored one may come from another place.
function join(id: string, own: Stored): void {
    bases.set(id, own);
    const mirror = readMirror(id, own.mode);
    if (isEmpty(mirror)) {
        writeMirror(id, own.mode, fromStored(own));
        if (isEmpty(written())) mode.value = own.mode;
        if (mode.value === own.mode) show(fromStored(own));
    } else if (mirror.text !== (own.text ?? '') && mirror.rev !== own.rev) {
        clash.value = own;
        mode.value = own.mode;
        show(mirror);
    }
}

async function load(id: string): Promise<void> {
    const drafts = await get<Drafts>(pathOf(id));
    if (at !== id) return;
    others.value = drafts.others;
    if (timer !== 0) {
        if (drafts.own && !bases.has(id)) bases.set(id, {...drafts.own, rev: readMirror(id, mode.value).rev});
        return; // somebody types already: the server tells whether it changed
    }
    if (drafts.own) join(id, drafts.own);
    place.value = isEmpty(written()) ? 'nowhere' : drafts.own && !clash.value ? 'server' : 'here';
}

export function openDraft(id: string): void {
    if (at === id) return;
    saveNow();
    at = id;
    clash.value = null;
    others.value = [];
    mode.value = isEmpty(readMirror(id, 'reply')) && !isEmpty(readMirror(id, 'note')) ? 'note' : 'reply';
    show(readMirror(id, mode.value));
    place.value = isEmpty(written()) ? 'nowhere' : 'here';
    load(id).catch(() => {});
}

export function closeDraft(): void {
    saveNow();
    at = null;
}

// Others' drafts come and go; one's own stays as it is.
export function refreshOthers(): void {
    const id = at;
    if (id === null) return;
    get<Drafts>(pathOf(id)).then(
        (drafts) => {
            if (at === id) others.value = drafts.others;
        },
        () => {},
    );
}

export function setMode(wanted: Mode): void {
    if (wanted === mode.value || at === null) return;
    saveNow();
    mode.value = wanted;
    show(readMirror(at, wanted));
}

// TRUE: what stands on the screen; else what the server has.
export function settle(keepsMine: boolean): void {
    const stored = clash.value;
    if (!stored || at === null) return;
    bases.set(at, stored);
    clash.value = null;
    changed(keepsMine ? {} : fromStored(stored));
}

// What is sent leaves the screen at once, this browser when the server has it. Gives the stored draft that goes with it.
export async function takeDraft(id: string, kind: Mode): Promise<string | null> {
    if (at === id) {
        clearTimeout(timer);
        timer = 0;
        show(nothing);
        place.value = 'nowhere';
    }
    await turn;
    const base = bases.get(id);
    return base?.mode === kind ? base.id : null;
}

export function draftSent(id: string, kind: Mode, what: Written): void {
    const base = bases.get(id);
    if (base?.mode === kind) bases.delete(id);
    if (readMirror(id, kind).text === what.text) writeMirror(id, kind, nothing);
}

// A note takes no draft along: its stored one is removed.
export function dropStored(id: string): void {
    remove(pathOf(id)).catch(() => {});
}

// What did not go, or was taken back, stands in the composer again, before what was begun meanwhile.
export function bringBack(id: string, kind: Mode, what: Written): void {
    const now = at === id && mode.value === kind ? written() : readMirror(id, kind);
    const isSame = now.text === what.text;
    const joined = {
        text: isEmpty(now) || isSame ? what.text : `${what.text}\n\n${now.text}`,
        files: isSame ? what.files : [...what.files, ...now.files],
    };
    if (at !== id) {
        writeMirror(id, kind, joined);
        return;
    }
    setMode(kind);
    changed(joined);
}

window.addEventListener('pagehide', () => {
    if (timer === 0 || at === null || isEmpty(written())) return;
    put(pathOf(at), bodyOf(at, mode.value, written()), {keepalive: true}).catch(() => {});
});
