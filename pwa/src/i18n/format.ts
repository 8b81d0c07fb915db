/** Moments, spans and sizes in words. Moments are ms since 1970 UTC and are shown in the site's zone. */
import { language, t } from './t';

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language.value === 'zh' ? 'zh-CN' : 'en-GB';
  const name = `${locale} ${zone} ${kind}`;
  let found = made.get(name);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    made.set(name, found);
  }
  return found;
}

const hm = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `22:31` in the zone. */
export function clockTime(ms: number, zone: string): string {
  return formatter(zone, 'hm', hm).format(ms);
}

/** `22:31:07` in the zone: for a time that was proven to the second. */
export function clockTimeWithSeconds(ms: number, zone: string): string {
  return formatter(zone, 'hms', { ...hm, second: '2-digit' }).format(ms);
}

/** `12 月 7 日` or `7 Dec` in the zone. */
export function day(ms: number, zone: string): string {
  const zh = language.value === 'zh';
  const text = formatter(zone, 'day', { month: zh ? 'long' : 'short', day: 'numeric' }).format(ms);
  return zh ? spaced(text) : text;
}

/** A Chinese date with a space between digits and characters: `11 月 23 日 周一`. */
export function spaced(date: string): string {
  return date.replace(/(\d+)(月|日)/g, '$1 $2 ').replace(/ +/g, ' ').trim();
}

/** Day and time, or only the time when both moments lie on one day of the zone. */
export function moment(ms: number, zone: string, now: number): string {
  const time = clockTime(ms, zone);
  return day(ms, zone) === day(now, zone) ? time : `${day(ms, zone)} ${time}`;
}

/** `2026-11-30 22:31:07` in the zone, whatever the language: what is drawn onto a photo. */
export function stampTime(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);
}

/** A span in the largest two units that say something: `49 分`, `1 时 05 分`, `3 天`. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return t('span.min', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const rest = minutes % 60;
    return rest === 0 ? t('span.h', { n: hours }) : t('span.hmin', { h: hours, m: String(rest).padStart(2, '0') });
  }
  return t('span.days', { n: Math.floor(hours / 24) });
}

/** A number of bytes as `3.1 GB` or `820 MB`. */
export function bytes(n: number): string {
  const [value, unit] = n >= 1e9 ? [n / 1e9, 'GB'] : n >= 1e6 ? [n / 1e6, 'MB'] : [n / 1e3, 'kB'];
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}
