/** Days and hours of a site. A day is `YYYY-MM-DD` in the site's zone; moments are ms since 1970 UTC. */
import { clockTime, spaced } from '../i18n/format';
import { language } from '../i18n/t';

const made = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  made.set(key, found);
  return found;
}

const MINUTE = 60_000;

/** How far the zone's clocks are ahead of UTC at `ms`, in ms. */
export function offset(ms: number, zone: string): number {
  const parts = format('en-US', zone, {
    hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(ms);
  const n = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second')) - Math.floor(ms / 1000) * 1000;
}

/** The day of the site in which `ms` lies; a site's day may begin some minutes after midnight. */
export function dayOf(ms: number, zone: string, startMin = 0): string {
  const local = ms + offset(ms, zone) - startMin * MINUTE;
  return new Date(local).toISOString().slice(0, 10);
}

/** The moment `minutes` after midnight of a day in the zone; a time that the clocks skip is the moment after the gap. */
export function momentOf(day: string, minutes: number, zone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
  const first = wall - offset(wall, zone);
  return wall - offset(first, zone);
}

/** The day `n` days after `day`. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists. */
export function isDay(text: string | null | undefined): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // 30 February is read as 2 March
  return !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text;
}

/** `11 月 23 日 周一` or `Mon 23 Nov`. */
export function longDay(ms: number, zone: string): string {
  const zh = language.value === 'zh';
  const options = { month: zh ? 'long' : 'short', day: 'numeric', weekday: 'short' } as const;
  const text = format(zh ? 'zh-CN' : 'en-GB', zone, options).format(ms);
  return zh ? spaced(text) : text.replace(',', '');
}

/** `2026-11-23 22:58` in the zone: for a table that runs over days and for print. */
export function stamp(ms: number, zone: string): string {
  return `${dayOf(ms, zone)} ${clockTime(ms, zone)}`;
}

/** `22:00–23:30`, where an end at midnight reads 24:00. */
export function stretch(from: number, to: number, zone: string): string {
  const end = clockTime(to, zone);
  return `${clockTime(from, zone)}–${end === '00:00' ? '24:00' : end}`;
}

/** The browser's own zone, to be named where it is not the site's. */
export function otherZone(zone: string): boolean {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone !== zone;
}
