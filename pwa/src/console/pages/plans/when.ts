/** When a plan comes, as a person chooses it in words, and the recurrence that it means. Pure. */
import { DAY_CODES, partsOf, type RuleParts } from '../../recurrence';
import type { CalendarRecurrence, Per, PlanWindow, Recurrence } from '../../types';

export const PATTERNS = ['daily', 'workdays', 'freedays', 'weekly', 'days', 'monthday', 'weekday', 'yearly', 'count', 'after', 'once'] as const;
/** `rule` is a rule that none of the patterns says: it is kept as it is. */
export type Pattern = (typeof PATTERNS)[number] | 'rule';

export type When = {
  pattern: Pattern;
  /** Every so many days, weeks, months or years. */
  every: string;
  /** Weekdays from `1` (Monday) to `7`. */
  days: string[];
  /** `1` to `31`, `last`, `first_working` or `last_working`. */
  monthDay: string;
  /** `1` to `4`, or `-1` for the last. */
  nth: string;
  weekday: string;
  month: string;
  /** Only in these months; none: in all. */
  season: string[];
  shift: 'none' | 'before' | 'after';
  hours: 'windows' | 'every';
  windows: PlanWindow[];
  stretch: { from: string; to: string; minutes: string };
  times: string;
  per: Per;
  afterN: string;
  afterUnit: 'days' | 'months';
  openDays: string;
  once: { from: string; to: string };
  rule: string;
};

const BASE: When = {
  pattern: 'daily', every: '1', days: ['1', '2', '3', '4', '5'], monthDay: '1', nth: '1', weekday: '1', month: '1', season: [], shift: 'none', hours: 'windows',
  windows: [{ from: '08:00', to: '10:00' }], stretch: { from: '15:00', to: '23:00', minutes: '60' }, times: '2', per: 'week', afterN: '14', afterUnit: 'days', openDays: '3',
  once: { from: '', to: '' }, rule: '',
};

/** What the form shows of a recurrence. */
export function readWhen(recurrence: Recurrence): When {
  if (recurrence.kind === 'count') return { ...BASE, pattern: 'count', times: String(recurrence.times), per: recurrence.per };
  if (recurrence.kind === 'once') return { ...BASE, pattern: 'once', once: { from: recurrence.from, to: recurrence.to } };
  if (recurrence.kind === 'after') {
    const { every } = recurrence;
    const [afterUnit, n] = 'days' in every ? (['days', every.days] as const) : (['months', every.months] as const);
    return { ...BASE, pattern: 'after', afterN: String(n), afterUnit, openDays: String(recurrence.open_days) };
  }
  const { every, windows } = recurrence;
  const hours: Partial<When> = every ? { hours: 'every', stretch: { ...every, minutes: String(every.minutes) } } : { windows: windows ?? BASE.windows };
  return { ...BASE, ...hours, shift: recurrence.shift ?? 'none', rule: recurrence.rule, ...daysOf(recurrence) };
}

/** The recurrence that the form means; what cannot be read is left to the server's refusal. */
export function recurrenceOf(when: When): Recurrence {
  switch (when.pattern) {
    case 'count':
      return { kind: 'count', times: whole(when.times), per: when.per };
    case 'after':
      return { kind: 'after', every: when.afterUnit === 'days' ? { days: whole(when.afterN) } : { months: whole(when.afterN) }, open_days: whole(when.openDays) };
    case 'once':
      return { kind: 'once', from: when.once.from.slice(0, 16), to: when.once.to.slice(0, 16) };
    default: {
      const hours = when.hours === 'every' ? { every: stretchOf(when) } : { windows: when.windows.map(windowOf) };
      return { kind: 'calendar', ...ruleOf(when), ...hours };
    }
  }
}

/** 8:00 and full-width colons are what people type. */
export function clock(text: string): string {
  const found = /^(\d{1,2})[:：.](\d{2})$/.exec(text.trim());
  return found ? `${found[1]!.padStart(2, '0')}:${found[2]}` : text.trim();
}

/** Whether a window ends on a later day although nobody said so. */
export function nextDay({ from, to: end, days = 0 }: PlanWindow): boolean {
  return days === 0 && /^\d\d:\d\d$/.test(from) && /^\d\d:\d\d$/.test(end) && end <= from;
}

