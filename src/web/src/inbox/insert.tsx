// Pickers that put something into the text: canned replies by "/", colleagues by "@" in notes.
import type {JSX} from 'preact';
import {get, type Problem, post, query} from '../api/http';
import type {Page} from '../api/types';
import {t} from '../i18n/text';
import {problemText} from '../state/problems';
import {agents, teams} from '../state/session';
import {say} from '../state/toasts';
import {filterOptions, type Option, Picker} from '../ui/picker';

interface InsertProps {
    sign: '/' | '@';
    conversation: string;
    insert: (words: string) => void;
    onClose: () => void;
}

async function findCanned(wanted: string): Promise<readonly Option[]> {
    const page = await get<Page<{id: string; name: string; shortcut: string | null; preview: string}>>(
        query('/api/v1/canned-replies', {q: wanted, limit: 50}),
    );
    return page.items.map(({id, name, shortcut, preview}) => ({
        id,
        text: shortcut ? `${name} /${shortcut}` : name,
        detail: preview,
    }));
}

async function render(id: string, {conversation, insert}: InsertProps): Promise<void> {
    try {
        const {text} = await get<{text: string}>(query(`/api/v1/canned-replies/${id}/render`, {conversation}));
        insert(text);
        post(`/api/v1/canned-replies/${id}/uses`, undefined).catch(() => {});
    } catch (problem) {
        say(problemText(problem as Problem), {kind: 'failed'});
    }
}

function findPeople(wanted: string): readonly Option[] {
    const people = [...agents.value.values()].filter((one) => !one.disabled_at);
    return filterOptions(
        [...people.map(({id, name, email}) => ({id, text: name, detail: email})), ...teams.value.values()].map((one) =>
            'text' in one ? one : {id: one.id, text: one.name, detail: t('mention.team')},
        ),
        wanted,
    );
}

export default function Insert(props: InsertProps): JSX.Element {
    return props.sign === '/' ? (
        <Picker
            title={t('canned.pick')}
            find={findCanned}
            onPick={({id}) => void render(id, props)}
            onClose={props.onClose}
        />
    ) : (
        <Picker
            title={t('mention.pick')}
            find={findPeople}
            onPick={({text}) => props.insert(`@${text} `)}
            onClose={props.onClose}
        />
    );
}
