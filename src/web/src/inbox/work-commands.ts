// The keys of the work flow: picking, choosers, reading marks, links, saved views.
import type {addCommands} from '../keys/commands';
import {go} from '../router';
import {may} from '../state/session';
import {savedViews} from '../state/views';
import {copyLink, follow, hasSubject, markUnread, nextUnread} from './actions';
import {choose} from './choosing';
import {extendPick, isOpen, pickLoaded} from './selection';

const choosers = [
    ['assign', 'choose.assign', 'a'],
    ['place', 'choose.place', 'v'],
    ['tags', 'choose.tags', 't'],
    ['priority', 'choose.priority', 'p'],
    ['status', 'choose.status', 's'],
    ['snooze', 'choose.snooze', 'h'],
] as const;

const aim = {group: 'conversation', when: hasSubject} as const;

export const workCommands = [
    {id: 'pick-all', title: 'command.pick_all', keys: ['* a'], group: 'list', run: pickLoaded},
    {id: 'pick-down', title: 'command.pick_down', keys: ['Shift+J'], group: 'list', run: () => extendPick(1)},
    {id: 'pick-up', title: 'command.pick_up', keys: ['Shift+K'], group: 'list', run: () => extendPick(-1)},
    {id: 'next-unread', title: 'command.next_unread', keys: ['m'], group: 'list', run: nextUnread},
    ...choosers.map(([id, title, key]) => ({
        id,
        title,
        keys: [key],
        group: 'conversation',
        when: () => hasSubject() && may('conversation_change'),
        run: choose(id),
    })),
    {...aim, id: 'more', title: 'choose.more', keys: ['.'], run: choose('more')},
    {...aim, id: 'unread', title: 'command.unread', keys: ['Shift+U'], run: markUnread},
    {...aim, id: 'copy-link', title: 'command.copy_link', keys: ['y'], run: () => void copyLink()},
    {...aim, when: isOpen, id: 'follow', title: 'command.follow', keys: ['w'], run: () => void follow()},
    ...Array.from({length: 9}, (_, at) => ({
        id: `saved-${at + 1}`,
        title: 'command.saved_view',
        keys: [`g ${at + 1}`],
        group: 'go',
        isHidden: true,
        when: () => savedViews().length > at,
        run: () => go(`/inbox/${savedViews()[at]!.id}`),
    })),
] as Parameters<typeof addCommands>[0];
