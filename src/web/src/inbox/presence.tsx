// Who else looks at the open conversation, and who writes there.
import {signal} from '@preact/signals';
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {post} from '../api/http';
import {t} from '../i18n/text';
import {listen} from '../live/stream';
import {refreshOthers, text} from '../state/draft';
import {agentName, me} from '../state/session';

interface Entry {
    agent_id: string;
    typing: boolean;
    expires_at: string;
}

const BEAT_MS = 20_000;
const IDLE_MS = 6000;
const there = signal<readonly Entry[]>([]);

function tell(conversation: string, more: {typing?: boolean; left?: boolean}): void {
    post<{items: Entry[]}>('/api/v1/presence', {conversation, ...more}, {keepalive: more.left ?? false}).then(
        ({items}) => {
            if (!more.left) there.value = items;
        },
        () => {},
    );
}

function take(entry: Entry): void {
    const rest = there.value.filter((one) => one.agent_id !== entry.agent_id);
    const isThere = Date.parse(entry.expires_at) > Date.now() && entry.agent_id !== me.value?.id;
    there.value = isThere ? [...rest, entry] : rest;
    if (!entry.typing) refreshOthers(); // what they wrote is stored by now
}

// Tells every 20 s, and at once when typing begins or has ceased.
function watch(conversation: string): () => void {
    let isTyping = false;
    let idle = 0;
    const setTyping = (typing: boolean) => {
        if (typing !== isTyping) tell(conversation, {typing});
        isTyping = typing;
    };
    const leave = () => tell(conversation, {left: true});
    tell(conversation, {typing: false});
    const beat = setInterval(() => tell(conversation, {typing: isTyping}), BEAT_MS);
    let before = text.value;
    const stopText = text.subscribe((now) => {
        if (now === before || document.activeElement?.closest('.composer') == null) {
            before = now;
            return;
        }
        before = now;
        clearTimeout(idle);
        setTyping(now !== '');
        idle = window.setTimeout(() => setTyping(false), IDLE_MS);
    });
    const stopLive = listen({
        live: (event) => {
            if (event['t'] === 'presence' && event['conversation_id'] === conversation) take(event as unknown as Entry);
        },
    });
    window.addEventListener('pagehide', leave);
    return () => {
        clearInterval(beat);
        clearTimeout(idle);
        stopText();
        stopLive();
        window.removeEventListener('pagehide', leave);
        there.value = [];
        leave();
    };
}

export function PresenceBar({conversation}: {conversation: string}): JSX.Element {
    useEffect(() => watch(conversation), [conversation]);
    return (
        <p class="presence" role="status">
            {there.value.map(({agent_id: id, typing}) => (
                <span key={id}>{t(typing ? 'presence.types' : 'presence.looks', {name: agentName(id)})}</span>
            ))}
        </p>
    );
}
