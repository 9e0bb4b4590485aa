// Inputs drawn from the settings that a channel kind declares (GET /api/v1/channel-kinds).
import type {JSX} from 'preact';
import {t, textOf} from '../i18n/text';
import {CheckInput, SelectInput, TextInput} from '../ui/form';

export interface ChannelSetting {
    name: string;
    title: string;
    help: string;
    type: string; // text, secret, number, boolean, choice, url
    required: boolean;
    default?: string;
    choices?: string[];
}

export interface ChannelKind {
    name: string;
    title: string;
    settings: ChannelSetting[];
}

interface DeclaredProps {
    setting: ChannelSetting;
    value: string | undefined; // undefined: what is declared
    onChange: (value: string) => void;
    required?: boolean;
    kind?: string; // of the channel; a text of its own may be mailbox.KIND_NAME
}

const inputTypes: Record<string, 'text' | 'password' | 'number' | 'url'> = {
    secret: 'password',
    number: 'number',
    url: 'url',
};

export function DeclaredInput({setting, value, onChange, required, kind = 'email'}: DeclaredProps): JSX.Element {
    const shown = value ?? setting.default ?? '';
    const shared = {
        label: textOf(`mailbox.${kind}_${setting.name}`) ?? textOf(`mailbox.${setting.name}`) ?? setting.title,
        help: textOf(`mailbox_help.${kind}_${setting.name}`) ?? textOf(`mailbox_help.${setting.name}`) ?? setting.help,
    };
    if (setting.type === 'boolean')
        return <CheckInput {...shared} value={shown === 'true'} onChange={(is) => onChange(String(is))} />;
    if (setting.choices)
        return (
            <SelectInput
                {...shared}
                value={shown}
                choices={setting.choices.map((choice) => ({
                    value: choice,
                    text: textOf(`mailbox_choice.${choice}`) ?? choice,
                }))}
                onChange={onChange}
            />
        );
    return (
        <TextInput
            {...shared}
            required={required || setting.required}
            type={kind === 'email' && setting.name === 'address' ? 'email' : (inputTypes[setting.type] ?? 'text')}
            autocomplete={setting.type === 'secret' ? 'new-password' : 'off'}
            value={shown}
            onChange={onChange}
        />
    );
}

// The settings of a group, in the order of their names.
export function DeclaredGroup({
    legend,
    names,
    kind,
    required = [],
    values,
    set,
}: {
    legend: string;
    names: readonly string[];
    kind: ChannelKind;
    required?: readonly string[];
    values: Record<string, string>;
    set: (name: string, value: string) => void;
}): JSX.Element {
    const list = names.flatMap((name) => kind.settings.find((setting) => setting.name === name) ?? []);
    return (
        <fieldset class="group">
            <legend>{legend}</legend>
            {list.map((setting) => (
                <DeclaredInput
                    key={setting.name}
                    setting={setting}
                    required={required.includes(setting.name)}
                    value={values[setting.name]}
                    onChange={(value) => set(setting.name, value)}
                />
            ))}
        </fieldset>
    );
}

export function DeclaredRest({
    known,
    kind,
    values,
    set,
}: {
    known: readonly string[];
    kind: ChannelKind;
    values: Record<string, string>;
    set: (name: string, value: string) => void;
}): JSX.Element {
    const names = kind.settings.map(({name}) => name).filter((name) => !known.includes(name));
    return (
        <details class="more">
            <summary>{t('setup.more')}</summary>
            <DeclaredGroup legend={t('setup.more')} names={names} kind={kind} values={values} set={set} />
        </details>
    );
}
