// What the server keeps of the person at the page, changed by themselves; and leaving.
import {patch, remove} from '../api/http';
import type {Agent} from '../api/types';
import {type Language, setLanguage} from '../i18n/text';
import {agents, me} from './session';

export async function changeMe(change: {name?: string; signature?: string; language?: string}): Promise<void> {
    const agent = await patch<Agent>('/api/v1/me', change);
    if (me.value) me.value = {...me.value, ...agent};
    agents.value = new Map(agents.value).set(agent.id, agent);
    if (change.language) await setLanguage(change.language as Language);
}

// All that the page holds of this person goes with it.
export async function signOut(): Promise<void> {
    await remove('/api/v1/session');
    window.location.assign('/app/inbox');
}
