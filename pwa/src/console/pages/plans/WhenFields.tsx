import { tc, type ConsoleKey } from '../../../i18n/console';
import { CheckField, SelectField, TextField, TickRow } from '../../parts/fields';
import { recurrenceWords } from '../../recurrence';
import type { Per } from '../../types';
import { Hours } from './Hours';
import { PATTERNS, recurrenceOf, type Pattern, type When } from './when';

const PERS: Per[] = ['day', 'week', 'half_month', 'month', 'quarter', 'half_year', 'year'];
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7].map((day) => String(day));
const MONTHS = Array.from({ length: 12 }, (_, n) => String(n + 1));

export type WhenProps = { when: When; set: (changes: Partial<When>) => void; errorAt: (path: string) => string | null; bare?: boolean };

/** When a plan comes, chosen in words: first the pattern, then only what it needs. */
export function WhenFields(props: WhenProps) {
  const { when, set, errorAt, bare = false } = props;
  const patterns: Pattern[] = when.pattern === 'rule' ? [...PATTERNS, 'rule'] : [...PATTERNS];
  const isCalendar = !['count', 'after', 'once'].includes(when.pattern);
  return (
    <>
      {!bare && <h2 class="form__h">{tc('plan.when')}</h2>}
      <SelectField
        label={tc('when.pattern')}
        value={when.pattern}
        options={patterns.map((one) => ({ value: one, word: one === 'rule' ? recurrenceWords(recurrenceOf({ ...when, pattern: 'rule' })) : tc(`when.${one}`) }))}
        error={errorAt('recurrence.rule') ?? errorAt('recurrence')}
        onChoose={(pattern) => set({ pattern: pattern as Pattern, every: pattern === 'days' ? '2' : '1' })}
      />
      <Details {...props} />
      {isCalendar && <Season {...props} />}
      {isCalendar && <Hours {...props} />}
    </>
  );
}

function Details({ when, set, errorAt }: WhenProps) {
  switch (when.pattern) {
    case 'weekly':
      return (
        <>
          <TickRow label={tc('plan.weekdays')} options={WEEKDAYS.map((day) => ({ value: day, word: weekday(day) }))} chosen={when.days} error={errorAt('recurrence.rule')} onChoose={(days) => set({ days })} />
          <Every when={when} set={set} unit="weeks" />
        </>
      );
    case 'days':
      return <Every when={when} set={set} unit="days" />;
    case 'monthday':
      return (
        <div class="pair">
          <SelectField label={tc('when.day')} value={when.monthDay} options={monthDays(true)} hint={Number(when.monthDay) > 28 ? tc('when.day.short') : undefined} onChoose={(monthDay) => set({ monthDay })} />
          <Months when={when} set={set} />
        </div>
      );
    case 'weekday':
      return (
        <div class="pair">
          <SelectField label={tc('when.nth')} value={when.nth} options={['1', '2', '3', '4', '-1'].map((n) => ({ value: n, word: n === '-1' ? tc('when.nth.last') : tc('when.nth.n', { n }) }))} onChoose={(nth) => set({ nth })} />
          <SelectField label={tc('plan.weekdays')} value={when.weekday} options={WEEKDAYS.map((day) => ({ value: day, word: weekday(day) }))} onChoose={(day) => set({ weekday: day })} />
          <Months when={when} set={set} />
        </div>
      );
    case 'yearly':
      return (
        <div class="pair">
          <SelectField label={tc('when.month')} value={when.month} options={MONTHS.map((n) => ({ value: n, word: month(n) }))} onChoose={(one) => set({ month: one })} />
          <SelectField label={tc('when.day')} value={when.monthDay} options={monthDays(false)} hint={when.month === '2' && when.monthDay === '29' ? tc('when.day.leap') : undefined} onChoose={(monthDay) => set({ monthDay })} />
        </div>
      );
    case 'count':
      return (
        <div class="pair">
          <TextField label={tc('when.times')} type="number" mode="numeric" min="1" max="60" value={when.times} error={errorAt('recurrence.times')} onText={(times) => set({ times })} />
          <SelectField label={tc('when.per')} hint={tc('when.count.why')} value={when.per} options={PERS.map((per) => ({ value: per, word: tc(`when.per.${per}`) }))} error={errorAt('recurrence.per')} onChoose={(per) => set({ per: per as Per })} />
        </div>
      );
    case 'after':
      return (
        <div class="pair">
          <TextField label={tc('when.after.n')} type="number" mode="numeric" min="1" value={when.afterN} error={errorAt('recurrence.every')} onText={(afterN) => set({ afterN })} />
          <SelectField label={tc('when.after.unit')} value={when.afterUnit} options={[{ value: 'days', word: tc('when.after.days') }, { value: 'months', word: tc('when.after.months') }]} onChoose={(unit) => set({ afterUnit: unit as When['afterUnit'] })} />
          <TextField label={tc('when.after.open')} hint={tc('when.after.why')} type="number" mode="numeric" min="1" max="366" value={when.openDays} error={errorAt('recurrence.open_days')} onText={(openDays) => set({ openDays })} />
        </div>
      );
    case 'once':
      return (
        <div class="pair">
          <Moment label={tc('plan.from')} value={when.once.from} error={errorAt('recurrence.from')} onMoment={(from) => set({ once: { ...when.once, from } })} />
          <Moment label={tc('plan.to')} value={when.once.to} error={errorAt('recurrence.to')} onMoment={(to) => set({ once: { ...when.once, to } })} />
        </div>
      );
    default:
      return null;
  }
}

