import { expect, test } from 'vitest';
import type { Recurrence } from '../../types';
import { PATTERNS, readWhen, recurrenceOf } from './when';

const windows = [{ from: '08:00', to: '10:00' }];
const calendar = (rule: string, more: object = {}): Recurrence => ({ kind: 'calendar', rule, days: 'all', shift: 'none', windows, ...more });

/** What the form opens and keeps without a change is what it was. */
const kept: [string, Recurrence][] = [
  ['daily', calendar('FREQ=DAILY')],
  ['daily', calendar('FREQ=DAILY;BYMONTH=5,10')],
  ['daily', calendar('FREQ=DAILY', { windows: undefined, every: { from: '15:00', to: '23:00', minutes: 60 } })],
  ['workdays', calendar('FREQ=DAILY', { days: 'working' })],
  ['freedays', calendar('FREQ=DAILY;BYMONTH=7', { days: 'free' })],
  ['weekly', calendar('FREQ=WEEKLY;BYDAY=MO,SU')],
  ['weekly', calendar('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', { windows: [{ from: '08:00', to: '18:00', days: 3 }] })],
  ['days', calendar('FREQ=DAILY;INTERVAL=3')],
  ['monthday', calendar('FREQ=MONTHLY;BYMONTHDAY=15', { shift: 'after' })],
  ['monthday', calendar('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1')],
  ['monthday', calendar('FREQ=MONTHLY;BYMONTHDAY=-1', { shift: 'before' })],
  ['monthday', calendar('FREQ=MONTHLY;BYMONTHDAY=1', { shift: 'after' })],
  ['weekday', calendar('FREQ=MONTHLY;BYDAY=-1FR')],
  ['yearly', calendar('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29')],
  ['rule', calendar('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')],
  ['rule', calendar('FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1')],
  ['count', { kind: 'count', times: 2, per: 'week' }],
  ['after', { kind: 'after', every: { months: 6 }, open_days: 14 }],
  ['once', { kind: 'once', from: '2026-12-01T08:00', to: '2026-12-01T18:00' }],
];

test.each(kept)('%s: what is opened and kept is what it was: %j', (pattern, recurrence) => {
  const when = readWhen(recurrence);
  expect(when.pattern).toBe(pattern);
  expect(JSON.parse(JSON.stringify(recurrenceOf(when)))).toEqual(JSON.parse(JSON.stringify(recurrence)));
});

test('every pattern that can be chosen is read again as itself', () => {
  const base = readWhen(calendar('FREQ=DAILY'));
  for (const pattern of PATTERNS) {
    const chosen = { ...base, pattern, every: pattern === 'days' ? '2' : '1', once: { from: '2026-12-01T08:00', to: '2026-12-01T09:00' } };
    expect(readWhen(recurrenceOf(chosen)).pattern).toBe(pattern);
  }
});
