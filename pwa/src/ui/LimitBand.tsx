import { t } from '../i18n/t';

/** The limits of a number; each may be missing. Alarm lies outside warning. */
export type Limits = Partial<Record<'alarmLow' | 'warnLow' | 'warnHigh' | 'alarmHigh', number | undefined>>;

export type LimitBandProps = {
  limits: Limits;
  /** What was read, or null while nothing is entered. */
  value: number | null;
  /** What was read the time before: a dashed mark. */
  last?: number | null;
  /** How a figure is written: with the field's decimals. */
  show: (n: number) => string;
  unit: string;
};

const LEFT = 8;
const RIGHT = 320;

/** The words for the normal range: `0.30 to 0.60`, `0.90 or more`. */
export function rangeWords(low: number | undefined, high: number | undefined, show: (n: number) => string): string {
  if (low !== undefined && high !== undefined) return t('form.range.between', { a: show(low), b: show(high) });
  if (low !== undefined) return t('form.range.from', { a: show(low) });
  return high === undefined ? '' : t('form.range.to', { b: show(high) });
}

/** Where a value lies among its limits: green normal, amber warning, red alarm, a needle for now. */
export function LimitBand({ limits, value, last = null, show, unit }: LimitBandProps) {
  const low = limits.warnLow ?? limits.alarmLow;
  const high = limits.warnHigh ?? limits.alarmHigh;
  const marks = [limits.alarmLow, limits.warnLow, limits.warnHigh, limits.alarmHigh].filter((n) => n !== undefined);
  if (marks.length === 0) return null;

  const lowest = Math.min(...marks);
  const highest = Math.max(...marks);
  // an open side gets room; a closed one a margin in which the needle can stand
  const reach = highest > lowest ? highest - lowest : Math.abs(highest) || 1;
  const from = low === undefined ? lowest - reach : lowest - reach * 0.3;
  const to = high === undefined ? highest + reach : highest + reach * 0.3;
  const at = (n: number) => LEFT + ((Math.min(to, Math.max(from, n)) - from) / (to - from)) * (RIGHT - LEFT);

  const normal = rangeWords(low, high, show);
  const alarm = rangeWords(limits.alarmLow, limits.alarmHigh, show);
  const now = value === null ? '–' : `${show(value)} ${unit}`;
  const warns = limits.alarmLow !== undefined || limits.alarmHigh !== undefined;
  const spoken = warns ? t('form.band.alarm', { range: normal, alarm, v: now }) : t('form.band', { range: normal, v: now });
  const needle = value === null ? null : at(value);

  return (
    <svg class="band" viewBox="0 0 328 58" role="img" aria-label={spoken}>
      <rect class="band__alarm" x={LEFT} y="20" width={RIGHT - LEFT} height="14" rx="7" />
      <Span class="band__warn" from={limits.alarmLow ?? from} to={limits.alarmHigh ?? to} at={at} />
      <Span class="band__good" from={low ?? from} to={high ?? to} at={at} />
      {last !== null && <path class="band__last" d={`M${at(last)} 21v12`} />}
      {needle !== null && (
        <>
          <path class="band__head" d={`M${needle} 18l-8-14h16z`} />
          <path class="band__needle" d={`M${needle} 16v20`} />
        </>
      )}
      <Figures marks={[...new Set(marks)]} alarms={[limits.alarmLow, limits.alarmHigh]} at={at} show={show} />
    </svg>
  );
}

type At = (n: number) => number;

function Span({ class: name, from, to, at }: { class: string; from: number; to: number; at: At }) {
  return <rect class={name} x={at(from)} y="20" width={Math.max(0, at(to) - at(from))} height="14" />;
}

/** About how wide a figure is in the drawing's units. */
const width = (text: string) => text.length * 9 + 6;

type FiguresProps = { marks: number[]; alarms: (number | undefined)[]; at: At; show: (n: number) => string };

/** The limits in figures; one that would run into its neighbour is moved or, between two, left out. */
function Figures({ marks, alarms, at, show }: FiguresProps) {
  const placed: { x: number; text: string; alarm: boolean }[] = [];
  // normal limits first: they say more than the alarm's
  const byWorth = [...marks].sort((a, b) => Number(alarms.includes(a)) - Number(alarms.includes(b)) || a - b);
  for (const mark of byWorth) {
    const text = show(mark);
    const half = width(text) / 2;
    let x = Math.min(328 - half, Math.max(half, at(mark)));
    for (const other of placed) {
      const need = half + width(other.text) / 2;
      if (Math.abs(other.x - x) < need) x = other.x + (at(mark) < other.x ? -need : need);
    }
    const fits = x >= half && x <= 328 - half && placed.every((o) => Math.abs(o.x - x) >= half + width(o.text) / 2 - 0.5);
    if (fits && Math.abs(x - at(mark)) <= 28) placed.push({ x, text, alarm: alarms.includes(mark) });
  }
  return (
    <>
      {placed.map(({ x, text, alarm }) => (
        <text key={text} class={alarm ? 'band__limit' : undefined} x={x} y="54" text-anchor="middle">
          {text}
        </text>
      ))}
    </>
  );
}
