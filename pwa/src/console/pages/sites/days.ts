/** Days off and working days of a year, as people read and write them: in stretches. Days are `YYYY-MM-DD`. */
import { addDays, isDay } from '../../dates';

export type Unusual = { day: string; works: boolean };
export type HolidayWord = { number: number; free: string[]; working: string[]; at_ms: number };
/** A year as the sites with China's calendar go by it. */
export type HolidayYear = { year: number; in_library: boolean; said: HolidayWord | null; unusual: Unusual[]; differs: string[] };
export type Stretch = { from: string; to: string };
/** What is typed of a year: stretches of days off, and days that are worked. */
export type Typed = { free: Stretch[]; working: string[] };

/** Days in order as stretches without a gap. */
export function stretches(days: readonly string[]): Stretch[] {
  const found: Stretch[] = [];
  for (const day of [...days].sort()) {
    const last = found.at(-1);
    if (last && (addDays(last.to, 1) === day || last.to === day)) last.to = day;
    else found.push({ from: day, to: day });
  }
  return found;
}

/** How many days a stretch has; none where its end comes first. */
export function length({ from, to }: Stretch): number {
  return Math.max(0, Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1);
}

/** The days off as an announcement tells them: with the weekends that they touch. */
export function daysOff(unusual: readonly Unusual[]): Stretch[] {
  const worked = new Map(unusual.map(({ day, works }) => [day, works]));
  const isOff = (day: string) => !(worked.get(day) ?? ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()));
  const days = new Set<string>();
  for (const { day } of unusual.filter((one) => !one.works)) {
    let first = day;
    while (isOff(addDays(first, -1))) first = addDays(first, -1);
    for (let at = first; isOff(at); at = addDays(at, 1)) days.add(at);
  }
  return stretches([...days]);
}

/** What the office said of a year, to be typed on. */
export function typedOf(year: HolidayYear): Typed {
  return { free: stretches(year.said?.free ?? []), working: [...(year.said?.working ?? [])].sort() };
}

/** The body that says it, and for each of its days the row in which it was typed. Rows that are empty say nothing. */
export function bodyOf(year: number, { free, working }: Typed): { body: { year: number; free: string[]; working: string[] }; rows: { free: number[]; working: number[] } } {
  const off = free.flatMap(({ from, to }, row) => {
    if (!isDay(from)) return [];
    const n = isDay(to) ? Math.min(length({ from, to }), 366) : 1;
    return Array.from({ length: n }, (_, i) => ({ day: addDays(from, i), row }));
  });
  const on = working.flatMap((day, row) => (isDay(day) ? [{ day, row }] : []));
  return {
    body: { year, free: off.map((one) => one.day), working: on.map((one) => one.day) },
    rows: { free: off.map((one) => one.row), working: on.map((one) => one.row) },
  };
}

const CLAUSE = /[^。；;\n]+/g;
const SPAN = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:[至到—–-](?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日)?/g;

/** Read an announcement as the State Council words it: `2月15日（周日）至23日（周一）放假调休。2月14日（周六）上班。` */
export function readAnnouncement(text: string, year: number): Typed {
  const typed: Typed = { free: [], working: [] };
  const plain = text.replace(/[（(][^（）()]*[）)]/g, '').replace(/\s+(?=[\d年月日至到])|(?<=[\d年月日至到])\s+/g, '');
  for (const [clause] of plain.matchAll(CLAUSE)) {
    const isFree = clause.includes('放假') || clause.includes('休息');
    if (!isFree && !clause.includes('上班')) continue;
    for (const [, fromYear, fromMonth = '', fromDay = '', toYear, toMonth, toDay] of clause.matchAll(SPAN)) {
      const from = iso(Number(fromYear ?? year), fromMonth, fromDay);
      const to = toDay === undefined ? from : iso(Number(toYear ?? fromYear ?? year), toMonth ?? fromMonth, toDay);
      if (!isDay(from) || !isDay(to)) continue;
      if (isFree) typed.free.push({ from, to });
      else for (let day = from; day <= to; day = addDays(day, 1)) typed.working.push(day);
    }
  }
  return typed;
}

function iso(year: number, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
