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
    {id: 'security', title: 'settings.security', group: 'mine', permission: null, load: () => import('./security')},
    {id: 'keys', title: 'settings.keys', group: 'mine', permission: null, load: () => import('./keys')},
    {id: 'my-tokens', title: 'settings.tokens_own', group: 'mine', permission: null, load: () => import('./my-tokens')},
    {id: 'teams', title: 'settings.teams', group: 'people', permission: 'team_manage', load: () => import('./teams')},
    {
        id: 'agents',
        title: 'settings.agents',
        group: 'people',
        permission: 'agent_manage',
        load: () => import('./agents'),
    },
    {id: 'roles', title: 'settings.roles', group: 'people', permission: 'agent_manage', load: () => import('./roles')},
    {id: 'rules', title: 'settings.rules', group: 'work', permission: 'rule_manage', load: () => import('./rules')},
    {
        id: 'macros',
        title: 'settings.macros',
        group: 'work',
        permission: 'conversation_change',
        load: () => import('./macros'),
    },
    {
        id: 'fields',
        title: 'settings.fields',
        group: 'work',
        permission: 'workspace_share',
        load: () => import('./fields'),
    },
    {id: 'tags', title: 'settings.tags', group: 'work', permission: 'workspace_share', load: () => import('./tags')},
    {
        id: 'channels',
        title: 'settings.channels',
        group: 'channels',
        permission: 'channel_manage',
        load: () => import('./channels'),
    },
    {
        id: 'intake',
        title: 'settings.intake',
        group: 'channels',
        permission: 'system_manage',
        load: () => import('./intake'),
    },
    {
        id: 'system-mail',
        title: 'settings.system_mail',
        group: 'system',
        permission: 'system_manage',
        load: () => import('./system-mail'),
    },
    {id: 'audit', title: 'settings.audit', group: 'system', permission: 'audit_read', load: () => import('./audit')},
];
