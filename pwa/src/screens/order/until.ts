/** Moments that a person names by a day. */

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** At which hour a day's work begins. */
const MORNING = 8;

/** 08:00 in `zone`, so many days after the day of `now`; ms. */
export function morningIn(days: number, now: number, zone: string): number {
  const wall = Date.parse(`${dateIn(now + days * DAY_MS, zone)}T0${MORNING}:00:00Z`);
  // the zone's offset at that moment, which the first guess is near enough to ask for
  return wall - offsetOf(wall - offsetOf(wall, zone), zone);
}

function dateIn(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
}

/** How far the zone is ahead of UTC at a moment, ms. */
function offsetOf(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).formatToParts(ms); // prettier-ignore
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '00';
  const wall = Date.parse(`${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:00Z`);
  return Math.round((wall - ms) / QUARTER_MS) * QUARTER_MS;
}
