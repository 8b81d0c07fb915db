/** Times of a paper sheet: a clock's time becomes a moment of the round. Pure. */
import { addDays, dayOf, momentOf } from '../../dates';

/**
 * The moment that a time such as `22:30` or `2230` means on the sheet of a round that begins at `from`: the first such time
 * from then on. Null: no time of day.
 */
export function sheetMoment(text: string, from: number, zone: string): number | null {
  const found = /^([01]?\d|2[0-3])[:：]?([0-5]\d)$/.exec(text.trim());
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  const day = dayOf(from, zone);
  const first = momentOf(day, minutes, zone);
  // a round begins within a minute of the sheet's clock: 22:00 on paper is not the night after
  return first >= from - (from % 60_000) ? first : momentOf(addDays(day, 1), minutes, zone);
}