function whole(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function windowOf({ from, to, days = 0 }: PlanWindow): PlanWindow {
  return days > 0 ? { from: clock(from), to: clock(to), days } : { from: clock(from), to: clock(to) };
}

function stretchOf({ stretch }: When): { from: string; to: string; minutes: number } {
  return { from: clock(stretch.from), to: clock(stretch.to), minutes: whole(stretch.minutes) };
}

type RuleAndDays = Pick<CalendarRecurrence, 'rule' | 'days' | 'shift'>;

function ruleOf(when: When): RuleAndDays {
  const every = when.every.trim() === '' || when.every.trim() === '1' ? '' : `;INTERVAL=${when.every.trim()}`;
  const season = when.season.length > 0 ? `;BYMONTH=${[...when.season].map(Number).sort((a, b) => a - b).join(',')}` : '';
  const plain = { days: 'all', shift: when.shift } as const;
  switch (when.pattern) {
    case 'daily':
      return { rule: `FREQ=DAILY${season}`, ...plain };
    case 'workdays':
      return { rule: `FREQ=DAILY${season}`, days: 'working', shift: 'none' };
    case 'freedays':
      return { rule: `FREQ=DAILY${season}`, days: 'free', shift: 'none' };
    case 'weekly':
      return { rule: `FREQ=WEEKLY${every}${season};BYDAY=${codes(when.days)}`, ...plain };
    case 'days':
      return { rule: `FREQ=DAILY${every}${season}`, ...plain };
    case 'monthday':
      if (when.monthDay === 'last_working') return { rule: `FREQ=MONTHLY${every};BYMONTHDAY=-1`, days: 'all', shift: 'before' };
      if (when.monthDay === 'first_working') return { rule: `FREQ=MONTHLY${every};BYMONTHDAY=1`, days: 'all', shift: 'after' };
      return { rule: `FREQ=MONTHLY${every};BYMONTHDAY=${monthDay(when.monthDay)}`, ...plain };
    case 'weekday':
      return { rule: `FREQ=MONTHLY${every};BYDAY=${when.nth}${codes([when.weekday])}`, ...plain };
    case 'yearly':
      return { rule: `FREQ=YEARLY${every};BYMONTH=${when.month};BYMONTHDAY=${monthDay(when.monthDay)}`, ...plain };
    default:
      return { rule: when.rule, ...plain };
  }
}

function monthDay(word: string): string {
  return word === 'last' ? '-1' : /^\d+$/.test(word) ? word : '1';
}

function codes(days: readonly string[]): string {
  return [...days]
    .sort()
    .map((day) => DAY_CODES[Number(day) - 1])
    .join(',');
}

function daysOf({ rule, days = 'all', shift = 'none' }: CalendarRecurrence): Partial<When> {
  const parts = partsOf(rule);
  const every = parts.INTERVAL ?? '1';
  const season = parts.BYMONTH?.split(',') ?? [];
  if (days !== 'all') return rule.replace(/;BYMONTH=[\d,]+/, '') === 'FREQ=DAILY' ? { pattern: days === 'working' ? 'workdays' : 'freedays', season } : { pattern: 'rule' };
  if (parts.BYSETPOS) return { pattern: 'rule' };
  switch (parts.FREQ) {
    case 'DAILY':
      return parts.BYDAY ? { pattern: 'rule' } : { pattern: every === '1' ? 'daily' : 'days', every, season };
    case 'WEEKLY':
      return parts.BYDAY ? { pattern: 'weekly', every, season, days: parts.BYDAY.split(',').map((code) => String(DAY_CODES.indexOf(code) + 1)) } : { pattern: 'rule' };
    case 'MONTHLY':
      return season.length > 0 ? { pattern: 'rule' } : ofMonth(parts, every, shift);
    default:
      return parts.BYMONTHDAY && /^(-1|\d+)$/.test(parts.BYMONTHDAY) && season.length === 1
        ? { pattern: 'yearly', every, month: season[0]!, monthDay: parts.BYMONTHDAY === '-1' ? 'last' : parts.BYMONTHDAY }
        : { pattern: 'rule' };
  }
}

function ofMonth(parts: RuleParts, every: string, shift: string): Partial<When> {
  if (parts.BYDAY) {
    const found = /^([1-4]|-1)(\w\w)$/.exec(parts.BYDAY);
    return found ? { pattern: 'weekday', every, nth: found[1]!, weekday: String(DAY_CODES.indexOf(found[2]!) + 1) } : { pattern: 'rule' };
  }
  const day = parts.BYMONTHDAY;
  if (day === '-1' && shift === 'before') return { pattern: 'monthday', every, monthDay: 'last_working', shift: 'none' };
  if (day === '1' && shift === 'after') return { pattern: 'monthday', every, monthDay: 'first_working', shift: 'none' };
  if (day === '-1') return { pattern: 'monthday', every, monthDay: 'last' };
  return day && /^\d+$/.test(day) ? { pattern: 'monthday', every, monthDay: day } : { pattern: 'rule' };
}
