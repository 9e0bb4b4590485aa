// The inbox: views, list, conversation, customer. What is shown is what the address bar says.
import type {JSX} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {t} from '../i18n/text';
import {addCommands, declareCommands} from '../keys/commands';
import {beginStream, listen} from '../live/stream';
import {go, match, place, setQuery} from '../router';
import {conversation, forget, open, openId} from '../state/conversation';
import {loadList, reloadList, touchRow} from '../state/list';
import {showsPanel, togglePanel} from '../state/preferences';
import {undoLast} from '../state/toasts';
import {loadViews, views} from '../state/views';
import {Icon} from '../ui/icons';
import {Lazy} from '../ui/lazy';
import {Button} from '../ui/parts';
import {act, assignToMe, hasSubject, markRead, resolve} from './actions';
import {choose, choosing} from './choosing';
import {write} from './composer';
import {ConversationList} from './list';
import {ConversationPane} from './pane';
import {CustomerPanel} from './panel';
import {clearPicks, current, isOpen, move, openRow, pick, picked, show} from './selection';
import {SortMenu, sortOf} from './sort-menu';
import {fixedViews} from './views';
import {workCommands} from './work-commands';

function viewOf(): string {
    return match('/inbox/{view}', place.value.path)?.['view'] ?? 'open';
}

async function load(view: string, q: string, sort: string): Promise<void> {
    const seq = await loadList({view, q, sort});
    if (seq !== null) beginStream(seq);
}

// Events name conversations; what they changed is asked for.
function follow(): () => void {
    return listen({
        log: ({conversation_id: id}) => {
            if (id === null) return;
            touchRow(id);
            forget(id);
            if (id === openId.value) void open(id);
        },
        reset: () => {
            void reloadList();
            if (openId.value) void open(openId.value);
        },
    });
}

function search(text: string): void {
    setQuery({q: text || null, c: null});
}

const inboxCommands = [
    {id: 'next', title: 'command.next', keys: ['j', 'ArrowDown'], group: 'list', run: () => move(1)},
    {id: 'previous', title: 'command.previous', keys: ['k', 'ArrowUp'], group: 'list', run: () => move(-1)},
    {
        id: 'pick',
        title: 'command.pick',
        keys: ['x'],
        group: 'list',
        when: () => current.value !== null,
        run: () => pick(current.value!),
    },
    {
        id: 'open',
        title: 'command.open',
        keys: ['o', 'Enter'],
        group: 'list',
        when: () => current.value !== null,
        run: () => openRow(current.value),
    },
    {id: 'back', title: 'command.back', keys: ['u', 'Escape'], group: 'list', inFields: true, run: () => goBack()},
    {
        id: 'resolve',
        title: 'command.resolve',
        keys: ['e'],
        group: 'conversation',
        when: hasSubject,
        run: () => (picked.value.size > 0 ? act({status: 'resolved'}, '') : resolve()),
    },
    {
        id: 'resolve-stay',
        title: 'command.resolve_stay',
        keys: ['Shift+E'],
        group: 'conversation',
        when: isOpen,
        run: () => resolve(true),
    },
    {id: 'reply', title: 'command.reply', keys: ['r'], group: 'conversation', when: isOpen, run: () => write('reply')},
    {id: 'note', title: 'command.note', keys: ['n'], group: 'conversation', when: isOpen, run: () => write('note')},
    {id: 'assign-me', title: 'command.assign_me', keys: ['i'], group: 'conversation', when: isOpen, run: assignToMe},
    ...workCommands,
    {id: 'panel', title: 'command.panel', keys: ['Shift+I'], group: 'conversation', run: togglePanel},
    {
        id: 'undo',
        title: 'command.undo',
        keys: ['z'],
        group: 'general',
        run: () => {
            undoLast();
        },
    },
    {
        id: 'search',
        title: 'command.search',
        keys: ['/'],
        group: 'go',
        run: () => document.getElementById('search')?.focus(),
    },
    ...fixedViews
        .filter((view) => view.chord)
        .map((view) => ({
            id: `go-${view.id}`,
            title: view.title,
            keys: [view.chord!],
            group: 'go',
            run: () => go(`/inbox/${view.id}`),
        })),
] as Parameters<typeof addCommands>[0];
declareCommands(inboxCommands);

// Escape: out of a field first, then out of the conversation.
function goBack(): void {
    const focused = document.activeElement as HTMLElement | null;
    if (focused?.matches('input, textarea, select, [contenteditable]')) focused.blur();
    else if (picked.value.size > 0) clearPicks();
    else if (openId.value !== null) openRow(null);
    document.querySelector<HTMLElement>('.list-box')?.focus();
}

function SearchBox(): JSX.Element {
    return (
        <form
            class="search"
            role="search"
            onSubmit={(event) => {
                event.preventDefault();
                search(new FormData(event.currentTarget).get('q') as string);
            }}
        >
            <Icon name="search" />
            <input
                id="search"
                name="q"
                type="search"
                aria-label={t('search.label')}
                placeholder={t('search.placeholder')}
                defaultValue={place.value.query.get('q') ?? ''}
                key={place.value.query.get('q') ?? ''}
                autocomplete="off"
            />
        </form>
    );
}

function ListHead(): JSX.Element {
    const view = viewOf();
    const fixed = fixedViews.find((one) => one.id === view);
    return (
        <header class="list-head">
            <h1>
                <bdi>{fixed ? t(fixed.title) : (views.value.find(({id}) => id === view)?.name ?? '')}</bdi>
            </h1>
            <SearchBox />
            <div class="list-tools">
                <SortMenu view={view} />
                {place.value.query.get('q') && (
                    <Button kind="quiet" onClick={choose('save-view')}>
                        {t('views.save')}
                    </Button>
                )}
            </div>
        </header>
    );
}

const READ_AFTER_MS = 1000;

// What was looked at for a moment has been read.
function useReading(): void {
    const row = conversation.value;
    useEffect(() => {
        if (!row?.unread || openId.value !== row.id) return;
        const timer = setTimeout(() => document.visibilityState === 'visible' && markRead(row), READ_AFTER_MS);
        return () => clearTimeout(timer);
    }, [row?.id, row?.unread]);
}

const loadBulkBar = () => import('./bulk-bar');
const loadChoosers = () => import('./choosers');

export function InboxScreen(): JSX.Element {
    const view = viewOf();
    const q = place.value.query.get('q') ?? '';
    const sort = sortOf(view);
    const shown = place.value.query.get('c');
    useEffect(() => void load(view, q, sort), [view, q, sort]);
    useReading();
    useEffect(() => clearPicks(), [view, q]);
    useEffect(() => void loadViews(), []);
    const hasPicked = useRef(false); // the bar stays for what it began
    hasPicked.current ||= picked.value.size > 0;
    useEffect(() => {
        show(shown);
    }, [shown]);
    useEffect(() => {
        const stops = [addCommands(inboxCommands), follow()];
        return () => {
            for (const stop of stops) stop();
        };
    }, []);
    const hasPanel = showsPanel.value && conversation.value !== null;
    return (
        <div class={`inbox${shown ? ' has-open' : ''}${hasPanel ? ' has-panel' : ''}`}>
            <section class="list-column" aria-label={t('list.column')}>
                <ListHead />
                {hasPicked.current && <Lazy load={loadBulkBar} />}
                <ConversationList />
            </section>
            <ConversationPane />
            {hasPanel && <CustomerPanel />}
            {choosing.value && <Lazy load={loadChoosers} />}
        </div>
    );
}
