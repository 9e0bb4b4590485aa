// Channels as their settings show them: what the API answers beyond the shared part, and their names in words.
import type {Channel} from '../api/types';
import {textOf} from '../i18n/text';
import type {ChannelKind, ChannelSetting} from '../setup/declared';

export interface FullChannel extends Channel {
    settings?: Record<string, string>;
    secrets?: Record<string, boolean>; // which are set
    hook_url?: string | null;
    hook_path?: string;
    seen?: string[]; // of the live check
    made_secrets?: Record<string, string>; // shown once
}

export const kindName = (name: string, kinds: readonly ChannelKind[]): string =>
    textOf(`kind.${name}`) ?? kinds.find((kind) => kind.name === name)?.title ?? name;

// Whether that secret is kept: then nothing has to be typed.
export const isKept = (channel: FullChannel | null, setting: ChannelSetting): boolean =>
    setting.type === 'secret' && Boolean(channel?.secrets?.[setting.name]);

export const hookOf = (channel: FullChannel): string | null =>
    channel.hook_url ?? (channel.hook_path ? new URL(channel.hook_path, location.origin).href : null);
