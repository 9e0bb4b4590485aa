// The sections of the settings: what each is called, who may see it, and the chunk that shows it.
import type {ComponentType} from 'preact';
import type {Key} from '../i18n/text';

export interface Section {
    id: string;
    title: Key;
    group: 'mine' | 'people' | 'channels' | 'work' | 'system';
    permission: string | null; // null: everybody
    load: () => Promise<{default: ComponentType}>;
}

export const sections: readonly Section[] = [
    {id: 'me', title: 'settings.me', group: 'mine', permission: null, load: () => import('./me')},
    {id: 'teams', title: 'settings.teams', group: 'people', permission: 'team_manage', load: () => import('./teams')},
];
