// Channels: what there is and how each is, adding one of any kind; one of them whole at ?channel=.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get} from '../api/http';
import {t, textOf} from '../i18n/text';
import {go, place} from '../router';
import type {ChannelKind} from '../setup/declared';
import {channels as known, may, teams} from '../state/session';
import {Dialog} from '../ui/dialog';
import {Show, useLoad} from '../ui/load';
import {Button, EmptyState} from '../ui/parts';
import {DataTable} from '../ui/table';
import {Copyable} from './act';
import {ChannelDetail} from './channel-detail';
import {ChannelForm, type Named} from './channel-form';
import {type FullChannel, hookOf, kindName} from './channel-parts';

interface Everything {
    channels: FullChannel[];
    kinds: ChannelKind[];
    calendars: Named[];
}

async function load(): Promise<Everything> {
    const [channels, kinds, calendars] = await Promise.all([
        get<{items: FullChannel[]}>('/api/v1/channels'),
        get<{items: ChannelKind[]}>('/api/v1/channel-kinds'),
        may('system_manage') ? get<{items: Named[]}>('/api/v1/calendars') : {items: []},
    ]);
    known.value = new Map(channels.items.map((channel) => [channel.id, channel]));
    return {channels: channels.items, kinds: kinds.items, calendars: calendars.items};
}

function ChannelTable({channels, kinds}: Everything): JSX.Element {
    return (
        <DataTable<FullChannel>
            caption={t('settings.channels')}
            isCaptionHidden
            rows={channels}
            keyOf={({id}) => id}
            empty={t('channels.empty')}
            columns={[
                {
                    title: t('field.name'),
                    cell: ({id, name}) => (
                        <a href={`/app/settings/channels?channel=${id}`}>
                            <bdi>{name}</bdi>
                        </a>
                    ),
                },
                {title: t('channels.kind'), cell: ({kind}) => kindName(kind, kinds)},
                {title: t('channels.address'), cell: ({address}) => <bdi>{address}</bdi>},
                {
                    title: t('channels.state'),
                    cell: ({state, state_reason: reason}) => (
                        <>
                            {textOf(`channel_state.${state}`) ?? state}
                            {reason && (
                                <small class="reason">
                                    <bdi>{reason}</bdi>
                                </small>
                            )}
                        </>
                    ),
                },
                {title: t('channels.team'), cell: ({team_id: id}) => <bdi>{id ? teams.value.get(id)?.name : ''}</bdi>},
            ]}
        />
    );
}

// What is shown only now: secrets that dialogd made, and where to post.
function Made({channel, onClose}: {channel: FullChannel; onClose: () => void}): JSX.Element {
    const hook = channel.kind === 'generic' ? hookOf(channel) : null;
    return (
        <Dialog title={channel.name} onClose={onClose}>
            <p>{t('channels.made')}</p>
            {hook && <Copyable label={t('channels.hook')} value={hook} />}
            {Object.entries(channel.made_secrets ?? {}).map(([name, value]) => (
                <Copyable key={name} label={textOf(`mailbox.${name}`) ?? name} value={value} />
            ))}
            <p class="buttons">
                <Button kind="main" onClick={onClose}>
                    {t('action.close')}
                </Button>
            </p>
        </Dialog>
    );
}

function ChannelList({all, reload}: {all: Everything; reload: () => Promise<void>}): JSX.Element {
    const [added, setAdded] = useState<ChannelKind | null>(null);
    const [made, setMade] = useState<FullChannel | null>(null);
    const onKept = (channel: FullChannel) => {
        setAdded(null);
        if (Object.keys(channel.made_secrets ?? {}).length > 0) setMade(channel);
        else go(`/settings/channels?channel=${channel.id}`);
        void reload();
    };
    return (
        <>
            <p class="buttons">
                {all.kinds.map((kind) => (
                    <Button key={kind.name} onClick={() => setAdded(kind)}>
                        {t('channels.add', {kind: kindName(kind.name, all.kinds)})}
                    </Button>
                ))}
            </p>
            <ChannelTable {...all} />
            {added && (
                <Dialog
                    title={t('channels.add', {kind: kindName(added.name, all.kinds)})}
                    onClose={() => setAdded(null)}
                >
                    <ChannelForm
                        kind={added}
                        channel={null}
                        calendars={all.calendars}
                        onKept={onKept}
                        onClose={() => setAdded(null)}
                    />
                </Dialog>
            )}
            {made && <Made channel={made} onClose={() => setMade(null)} />}
        </>
    );
}

export default function Channels(): JSX.Element {
    const loaded = useLoad(load);
    const id = place.value.query.get('channel');
    return (
        <Show loaded={loaded}>
            {(all) => {
                const channel = all.channels.find((one) => one.id === id);
                const kind = all.kinds.find(({name}) => name === channel?.kind);
                if (!id) return <ChannelList all={all} reload={loaded.reload} />;
                if (!channel || !kind) return <EmptyState text={t('screen.unknown')} />;
                return (
                    <ChannelDetail
                        key={channel.id}
                        channel={channel}
                        kind={kind}
                        calendars={all.calendars}
                        onChange={() => void loaded.reload()}
                    />
                );
            }}
        </Show>
    );
}
