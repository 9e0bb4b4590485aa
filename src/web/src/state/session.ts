// Who is signed in, and the small dictionaries that ids are read with: agents, teams, channels. Loaded at the
// start, kept up to date by events.
import {computed, signal} from '@preact/signals';
import {get, Problem, whenUnauthenticated} from '../api/http';
import type {Agent, Channel, Me, Page, Team} from '../api/types';
import {languages, setLanguage} from '../i18n/text';

export type Gate = 'starting' | 'signed-out' | 'in' | 'failed';

export const gate = signal<Gate>('starting');
export const me = signal<Me | null>(null);
export const agents = signal<ReadonlyMap<string, Agent>>(new Map());
export const teams = signal<ReadonlyMap<string, Team>>(new Map());
export const channels = signal<ReadonlyMap<string, Channel>>(new Map());
export const failure = signal<Problem | null>(null);

// Signed out while at work: a dialog over the page, which keeps what is being written.
export const needsSignIn = computed(() => gate.value === 'signed-out' && me.value !== null);

export const may = (permission: string): boolean => me.value?.permissions.includes(permission) ?? false;

export const agentName = (id: string | null): string => (id === null ? '' : (agents.value.get(id)?.name ?? ''));

const byId = <T extends {id: string}>(page: Page<T>): Map<string, T> =>
    new Map(page.items.map((item) => [item.id, item]));

export async function loadDictionaries(): Promise<void> {
    const [agentPage, teamPage, channelPage] = await Promise.all([
        get<Page<Agent>>('/api/v1/agents'),
        get<Page<Team>>('/api/v1/teams'),
        get<Page<Channel>>('/api/v1/channels'),
    ]);
    agents.value = byId(agentPage);
    teams.value = byId(teamPage);
    channels.value = byId(channelPage);
}

// The account's own language, once it is known who is here.
async function speak(code: string): Promise<void> {
    const known = languages.find((one) => one.code === code);
    if (known) await setLanguage(known.code).catch(() => {});
}

export async function begin(): Promise<void> {
    try {
        const [own] = await Promise.all([get<Me>('/api/v1/me'), loadDictionaries()]);
        await speak(own.language);
        me.value = own;
        gate.value = 'in';
    } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.status === 401) return;
        failure.value = problem;
        gate.value = 'failed';
    }
}

whenUnauthenticated(() => {
    gate.value = 'signed-out';
});
