// Instants and durations in the reader's language and zone. The server's clock counts: now() is corrected by what
// it said last.
import {signal} from '@preact/signals';
import {language, localeOf} from './text';

let skew = 0; // server minus here, milliseconds

export function setServerNow(instant: string): void {
    skew = Date.parse(instant) - Date.now();
}

export const now = (): number => Date.now() + skew;

// Ticks once a minute, so that ages move on.
export const minute = signal(0);
setInterval(() => {
    minute.value++;
}, 30_000);

const formats = new Map<string, Intl.DateTimeFormat>();

export function formatOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = language.value + JSON.stringify(options);
    let format = formats.get(key);
    if (!format) {
        format = new Intl.DateTimeFormat(localeOf(language.value), options);
        formats.set(key, format);
    }
    return format;
}

const isSameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString();

// "11.06" today, "3.9." this year, "3.9.2025" else.
export function shortTime(instant: string): string {
    const date = new Date(instant);
    const today = new Date(now());
    if (isSameDay(date, today)) return formatOf({hour: '2-digit', minute: '2-digit'}).format(date);
    if (date.getFullYear() === today.getFullYear()) return formatOf({day: 'numeric', month: 'numeric'}).format(date);
    return formatOf({day: 'numeric', month: 'numeric', year: 'numeric'}).format(date);
}

export const fullTime = (instant: string): string =>
    formatOf({
        weekday: 'short',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
    }).format(new Date(instant));

export const dayOf = (instant: string): string =>
    formatOf({weekday: 'long', day: 'numeric', month: 'long'}).format(new Date(instant));

const units: readonly [Intl.NumberFormatOptions['unit'] & string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
];

const unitFormats = new Map<string, Intl.NumberFormat>();

function unitText(count: number, unit: string): string {
    const key = language.value + unit;
    let format = unitFormats.get(key);
    if (!format) {
        format = new Intl.NumberFormat(language.value, {style: 'unit', unit, unitDisplay: 'narrow'});
        unitFormats.set(key, format);
    }
    return format.format(count);
}

// The two largest units: "2 h 5 min".
export function duration(milliseconds: number): string {
    let rest = Math.max(0, milliseconds);
    const parts: string[] = [];
    for (const [unit, size] of units) {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count > 0 && parts.length < 2) parts.push(unitText(count, unit));
        else if (parts.length === 1) break;
    }
    return parts.length > 0 ? parts.join(' ') : unitText(Math.floor(rest / 1000), 'second');
}
