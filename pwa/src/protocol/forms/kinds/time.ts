import type { TimeField } from '../../entities';
import type { KindRules } from '../base';

const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
const DATE = '[12][0-9]{3}-[0-9]{2}-[0-9]{2}';
const FORMS = { time: new RegExp(`^${TIME}$`), date: new RegExp(`^${DATE}$`), both: new RegExp(`^${DATE}T${TIME}$`) };

/** A time of day, a date, or both, by the clocks of the site. */
export const time: KindRules<TimeField> = {
  check: (field, answer) => {
    const of = field.of ?? 'time';
    if (typeof answer !== 'string' || !FORMS[of].test(answer)) return 'not_a_time';
    return of === 'time' || isDay(answer.slice(0, 10)) ? null : 'not_a_time';
  },
};

/** Whether there is such a day: 30 February is none. */
function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
