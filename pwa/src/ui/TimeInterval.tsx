import { moment } from '../i18n/format';
import { t } from '../i18n/t';

export type TimeIntervalProps = {
  /** The earliest moment that is proven, ms, or null while nothing says so. */
  lower: number | null;
  /** The latest moment that is proven, ms, or null while there is no receipt. */
  upper: number | null;
  /** The best guess, ms; shown only where nothing is proven. */
  estimate: number;
  /** How far the clocks agree; see the protocol's page on time. */
  quality: 'A' | 'B' | 'C' | 'D';
  zone: string;
  /** The day that needs no name, ms; else days are written out. */
  now: number;
};

/** When a record was made, as what can be proven: brackets for a proven side, dots for an open one. */
export function TimeInterval({ lower, upper, estimate, quality, zone, now }: TimeIntervalProps) {
  const about = (ms: number) => moment(ms, zone, now);
  if (quality === 'D' || (lower === null && upper === null)) {
    const a = about(estimate);
    return <Figure q="none" text={t('time.about', { a })} spoken={t('time.about.why', { a })} />;
  }
  if (lower === null) {
    const b = about(upper!);
    return <Figure q="after" text={`…–${b}`} spoken={t('time.until', { b })} />;
  }
  const a = about(lower);
  if (upper === null) return <Figure q="b" text={`${a}–…`} spoken={t('time.from', { a })} />;
  const b = about(upper);
  if (a === b) return <Figure q="a" text={a} spoken={t('time.at', { a })} />;
  return <Figure q="a" text={`${a}–${b}`} spoken={t('time.between', { a, b })} />;
}

function Figure({ q, text, spoken }: { q: string; text: string; spoken: string }) {
  return (
    <span class="iv" data-q={q}>
      <span aria-hidden="true">{text}</span>
      <span class="vh">{spoken}</span>
    </span>
  );
}
