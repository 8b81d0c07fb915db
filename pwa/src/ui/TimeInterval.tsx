import { clockTime, day, moment } from '../i18n/format';
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
  /** The moment whose day needs no name, ms; days are written out when a bound is half a day away and on another one. */
  now: number;
};

const HALF_DAY_MS = 12 * 3_600_000;

/** When a record was made, as what can be proven: brackets for a proven side, dots for an open one. */
export function TimeInterval({ lower, upper, estimate, quality, zone, now }: TimeIntervalProps) {
  const isFar = (ms: number | null) => ms !== null && Math.abs(ms - now) >= HALF_DAY_MS && day(ms, zone) !== day(now, zone);
  const isDated = isFar(lower) || isFar(upper);
  const about = (ms: number) => (isDated ? `${day(ms, zone)} ${clockTime(ms, zone)}` : clockTime(ms, zone));
  if (quality === 'D' || (lower === null && upper === null)) {
    const a = moment(estimate, zone, now);
    return <Figure q="none" text={t('time.about', { a })} spoken={t('time.about.why', { a })} />;
  }
  if (lower === null) {
    const b = about(upper!);
    return <Figure q="after" text={`…–${b}`} spoken={t('time.until', { b })} />;
  }
  const a = about(lower);
  if (upper === null) return <Figure q="b" text={`${a}–…`} spoken={t('time.from', { a })} />;
  if (about(upper) === a) return <Figure q="a" text={a} spoken={t('time.at', { a })} />;
  const b = isDated && day(lower, zone) === day(upper, zone) ? clockTime(upper, zone) : about(upper);
  return <Figure q="a" text={`${a}–`} end={b} spoken={t('time.between', { a, b })} />;
}

/** The estimate first, then what is proven of it; one number where both ends agree or nothing is proven. */
export function EstimateAndInterval(props: TimeIntervalProps) {
  const { lower, upper, estimate, quality, zone, now } = props;
  const minute = clockTime(estimate, zone);
  const isClaim = quality === 'D' || (lower === null && upper === null);
  const isPoint = lower !== null && upper !== null && upper - lower < 60_000 && clockTime(lower, zone) === minute && clockTime(upper, zone) === minute;
  if (isClaim || isPoint) return <TimeInterval {...props} />;
  return (
    <span class="when">
      <b class="num">{moment(estimate, zone, now)}</b>{' '}
      <TimeInterval {...props} now={estimate} />
    </span>
  );
}

// a long interval breaks after its dash, never inside a moment
function Figure({ q, text, end = '', spoken }: { q: string; text: string; end?: string; spoken: string }) {
  return (
    <span class="iv" data-q={q}>
      <span aria-hidden="true">
        <span class="nb">{text}</span>
        {end !== '' && (
          <>
            <wbr />
            <span class="nb">{end}</span>
          </>
        )}
      </span>
      <span class="vh">{spoken}</span>
    </span>
  );
}
