// What the routes of reports and waits answer (doc/openapi.yaml).
export type Quantile = {ms: number} | {more_than_ms: number};

export interface Figures {
    n: number;
    median_ms?: number; // absent when n is 0
    p90_ms?: number;
    p95_ms?: number;
    maximum_ms?: number;
    mean_ms?: number;
    survival: {n: number; median?: Quantile; p90?: Quantile};
}

export type ListName = 'waits' | 'n' | 'open' | 'dismissed' | 'dismissed_under_minute' | 'survival';

export interface WaitFigures {
    waits: number;
    n: number;
    open: number;
    dismissed: number;
    dismissed_under_minute: number;
    answered_elsewhere: number;
    elapsed: Figures;
    business: Figures | null;
    lists: Record<ListName, string> & {answered_elsewhere?: string};
}

export interface Group {
    keys?: {cut: string; value: string | null; label: string}[];
    waits: Record<'all' | 'first' | 'next' | 'first_ever', WaitFigures>;
}

export interface LengthClass {
    from_ms: number;
    below_ms: number | null;
    n: number;
    list: string;
}

export interface ResponseTimes {
    period: 'started' | 'ended' | 'open';
    from: string;
    to: string;
    zone: string;
    at: string;
    total: Group;
    distribution: {elapsed: LengthClass[]; business: LengthClass[] | null};
    groups: Group[];
}

export interface Wait {
    id: string;
    conversation_id: string;
    channel_id: string;
    kind: 'first' | 'next';
    state: 'open' | 'answered' | 'dismissed';
    started_at: string;
    ended_at: string | null;
    elapsed_ms: number;
    business_ms: number | null;
    snoozed_ms: number;
    fetch_lag_ms: number;
    delivery_lag_ms: number | null;
    message_count: number;
    answered_by: string | null;
    assignee_at_end: string | null;
    team_at_end: string | null;
}

export interface Explanation {
    wait: Wait;
    rule_version: number;
    messages: {message_id: string; occurred_at: string; received_at: string}[];
    start: {at: string; event_id: string; why: string};
    end: {at: string | null; event_id: string | null; why: string};
    elapsed_ms: number;
    business: {
        calendar: string;
        calendar_version_id: string;
        business_ms: number;
        openings: {from: string; to: string; ms: number; zone: string}[];
        openings_are_all: boolean;
    } | null;
    snoozed_ms: number;
    events: {id: string; type: string; actor: string; actor_id: string | null; occurred_at: string}[];
}

export interface BoardFigures {
    waiting: number;
    oldest_started_at: string | null;
    answered: number;
    first_n: number;
    first_median_ms: number | null;
    lists: Record<'waiting' | 'answered' | 'first', string>;
}

export interface BoardRow extends BoardFigures {
    id: string | null;
    label: string;
}

export interface Board {
    at: string;
    from: string;
    zone: string;
    total: BoardFigures;
    channels: BoardRow[];
    teams: BoardRow[];
}
