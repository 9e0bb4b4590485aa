// Small parts that every screen uses. No state of their own beyond what they show.
import type {ComponentChildren, JSX} from 'preact';
import {fullTime, minute, shortTime} from '../i18n/format';
import {t} from '../i18n/text';
import {commands, keysOf, showKeys} from '../keys/commands';
import {Icon, type IconName} from './icons';

interface ButtonProps {
    children?: ComponentChildren;
    onClick?: () => void;
    kind?: 'plain' | 'main' | 'quiet' | 'danger';
    icon?: IconName;
    command?: string; // its keys stand in the tooltip
    title?: string; // also the name of a button that is only an icon
    disabled?: boolean;
    type?: 'button' | 'submit';
    pressed?: boolean;
}

function tooltip(title: string | undefined, command: string | undefined): string | undefined {
    const keys = command
        ? keysOf(
              commands.value.find(({id}) => id === command) ?? {
                  id: '',
                  keys: [],
                  title: 'app.title',
                  group: 'general',
                  run: () => {},
              },
          )[0]
        : undefined;
    return keys ? `${title ?? ''} (${showKeys(keys)})`.trim() : title;
}

export function Button({
    children,
    onClick,
    kind = 'plain',
    icon,
    command,
    title,
    disabled,
    type = 'button',
    pressed,
}: ButtonProps): JSX.Element {
    return (
        <button
            type={type}
            class={`button ${kind}${children ? '' : ' only-icon'}`}
            onClick={onClick}
            disabled={disabled}
            title={tooltip(title, command)}
            aria-label={children ? undefined : title}
            aria-pressed={pressed}
        >
            {icon && <Icon name={icon} />}
            {children}
        </button>
    );
}

const HUES = 6;

function hueOf(text: string): number {
    let sum = 0;
    for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
    return sum % HUES;
}

export function initials(name: string): string {
    const words = name.split(/[\s.@_-]+/u).filter(Boolean);
    return (
        words
            .slice(0, 2)
            .map((word) => [...word][0]!.toUpperCase())
            .join('') || '?'
    );
}

export function Avatar({name}: {name: string}): JSX.Element {
    return (
        <span class={`avatar hue${hueOf(name)}`} aria-hidden="true">
            {initials(name)}
        </span>
    );
}

export function Time({at}: {at: string}): JSX.Element {
    minute.value; // ages move on
    return (
        <time dateTime={at} title={fullTime(at)}>
            {shortTime(at)}
        </time>
    );
}

export function Skeleton({lines}: {lines: number}): JSX.Element {
    return (
        <div class="skeleton" role="status" aria-label={t('state.loading')}>
            {Array.from({length: lines}, (_, at) => (
                <span key={at} />
            ))}
        </div>
    );
}

export function EmptyState({text, children}: {text: string; children?: ComponentChildren}): JSX.Element {
    return (
        <div class="empty">
            <p>{text}</p>
            {children}
        </div>
    );
}

export function ErrorState({text, retry}: {text: string; retry: () => void}): JSX.Element {
    return (
        <div class="empty" role="alert">
            <p>
                <Icon name="warning" /> {text}
            </p>
            <Button onClick={retry}>{t('action.retry')}</Button>
        </div>
    );
}

export function Field({
    label,
    help,
    error,
    children,
}: {
    label: string;
    help?: string;
    error?: string | undefined;
    children: (ids: {id: string; describedBy: string | undefined; invalid: boolean}) => JSX.Element;
}): JSX.Element {
    const id = `field-${label.toLowerCase().replace(/\W+/g, '-')}`;
    const described = error || help ? `${id}-help` : undefined;
    return (
        <div class="field">
            <label for={id}>{label}</label>
            {children({id, describedBy: described, invalid: Boolean(error)})}
            {(error || help) && (
                <small id={described} class={error ? 'error' : ''}>
                    {error || help}
                </small>
            )}
        </div>
    );
}
