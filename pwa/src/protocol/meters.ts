/** Meters: which limits hold on a day, and what a meter can show. Mirrors `sync/meters.py`, held by `meters.json`. */
import type { Limits } from './entities';
import { isNumber, micro } from './forms/numbers';

export type Season = { from: string; to: string; limits: Limits };
type Defined = { decimals: number; kind: 'gauge' | 'counter'; limits: Limits; max?: string | null; seasons?: readonly Season[] };

/** The limits that hold on a day of the site (`YYYY-MM-DD`): those of its season, which may go over New Year, else the meter's own. */
export function limitsOn(meter: Pick<Defined, 'limits' | 'seasons'>, day: string): Limits {
  const at = day.slice(5);
  const inside = ({ from, to }: Season) => (from <= to ? from <= at && at <= to : at >= from || at <= to);
  return meter.seasons?.find(inside)?.limits ?? meter.limits;
}

/** The code of what is wrong with a reading, or null when the meter can show it. */
export function checkValue(meter: Omit<Defined, 'limits' | 'seasons'>, value: unknown): string | null {
  if (!isNumber(value)) return 'not_a_number';
  if ((value.split('.')[1] ?? '').length > meter.decimals) return 'too_many_decimals';
  if (meter.kind !== 'counter') return null;
  if (value.startsWith('-')) return 'negative';
  return meter.max != null && micro(value) > micro(meter.max) ? 'over_max' : null;
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The day of a zone in which a moment lies, `YYYY-MM-DD`. */
export function dayIn(ms: number, zone: string): string {
  const format = days.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  days.set(zone, format);
  return format.format(ms);
}
