// /c/{number}, the address of a conversation that people send each other: goes on to the conversation itself.
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {get, query} from '../api/http';
import type {Conversation, Page} from '../api/types';
import {t} from '../i18n/text';
import {go, match, place} from '../router';
import {Show, useLoad} from '../ui/load';
import {EmptyState} from '../ui/parts';

function Onward({id}: {id: string}): JSX.Element {
    useEffect(() => go(`/inbox/all?c=${id}`, {replace: true}), [id]);
    return <div aria-busy="true" />;
}

export default function Permalink(): JSX.Element {
    const {number = ''} = match('/c/{number}', place.value.path) ?? {};
    const loaded = useLoad(async () => {
        if (!/^\d{1,15}$/.test(number)) return [];
        const path = query('/api/v1/conversations', {view: 'all', q: `number:${number}`, limit: 1});
        return (await get<Page<Conversation>>(path)).items;
    }, [number]);
    return (
        <Show loaded={loaded}>
            {([found]) => (found ? <Onward id={found.id} /> : <EmptyState text={t('search.no_conversation')} />)}
        </Show>
    );
}
