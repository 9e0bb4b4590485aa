// What the report is asked for, as it stands in the address, and as the API takes it. Pure.
export interface Filters {
    range: string; // of presets, or "own" with from and to
    from: string; // days, "2026-11-24"; to is the last one
    to: string;
    period: 'ended' | 'started' | 'open';
    zone: string; // "": the calendar's
    hours: 'elapsed' | 'business';
    by: string; // "": as the range asks for
    kind: string; // "", first, next
    channel: string;
    channel_kind: string;
    team: string;
    agent: string;
    priority: string;
}

export const DAY = 86_400_000;

export const presets: readonly {id: string; days: number}[] = [
    {id: 'today', days: 1},
    {id: '7d', days: 7},
    {id: '30d', days: 30},
    {id: '90d', days: 90},
    {id: '365d', days: 365},
];

const first: Filters = {
    range: '30d',
    from: '',
    to: '',
    period: 'ended',
    zone: '',
    hours: 'elapsed',
    by: '',
    kind: '',
    channel: '',
    channel_kind: '',
    team: '',
    agent: '',
    priority: '',
};

const names = Object.keys(first) as (keyof Filters)[];

export function readFilters(query: URLSearchParams): Filters {
    return Object.fromEntries(names.map((name) => [name, query.get(name) ?? first[name]])) as unknown as Filters;
}

// Changes as the address takes them: what is as at first is left out.
export function addressOf(changes: Partial<Filters>): Record<string, string | null> {
    return Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [name, value === first[name as keyof Filters] ? null : value]),
    );
}

// The day of an instant in a zone, "2026-11-24".
export function dayIn(instant: number, zone: string): string {
    return new Intl.DateTimeFormat('sv-SE', zone ? {timeZone: zone} : {}).format(instant);
}

export function addDays(day: string, count: number): string {
    return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

// Days of the range: from its first one; to is the day after its last one, or "" for up to now.
export function daysOf(filters: Filters, now: number): {from: string; to: string} {
    const preset = presets.find(({id}) => id === filters.range);
    if (preset) return {from: addDays(dayIn(now, filters.zone), 1 - preset.days), to: ''};
    return {from: filters.from, to: filters.to ? addDays(filters.to, 1) : ''};
}

// How finely time is cut when nobody said: about 30 to 90 points.
export function cutOf(filters: Filters, now: number): string {
    if (filters.by) return filters.by;
    const {from, to} = daysOf(filters, now);
    const end = to ? Date.parse(to) : now;
    const days = from ? (end - Date.parse(from)) / DAY : 366;
    if (days <= 2) return 'hour';
    return days <= 92 ? 'day' : days <= 400 ? 'week' : 'month';
}

// The query of the API.
export function parametersOf(filters: Filters, now: number): Record<string, string> {
    const {period, zone, kind, channel, channel_kind, team, agent, priority} = filters;
    return {...daysOf(filters, now), period, zone, kind, channel, channel_kind, team, agent, priority};
}

// "/api/v1/waits?..." of a figure as the address of its list.
export const listAddress = (list: string): string => list.replace('/api/v1/', '/app/');
