// Words of the reports: lengths, quantiles that may not be reached, the keys of cuts.
import {duration, formatOf} from '../i18n/format';
import {type Key, t} from '../i18n/text';
import type {Quantile} from './types';

// null and undefined: no figure.
export const length = (ms: number | null | undefined): string => (ms === null || ms === undefined ? '–' : duration(ms));

// "> 2 h" where the curve does not come down to it.
export function quantile(value: Quantile | undefined): string {
    if (!value) return '–';
    return 'ms' in value ? length(value.ms) : `> ${length(value.more_than_ms)}`;
}

// For axes.
export const tick = (ms: number): string => (ms === 0 ? '0' : duration(ms));

export const stateText = (state: string): string => t(`waits.state_${state}` as Key);

export const priorityText = (value: string): string => t(`reports.priority_${value.replace('-', 'minus')}` as Key);

// "24.11." of a day, "11.00" of an hour; weeks, months and quarters as they are named.
export function timeName(cut: string, value: string): string {
    if (cut === 'hour') return value.slice(11, 16);
    if (cut === 'week') return t('reports.week_name', {week: String(Number(value.slice(6)))});
    if (cut !== 'day') return value;
    return formatOf({day: 'numeric', month: 'numeric', timeZone: 'UTC'}).format(new Date(`${value}T00:00:00Z`));
}
