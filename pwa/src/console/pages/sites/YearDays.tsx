import { tc } from '../../../i18n/console';
import { longDay } from '../../dates';
import { daysOff, length, type HolidayYear, type Stretch } from './days';

/** How a year counts: the days off, with the weekends that they touch, the days that are worked. */
export function YearDays({ year }: { year: HolidayYear }) {
  const off = daysOff(year.unusual);
  const worked = year.unusual.filter((one) => one.works);
  return (
    <>
      {year.unusual.length === 0 && <p>{tc('holidays.nothing')}</p>}
      {year.unusual.length > 0 && (
        <dl class="dl">
          <dt>{tc('holidays.free')}</dt>
          <dd>
            <ul class="plainlist">{off.map((one) => <li key={one.from}>{stretchWords(one)}</li>)}</ul>
          </dd>
          {worked.length > 0 && (
            <>
              <dt>{tc('holidays.working')}</dt>
              <dd>
                <ul class="plainlist">{worked.map((one) => <li key={one.day}>{dayWords(one.day)}</li>)}</ul>
              </dd>
            </>
          )}
        </dl>
      )}
      {year.differs.length > 0 && (
        <p class="note">
          {tc('holidays.differs', { days: year.differs.map(dayWords).join(tc('list.and')) })}
        </p>
      )}
    </>
  );
}

function dayWords(day: string): string {
  return longDay(Date.parse(`${day}T00:00:00Z`), 'UTC');
}

function stretchWords(one: Stretch): string {
  return one.from === one.to ? dayWords(one.from) : tc('holidays.stretch', { from: dayWords(one.from), to: dayWords(one.to), n: length(one) });
}
