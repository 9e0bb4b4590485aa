// What is chosen by typing: who has it, where it belongs, tags, priority, status, when it comes back, and the rest.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, Problem, post} from '../api/http';
import {fullTime} from '../i18n/format';
import {t} from '../i18n/text';
import {commands, keysOf, runCommand, showKeys} from '../keys/commands';
import {go, place} from '../router';
import {problemText} from '../state/problems';
import {agents, may, teams} from '../state/session';
import {loadViews, type View} from '../state/views';
import {Dialog} from '../ui/dialog';
import {Button} from '../ui/parts';
import {filterOptions, type Option, Picker} from '../ui/picker';
import {act, subject} from './actions';
import {choosing} from './choosing';
import {snoozeUntil} from './snooze-words';

const close = (): void => {
    choosing.value = null;
};

function Assign(): JSX.Element {
    const options: Option[] = [
        {id: '', text: t('conversation.nobody')},
        ...[...agents.value.values()]
            .filter((one) => !one.disabled_at)
            .map((one) => ({id: one.id, text: one.name, detail: one.email})),
    ];
    return (
        <Picker
            title={t('choose.assign')}
            find={(wanted) => filterOptions(options, wanted)}
            onPick={({id, text}) => act({assignee_id: id || null}, t('choose.assigned', {name: text}))}
            onClose={close}
        />
    );
}

function Place(): JSX.Element {
    const options: Option[] = [
        {id: '', text: t('choose.no_team')},
        ...[...teams.value.values()].map(({id, name}) => ({id, text: name})),
    ];
    return (
        <Picker
            title={t('choose.place')}
            find={(wanted) => filterOptions(options, wanted)}
            onPick={({id, text}) => act({team_id: id || null}, t('choose.moved', {name: text}))}
            onClose={close}
        />
    );
}

function Tags(): JSX.Element {
    const [known] = useState(() => get<{items: {name: string}[]}>('/api/v1/tags'));
    const find = async (wanted: string): Promise<readonly Option[]> => {
        const has = subject()?.tags ?? [];
        const names = (await known).items.map(({name}) => name);
        const all = [...new Set([...has, ...names])].map((name) => ({
            id: name,
            text: name,
            isPicked: has.includes(name),
        }));
        const found = filterOptions(all, wanted);
        const fresh = wanted.trim();
        if (fresh === '' || all.some(({id}) => id.toLowerCase() === fresh.toLowerCase())) return found;
        return [...found, {id: fresh, text: t('choose.new_tag', {name: fresh})}];
    };
    return (
        <Picker
            title={t('choose.tags')}
            find={find}
            staysOpen={subject() !== null}
            onPick={({id, isPicked}) =>
                act(isPicked ? {remove_tags: [id]} : {add_tags: [id]}, t('choose.tagged', {name: id}))
            }
            onClose={close}
        />
    );
}

function Priority(): JSX.Element {
    const options: Option[] = [
        {id: '2', text: t('priority.urgent')},
        {id: '1', text: t('priority.high')},
        {id: '0', text: t('priority.normal')},
        {id: '-1', text: t('priority.low')},
    ];
    return (
        <Picker
            title={t('choose.priority')}
            find={(wanted) => filterOptions(options, wanted)}
            onPick={({id}) => act({priority: Number(id)}, t('done.priority'))}
            onClose={close}
        />
    );
}

function StatusMenu(): JSX.Element {
    const options: Option[] = [
        {id: 'open', text: t('status.open')},
        {id: 'pending', text: t('status.pending')},
        {id: 'resolved', text: t('status.resolved')},
    ];
    return (
        <Picker
            title={t('choose.status')}
            find={(wanted) => filterOptions(options, wanted)}
            onPick={({id, text}) =>
                act({status: id as 'open' | 'pending' | 'resolved'}, t('choose.status_set', {name: text}))
            }
            onClose={close}
        />
    );
}

const quick = (): string[] => ['3h', t('snooze.tomorrow'), t('snooze.monday'), t('snooze.week')];

function Snooze(): JSX.Element {
    const find = (wanted: string): Option[] =>
        (wanted.trim() ? [wanted] : quick()).flatMap((words) => {
            const at = snoozeUntil(words, new Date());
            return at ? [{id: at.toISOString(), text: words, detail: fullTime(at.toISOString())}] : [];
        });
    return (
        <Picker
            title={t('choose.snooze')}
            placeholder={t('snooze.placeholder')}
            find={find}
            onPick={({id}) => act({status: 'snoozed', snoozed_until: id}, t('snooze.done', {time: fullTime(id)}))}
            onClose={close}
        />
    );
}

function More(): JSX.Element {
    const options = commands.value
        .filter(({group, id, when}) => group === 'conversation' && id !== 'more' && when?.() !== false)
        .map((command) => ({
            id: command.id,
            text: t(command.title),
            detail: keysOf(command)[0] ? showKeys(keysOf(command)[0]!) : undefined,
        }));
    return (
        <Picker
            title={t('choose.more')}
            find={(wanted) => filterOptions(options, wanted)}
            onPick={({id}) => runCommand(id)}
            onClose={close}
        />
    );
}

async function saveView(form: FormData): Promise<string | null> {
    const scope = String(form.get('scope'));
    const sort = place.value.query.get('sort');
    try {
        const made = await post<View>('/api/v1/views', {
            name: form.get('name'),
            query: place.value.query.get('q') ?? '',
            ...(sort && sort !== 'due' ? {sort} : {}),
            ...(scope === 'own' || scope === 'all' ? {scope} : {scope: 'team', team_id: scope}),
        });
        await loadViews();
        close();
        go(`/inbox/${made.id}`);
        return null;
    } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        return problemText(problem);
    }
}

function SaveView(): JSX.Element {
    const [problem, setProblem] = useState<string | null>(null);
    return (
        <Dialog title={t('views.save')} onClose={close}>
            <form
                class="form"
                onSubmit={(event) => {
                    event.preventDefault();
                    void saveView(new FormData(event.currentTarget)).then(setProblem);
                }}
            >
                <label class="field">
                    <span>{t('views.name')}</span>
                    <input name="name" required maxLength={100} autocomplete="off" />
                </label>
                <label class="field">
                    <span>{t('views.for')}</span>
                    <select name="scope">
                        <option value="own">{t('views.own')}</option>
                        {may('workspace_share') && <option value="all">{t('views.everybody')}</option>}
                        {may('workspace_share') &&
                            [...teams.value.values()].map(({id, name}) => (
                                <option key={id} value={id}>
                                    {name}
                                </option>
                            ))}
                    </select>
                </label>
                {problem && <p role="alert">{problem}</p>}
                <Button kind="main" type="submit">
                    {t('views.save')}
                </Button>
            </form>
        </Dialog>
    );
}

const choosers = {
    assign: Assign,
    place: Place,
    tags: Tags,
    priority: Priority,
    status: StatusMenu,
    snooze: Snooze,
    more: More,
    'save-view': SaveView,
};

export default function Choosers(): JSX.Element | null {
    const Chooser = choosing.value && choosers[choosing.value];
    return Chooser ? <Chooser key={choosing.value} /> : null;
}