function Moment({ label, value, error, onMoment }: { label: string; value: string; error: string | null; onMoment: (moment: string) => void }) {
  const [day = '', time = ''] = value.split('T');
  return (
    <div class="pair">
      <TextField label={`${label} · ${tc('when.day')}`} type="date" value={day} error={error} onText={(next) => onMoment(`${next}T${time || '08:00'}`)} />
      <TextField label={`${label} · ${tc('when.clock')}`} type="time" value={time} onText={(next) => onMoment(`${day}T${next}`)} />
    </div>
  );
}

function Every({ when, set, unit }: { when: When; set: WhenProps['set']; unit: 'days' | 'weeks' }) {
  return <TextField label={tc(`when.every.${unit}`)} narrow type="number" mode="numeric" min="1" max={unit === 'days' ? '366' : '104'} value={when.every} onText={(every) => set({ every })} />;
}

function Months({ when, set }: { when: When; set: WhenProps['set'] }) {
  const steps = ['1', '2', '3', '4', '6', '12'];
  const options = (steps.includes(when.every) ? steps : [...steps, when.every]).map((n) => ({ value: n, word: n === '1' ? tc('often.monthly') : tc('when.months.n', { n }) }));
  return <SelectField label={tc('when.every.months')} value={when.every} options={options} onChoose={(every) => set({ every })} />;
}

function Season({ when, set }: WhenProps) {
  const seasonal = ['daily', 'workdays', 'freedays', 'weekly', 'days'].includes(when.pattern);
  const shifts = ['monthday', 'weekday', 'yearly'].includes(when.pattern) && !when.monthDay.endsWith('working');
  return (
    <>
      {seasonal && <CheckField label={tc('when.season')} checked={when.season.length > 0} onCheck={(on) => set({ season: on ? ['4', '5', '6', '7', '8', '9', '10'] : [] })} />}
      {seasonal && when.season.length > 0 && <TickRow label={tc('when.season.months')} options={MONTHS.map((n) => ({ value: n, word: month(n) }))} chosen={when.season} onChoose={(season) => set({ season })} />}
      {shifts && (
        <SelectField
          label={tc('when.shift')}
          value={when.shift}
          options={(['none', 'before', 'after'] as const).map((one) => ({ value: one, word: tc(`when.shift.${one}`) }))}
          onChoose={(shift) => set({ shift: shift as When['shift'] })}
        />
      )}
    </>
  );
}


function monthDays(working: boolean) {
  const numbers = Array.from({ length: 31 }, (_, n) => ({ value: String(n + 1), word: tc('when.day.n', { n: n + 1 }) }));
  const ends = [{ value: 'last', word: tc('when.day.last') }];
  if (working) ends.push({ value: 'first_working', word: tc('when.day.first_working') }, { value: 'last_working', word: tc('when.day.last_working') });
  return [...ends, ...numbers];
}

function weekday(day: string): string {
  return tc(`day.${day}` as ConsoleKey);
}

function month(n: string): string {
  return tc('when.month.n', { n });
}
