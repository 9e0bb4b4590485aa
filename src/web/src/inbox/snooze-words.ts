// "ma 9", "imorgon", "3h", "huomenna 8": when a snoozed conversation comes back, in the words of three languages. Pure:
// the present is an argument. Times are the reader's own.
const UNITS: readonly [RegExp, 'minute' | 'hour' | 'day' | 'week'][] = [
    [/^(m|min|minutes?|minuutti|minuuttia|minuter|minut)$/, 'minute'],
    [/^(h|t|tim|hours?|tunti|tuntia|tunnin|timme|timmar)$/, 'hour'],
    [/^(d|pv|days?|päivä|päivää|päivän|dag|dagar|dygn)$/, 'day'],
    [/^(w|vk|v|weeks?|viikko|viikkoa|viikon|vecka|veckor)$/, 'week'],
];

const DAYS_AHEAD: readonly [RegExp, number][] = [
    [/^(today|tänään|idag)$/, 0],
    [/^(tomorrow|huomenna|imorgon)$/, 1],
    [/^(ylihuomenna|övermorgon|iövermorgon)$/, 2],
];

// By the number of Date.getDay().
const WEEKDAYS: readonly RegExp[] = [
    /^(sun|sunday|su|sunnuntai|sunnuntaina|sön|söndag)$/,
    /^(mon|monday|ma|maanantai|maanantaina|mån|måndag)$/,
    /^(tue|tues|tuesday|ti|tiistai|tiistaina|tis|tisdag)$/,
    /^(wed|wednesday|ke|keskiviikko|keskiviikkona|ons|onsdag)$/,
    /^(thu|thur|thurs|thursday|to|torstai|torstaina|tor|tors|torsdag)$/,
    /^(fri|friday|pe|perjantai|perjantaina|fre|fredag)$/,
    /^(sat|saturday|la|lauantai|lauantaina|lör|lördag)$/,
];

const PARTS_OF_DAY: readonly [RegExp, number][] = [
    [/^(morning|aamulla|aamu|morgonen|förmiddag)$/, 9],
    [/^(afternoon|iltapäivällä|eftermiddag)$/, 13],
    [/^(evening|tonight|illalla|ikväll|kvällen)$/, 18],
];

const MORNING = 9;
const MINUTE = 60_000;

interface Clock {
    hour: number;
    minute: number;
}

function later(now: Date, count: number, unit: string): Date {
    const at = new Date(now);
    if (unit === 'minute') at.setTime(at.getTime() + count * MINUTE);
    else if (unit === 'hour') at.setTime(at.getTime() + count * 60 * MINUTE);
    else at.setDate(at.getDate() + Math.round(count * (unit === 'week' ? 7 : 1)));
    return at;
}

function relative(text: string, now: Date): Date | null {
    const found = /^(?:in |om )?(\d{1,4}(?:[.,]\d)?) ?(\p{L}+)$/u.exec(text);
    const unit = found && UNITS.find(([words]) => words.test(found[2]!))?.[1];
    const count = Number(found?.[1]?.replace(',', '.'));
    return unit && count > 0 ? later(now, count, unit) : null;
}

function clockOf(text: string): Clock | null {
    const part = PARTS_OF_DAY.find(([words]) => words.test(text));
    if (part) return {hour: part[1], minute: 0};
    const found = /^(\d{1,2})(?:[.:](\d{2}))?(am|pm)?$/.exec(text);
    if (!found) return null;
    let hour = Number(found[1]);
    if (found[3] && (hour < 1 || hour > 12)) return null;
    if (found[3]) hour = (hour % 12) + (found[3] === 'pm' ? 12 : 0);
    const minute = Number(found[2] ?? 0);
    return hour < 24 && minute < 60 ? {hour, minute} : null;
}

function dateOf(text: string, now: Date): Date | null {
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    const short = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4})?)?$/.exec(text);
    if (!iso && !short) return null;
    const [year, month, day] = iso
        ? [Number(iso[1]), Number(iso[2]), Number(iso[3])]
        : [Number(short![3] ?? now.getFullYear()), Number(short![2]), Number(short![1])];
    const at = new Date(year, month - 1, day);
    if (at.getMonth() !== month - 1 || at.getDate() !== day) return null;
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
    if (at < today && short && !short[3]) at.setFullYear(year + 1);
    return at;
}

// The day that a word names, and by how many days it moves on when its time has gone by.
function dayOf(text: string, now: Date): {day: Date; step: number} | null {
    const ahead = DAYS_AHEAD.find(([words]) => words.test(text));
    if (ahead) return {day: later(now, ahead[1], 'day'), step: 0};
    const weekday = WEEKDAYS.findIndex((words) => words.test(text));
    if (weekday >= 0) return {day: later(now, (weekday - now.getDay() + 7) % 7, 'day'), step: 7};
    if (text === 'nextweek') return {day: later(now, (8 - now.getDay()) % 7 || 7, 'day'), step: 0};
    const date = dateOf(text, now);
    return date && {day: date, step: 0};
}

function at(found: {day: Date; step: number}, clock: Clock, now: Date): Date | null {
    const time = new Date(found.day);
    time.setHours(clock.hour, clock.minute, 0, 0);
    if (time <= now) time.setDate(time.getDate() + found.step);
    return time > now ? time : null;
}

const normal = (text: string): string =>
    text
        .toLowerCase()
        .trim()
        .replace(/\b(i) (dag|morgon|övermorgon|kväll)(?!\p{L})/gu, '$1$2')
        .replace(/(next week|ensi viikolla|ensi viikko|nästa vecka)/, 'nextweek')
        .replace(/(^| )(at|klo|kl\.?|på) /g, '$1')
        .replace(/ (am|pm)$/, '$1')
        .replace(/\s+/g, ' ');

// null: not understood, or gone by.
export function snoozeUntil(words: string, now: Date): Date | null {
    const text = normal(words);
    const soon = relative(text, now);
    if (soon) return soon;
    const parts = text.split(' ');
    if (parts.length > 2) return null;
    const [first = '', second] = parts;
    const clock = second === undefined ? clockOf(first) : clockOf(second);
    if (second === undefined && clock) return at({day: now, step: 1}, clock, now);
    const day = dayOf(first, now);
    if (!day || (second !== undefined && !clock)) return null;
    return at(day, clock ?? {hour: MORNING, minute: 0}, now);
}
