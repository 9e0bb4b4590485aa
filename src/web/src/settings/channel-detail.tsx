// One channel: how it is, its settings, whom it is for, what its mail server holds.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {patch, post, remove} from '../api/http';
import {t, textOf} from '../i18n/text';
import {go} from '../router';
import type {ChannelKind} from '../setup/declared';
import {Button} from '../ui/parts';
import {Copyable, useAct} from './act';
import {ChannelAccess} from './channel-access';
import {ChannelForm, type Named} from './channel-form';
import {ChannelLedger} from './channel-ledger';
import {type FullChannel, hookOf} from './channel-parts';
import {ConfirmRemoval} from './resource';

export function ChannelState({channel}: {channel: FullChannel}): JSX.Element {
    const isWell = channel.state === 'active';
    return (
        <div class={`remark ${isWell ? '' : 'warn'}`}>
            <p>
                <strong>{textOf(`channel_state.${channel.state}`) ?? channel.state}</strong>
            </p>
            {channel.state_reason && (
                <p>
                    <bdi>{channel.state_reason}</bdi>
                </p>
            )}
            {!isWell && <p>{textOf(`channel_advice.${channel.state}`)}</p>}
        </div>
    );
}

// What the provider said to each question, in its own words.
function CheckAnswer({answer}: {answer: unknown}): JSX.Element {
    const said = answer as {seen?: unknown[]} & Record<string, unknown>;
    const lines = Array.isArray(said.seen)
        ? said.seen.map(String)
        : Object.entries(said).map(([what, outcome]) => `${what}: ${String(outcome)}`);
    return (
        <div class="remark" role="status">
            <p>{t('channels.checked')}</p>
            <ul>
                {lines.map((line) => (
                    <li key={line}>
                        <bdi>{line}</bdi>
                    </li>
                ))}
            </ul>
        </div>
    );
}

function Acts({channel, onChange}: {channel: FullChannel; onChange: (channel: FullChannel) => void}): JSX.Element {
    const act = useAct();
    const [answer, setAnswer] = useState<unknown>(null);
    const [isRemoving, setRemoving] = useState(false);
    const path = `/api/v1/channels/${channel.id}`;
    const isPaused = channel.state === 'paused';
    const check = async () => {
        setAnswer(null);
        setAnswer(await post(`${path}/check`, {}));
    };
    const pause = async () =>
        onChange(await patch(`${path}?check=no`, {paused: !isPaused}, {version: channel.version}));
    return (
        <>
            <p class="buttons">
                <Button disabled={act.isBusy} onClick={() => act.run(check)}>
                    {t(act.isBusy ? 'setup.checking' : 'channels.check')}
                </Button>
                <Button disabled={act.isBusy} onClick={() => act.run(pause)}>
                    {t(isPaused ? 'channels.resume' : 'channels.pause')}
                </Button>
                <Button kind="danger" onClick={() => setRemoving(true)}>
                    {t('action.remove')}
                </Button>
            </p>
            {act.remark}
            {answer !== null && <CheckAnswer answer={answer} />}
            {isRemoving && (
                <ConfirmRemoval
                    name={channel.name}
                    onClose={() => setRemoving(false)}
                    onConfirmed={async () => {
                        await remove(path);
                        go('/settings/channels');
                    }}
                />
            )}
        </>
    );
}

export function ChannelDetail({
    channel,
    kind,
    calendars,
    onChange,
}: {
    channel: FullChannel;
    kind: ChannelKind;
    calendars: readonly Named[];
    onChange: (channel: FullChannel) => void;
}): JSX.Element {
    const hook = kind.name === 'generic' || kind.name === 'telegram' ? hookOf(channel) : null;
    return (
        <div class="channel">
            <p>
                <a href="/app/settings/channels">{t('channels.all')}</a>
            </p>
            <h2>
                <bdi>{channel.name}</bdi>
            </h2>
            <ChannelState channel={channel} />
            <Acts channel={channel} onChange={onChange} />
            {hook && <Copyable label={t('channels.hook')} value={hook} />}
            <h3>{t('settings.label')}</h3>
            <ChannelForm key={channel.version} kind={kind} channel={channel} calendars={calendars} onKept={onChange} />
            <h3>{t('channels.access')}</h3>
            <ChannelAccess id={channel.id} />
            {kind.name === 'email' && <ChannelLedger id={channel.id} />}
        </div>
    );
}
