/** Periods of a site's days by their keys: `2026-11-05`, `2026-W45`, `2026-11`, `2026-Q4`, `2026`, `2026-11-01..2026-11-23`. Pure. */
import { tc } from '../../../i18n/console';
import { addDays, isDay } from '../../dates';
import type { PeriodKind } from './types';

/** The kinds that one chooses from; a span is typed. */
export const chosen = ['day', 'week', 'month', 'quarter', 'year'] as const satisfies readonly PeriodKind[];
export type Chosen = (typeof chosen)[number];

const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const two = (n: number) => String(n).padStart(2, '0');

/** The kind that a key names. */
export function kindOf(key: string): PeriodKind {
  if (key.includes('..')) return 'span';
  if (key.includes('W')) return 'week';
  if (key.includes('Q')) return 'quarter';
  return key.length === 4 ? 'year' : key.length === 7 ? 'month' : 'day';
}

/** The key of the period of a kind in which a day lies. */
export function keyAround(day: string, kind: Chosen): string {
  const at = utc(day);
  const year = at.getUTCFullYear();
  switch (kind) {
    case 'day':
      return day;
    case 'week': {
      // the week is that of its Thursday (ISO 8601)
      const thursday = utc(addDays(day, 3 - ((at.getUTCDay() + 6) % 7)));
      const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      return `${thursday.getUTCFullYear()}-W${two(Math.floor((thursday.getTime() - start) / 604_800_000) + 1)}`;
    }
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${year}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
    case 'year':
      return String(year);
  }
}

/** The first day of a period. */
export function firstDay(key: string): string {
  switch (kindOf(key)) {
    case 'span':
      return key.slice(0, 10);
    case 'week': {
      const fourth = `${key.slice(0, 4)}-01-04`;
      return addDays(fourth, 7 * (Number(key.slice(6)) - 1) - ((utc(fourth).getUTCDay() + 6) % 7));
    }
    case 'quarter':
      return `${key.slice(0, 4)}-${two(3 * Number(key.slice(6)) - 2)}-01`;
    case 'year':
      return `${key}-01-01`;
    case 'month':
      return `${key}-01`;
    case 'day':
      return key;
  }
}

/** The first day after a period. */
export function dayAfter(key: string): string {
  const kind = kindOf(key);
  const first = firstDay(key);
  if (kind === 'span') return addDays(key.slice(12), 1);
  if (kind === 'day') return addDays(first, 1);
  if (kind === 'week') return addDays(first, 7);
  const months = { month: 1, quarter: 3, year: 12 }[kind];
  const at = utc(first);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}

/** The period before or after one; a span moves by its own length. */
export function step(key: string, by: -1 | 1): string {
  const kind = kindOf(key);
  const first = firstDay(key);
  if (kind === 'span') {
    const length = Math.round((utc(key.slice(12)).getTime() - utc(first).getTime()) / 86_400_000) + 1;
    return spanKey(addDays(first, by * length), addDays(key.slice(12), by * length));
  }
  return keyAround(by === 1 ? dayAfter(key) : addDays(first, -1), kind);
}

/** The key of the days from one to another, the earlier one first. */
export function spanKey(first: string, last: string): string {
  return first <= last ? `${first}..${last}` : `${last}..${first}`;
}

/** The period that an address names; what is none is the month of `today`. */
export function readKey(key: string | undefined, today: string): string {
  const known = key !== undefined && /^(\d{4}(-\d\d(-\d\d(\.\.\d{4}-\d\d-\d\d)?)?|-W\d\d|-Q[1-4])?)$/.test(key);
  return known && isDay(firstDay(key)) ? key : keyAround(today, 'month');
}

/** A period in words. */
export function periodWords(key: string): string {
  const year = key.slice(0, 4);
  switch (kindOf(key)) {
    case 'span':
      return `${key.slice(0, 10)} – ${key.slice(12)}`;
    case 'week':
      return tc('period.week', { year, n: Number(key.slice(6)) });
    case 'quarter':
      return tc('period.quarter', { year, n: Number(key.slice(6)) });
    case 'year':
      return tc('period.year', { year });
    case 'month':
      return tc('period.month', { year, month: tc(`month.${Number(key.slice(5))}` as 'month.1') });
    case 'day':
      return key;
  }
}
