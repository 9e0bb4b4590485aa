// The texts of the page in the reader's language. Catalogues are JSON with the same keys in each language
// (i18n/*.json, written by catalogues.mjs); the English of the first screen is bundled, everything else is loaded when
// asked for. Switching is live.
import {signal} from '@preact/signals';
import first from './texts/en.first.json';
import type all from './texts/en.json';

export type Language = 'en' | 'fi' | 'sv';
export type Key = keyof typeof all;
type Entry = string | {one: string; other: string};
type Catalogue = Record<Key, Entry>;
export type Parameters = Record<string, string | number>;

export const languages: readonly {code: Language; name: string}[] = [
    {code: 'en', name: 'English'},
    {code: 'fi', name: 'Suomi'},
    {code: 'sv', name: 'Svenska'},
];

// Without the rest nothing of other screens is shown: ui/lazy waits for it.
const english = first as unknown as Catalogue;
let hasAll = false;

const loaders: Record<Language, () => Promise<Catalogue>> = {
    en: async () => (hasAll ? {...english, ...(await import('./texts/en.more.json')).default} : english),
    fi: async () => (await import('./texts/fi.json')).default,
    sv: async () => (await import('./texts/sv.json')).default,
};

export const language = signal<Language>('en');
const catalogue = signal<Catalogue>(english);

export function preferredLanguage(): Language {
    for (const wanted of navigator.languages) {
        const code = wanted.slice(0, 2).toLowerCase();
        const known = languages.find((one) => one.code === code);
        if (known) return known.code;
    }
    return 'en';
}

export async function setLanguage(code: Language): Promise<void> {
    const texts = await loaders[code]();
    catalogue.value = texts;
    language.value = code;
    document.documentElement.lang = code;
}

// Before a screen of another chunk is shown.
export async function loadAllTexts(): Promise<void> {
    if (hasAll) return;
    hasAll = true;
    const texts = await loaders.en();
    if (language.value === 'en') catalogue.value = texts; // another language may have come meanwhile
}

// The same for a chunk that is no screen.
export async function withTexts<T>(chunk: Promise<T>): Promise<T> {
    const [module] = await Promise.all([chunk, loadAllTexts()]);
    return module;
}

export function fill(text: string, parameters: Parameters): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = parameters[name];
        return value === undefined ? whole : typeof value === 'number' ? formatNumber(value) : value;
    });
}

// For dates and numbers: the reader's own form of the language where the browser names one, such as en-GB.
export function localeOf(code: Language): string {
    return (
        navigator.languages.find((one) => one.toLowerCase().startsWith(`${code}-`)) ?? (code === 'en' ? 'en-GB' : code)
    );
}

const numbers = new Map<string, Intl.NumberFormat>();

export function formatNumber(value: number): string {
    const locale = localeOf(language.value);
    let format = numbers.get(locale);
    if (!format) {
        format = new Intl.NumberFormat(locale);
        numbers.set(locale, format);
    }
    return format.format(value);
}

const rules = new Map<string, Intl.PluralRules>();

function pluralOf(entry: {one: string; other: string}, count: number): string {
    let rule = rules.get(language.value);
    if (!rule) {
        rule = new Intl.PluralRules(language.value);
        rules.set(language.value, rule);
    }
    return rule.select(count) === 'one' ? entry.one : entry.other;
}

// The text of a key; {name} stands for a parameter, and count chooses between one and other.
export function t(key: Key, parameters: Parameters = {}): string {
    const entry = catalogue.value[key] ?? english[key] ?? key;
    const text = typeof entry === 'string' ? entry : pluralOf(entry, Number(parameters['count'] ?? 0));
    return fill(text, parameters);
}

// Of a key that is made at run time, such as "problem.version_conflict"; null when there is none.
export function textOf(key: string, parameters: Parameters = {}): string | null {
    return key in catalogue.value ? t(key as Key, parameters) : null;
}
