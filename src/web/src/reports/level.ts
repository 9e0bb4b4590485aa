// When a figure of the board is a warning or an alarm. Pure.
export type Level = 'fine' | 'warn' | 'alarm';

export interface Limits {
    warn: number; // minutes
    alarm: number;
}

export const MINUTE = 60_000;

const minutes = (text: string | null, otherwise: number): number => {
    const value = Number(text);
    return text && Number.isFinite(value) && value > 0 ? value : otherwise;
};

export const readLimits = (query: URLSearchParams): Limits => ({
    warn: minutes(query.get('warn'), 30),
    alarm: minutes(query.get('alarm'), 60),
});

export function levelOf(ms: number, {warn, alarm}: Limits): Level {
    if (ms >= alarm * MINUTE) return 'alarm';
    return ms >= warn * MINUTE ? 'warn' : 'fine';
}
