/**
 * A recurrence in words: what a list, a lane and a register say of when a plan recurs.
 *
 * The files of the server say it in the same words (`server/rounds/often.py`); `tests/vectors/recurrence.json`
 * holds the two to each other.
 */
import { tc, type ConsoleKey } from '../i18n/console';
import type { CalendarRecurrence, PlanWindow, Recurrence } from './types';

export const DAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export type RuleParts = Partial<Record<'FREQ' | 'INTERVAL' | 'BYDAY' | 'BYMONTHDAY' | 'BYMONTH' | 'BYSETPOS', string>>;

/** The parts of a rule by their names. */
export function partsOf(rule: string): RuleParts {
  return Object.fromEntries(rule.split(';').map((part) => part.split('=')));
}

/** On which days or how often: `每天`, `每周一、周三`, `每月最后一个工作日`, `每周 2 次`. */
export function recurrenceWords(recurrence: Recurrence): string {
  switch (recurrence.kind) {
    case 'count':
      return tc(`often.per.${recurrence.per}`, { n: recurrence.times });
    case 'after': {
      const { every } = recurrence;
      return 'days' in every ? tc('often.after.days', { n: every.days }) : tc('often.after.months', { n: every.months });
    }
    case 'once':
      return tc('often.once');
    default:
      return daysWords(recurrence);
  }
}

/** The windows of a day: `08:00–10:00、20:00–22:00`, `15:00–23:00 每 60 分钟`; empty where there are none. */
export function windowsWords(recurrence: Recurrence): string {
  if (recurrence.kind === 'once') return `${recurrence.from.replace('T', ' ')}–${recurrence.to.replace('T', ' ')}`;
  if (recurrence.kind === 'after') return tc('often.open', { n: recurrence.open_days });
  if (recurrence.kind === 'count') return tc('often.any_time');
  const { every, windows = [] } = recurrence;
  if (every) return `${every.from}–${every.to} ${tc('often.every_minutes', { n: every.minutes })}`;
  return windows.map(windowWords).join(tc('list.and'));
}

/** How many windows begin on a day of the plan, where that can be said. */
export function perDay(recurrence: Recurrence): number | null {
  if (recurrence.kind !== 'calendar') return null;
  const { every, windows = [] } = recurrence;
  return every ? Math.round(lengthOf(every) / every.minutes) : windows.length;
}

function windowWords({ from, to, days = 0 }: PlanWindow): string {
  return days > 0 ? tc('often.window.days', { from, to, n: days }) : `${from}–${to}`;
}

function lengthOf({ from, to }: { from: string; to: string }): number {
  const minutes = minutesOf(to) - minutesOf(from);
  return minutes > 0 ? minutes : minutes + 1_440;
}

export function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

function daysWords({ rule, days = 'all', shift = 'none' }: CalendarRecurrence): string {
  const parts = partsOf(rule);
  const words = ruleWords(parts, shift);
  const months = parts.FREQ !== 'YEARLY' && parts.BYMONTH ? parts.BYMONTH.split(',') : [];
  const only = months.length > 0 ? tc('often.months', { list: months.join(tc('list.and')) }) : null;
  if (days !== 'all' && rule === 'FREQ=DAILY') return tc(`often.${days}`);
  const kept = days === 'all' ? null : tc(`often.only_${days}`);
  return [words, only, kept].filter(Boolean).join(tc('often.comma'));
}

function ruleWords(parts: RuleParts, shift: string): string {
  const n = Number(parts.INTERVAL ?? 1);
  const moved = shift === 'none' ? '' : tc('often.comma') + tc(`often.shift.${shift as 'before' | 'after'}`);
  switch (parts.FREQ) {
    case 'DAILY':
      return (parts.BYDAY ? weekdays(parts.BYDAY) : n === 1 ? tc('days.daily') : tc('often.days.n', { n })) + moved;
    case 'WEEKLY':
      return weekly(parts.BYDAY, n).trim() + moved;
    case 'MONTHLY':
      if (parts.BYMONTHDAY === '-1' && shift === 'before') return monthly(n) + tc('often.last_working');
      if (parts.BYMONTHDAY === '1' && shift === 'after') return monthly(n) + tc('often.first_working');
      return (monthly(n) + dayOfMonth(parts)).trim() + moved;
    default: {
      const month = parts.BYMONTH ? tc('often.month', { n: parts.BYMONTH.split(',').join(tc('list.and')) }) : '';
      return ((n === 1 ? tc('often.yearly') : tc('often.years.n', { n })) + month + dayOfMonth(parts)).trim() + moved;
    }
  }
}

function monthly(n: number): string {
  return n === 1 ? tc('often.monthly') : tc('often.months.n', { n });
}

function dayOfMonth(parts: RuleParts): string {
  if (parts.BYMONTHDAY) {
    return parts.BYMONTHDAY.split(',')
      .map((day) => (day === '-1' ? tc('often.last_day') : day.startsWith('-') ? tc('often.day_before_end', { n: day.slice(1) }) : tc('often.day', { n: day })))
      .join(tc('list.and'));
  }
  if (!parts.BYDAY) return '';
  const codes = parts.BYDAY.split(',');
  const positions = parts.BYSETPOS ?? '';
  if (positions !== '' && (codes.length > 1 || positions.includes(','))) {
    return tc('often.of', { list: inAWeek(parts.BYDAY), nth: positions.split(',').map(position).join(tc('list.and')) });
  }
  return codes.map((one) => weekday(one.slice(-2), one.slice(0, -2) || positions)).join(tc('list.and'));
}

/** A weekday of the month: every one, the first, the last. */
function weekday(code: string, n: string): string {
  const day = tc(`day.${DAY_CODES.indexOf(code) + 1}` as ConsoleKey);
  if (n === '') return day;
  if (n === '-1') return tc('often.last_weekday', { day });
  return tc(n.startsWith('-') ? 'often.nth_from_end' : 'often.nth_weekday', { n: n.replace(/^[+-]/, ''), day });
}

function position(n: string): string {
  return n === '-1' ? tc('often.last') : tc(n.startsWith('-') ? 'often.nth_end' : 'often.nth', { n: n.replace(/^[+-]/, '') });
}

function weekly(byday: string | undefined, n: number): string {
  if (!byday) return n === 1 ? tc('often.weekly') : tc('often.weeks.n', { n });
  return n === 1 ? weekdays(byday) : tc('often.weeks.n', { n }) + inAWeek(byday);
}

function weekdays(byday: string): string {
  return byday.split(',').length === 7 ? tc('days.daily') : tc('often.on', { list: inAWeek(byday) });
}

function inAWeek(byday: string): string {
  const days = byday.split(',').sort((a, b) => DAY_CODES.indexOf(a) - DAY_CODES.indexOf(b));
  return days.map((day) => tc(`day.${DAY_CODES.indexOf(day) + 1}` as ConsoleKey)).join(tc('list.and'));
}
