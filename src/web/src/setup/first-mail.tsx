// Waits for the first mail of the mailbox just connected, and opens it.
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {get, Problem, query} from '../api/http';
import type {Channel, Conversation, Page} from '../api/types';
import {t} from '../i18n/text';
import {go} from '../router';
import {loadDictionaries} from '../state/session';

const EVERY_MS = 1500;

async function look(channel: Channel): Promise<{conversation: Conversation | undefined; channel: Channel}> {
    const [page, now] = await Promise.all([
        get<Page<Conversation>>(query('/api/v1/conversations', {channel: channel.id, limit: 1})),
        get<Channel>(`/api/v1/channels/${channel.id}`),
    ]);
    return {conversation: page.items[0], channel: now};
}

export function FirstMail({channel}: {channel: Channel}): JSX.Element {
    const [trouble, setTrouble] = useState<string | null>(null);
    useEffect(() => {
        let timer = 0;
        let isGone = false;
        const turn = async () => {
            const found = await look(channel).catch((refused) => {
                if (!(refused instanceof Problem)) throw refused;
                return null; // asked again
            });
            if (isGone) return;
            if (found?.conversation) {
                await loadDictionaries();
                go(`/inbox/all?c=${found.conversation.id}`);
                return;
            }
            if (found) setTrouble(found.channel.state === 'active' ? null : found.channel.state_reason);
            timer = window.setTimeout(() => void turn(), EVERY_MS);
        };
        void turn();
        return () => {
            isGone = true;
            clearTimeout(timer);
        };
    }, [channel.id]);
    return (
        <>
            <div class="waiting" role="status">
                <p>{t('setup.connected', {address: channel.address})}</p>
                <p class="explanation">{t('setup.first_mail_why')}</p>
            </div>
            {trouble && (
                <p class="remark bad" role="alert">
                    {trouble}
                </p>
            )}
            <p>
                <a href="/app/inbox">{t('setup.to_inbox')}</a>
            </p>
        </>
    );
}
