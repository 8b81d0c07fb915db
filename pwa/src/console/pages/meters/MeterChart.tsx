import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Failure } from '../../parts/Answers';
import { stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { plot, spotsOf, type Plotted, type Span, type Spot } from './plot';
import type { Chart, Meter } from './types';
import { withUnit } from './words';

const DAY = 86_400_000;
const LENGTHS = [7, 30, 365] as const;
const SHORTEST = 3_600_000;
const LONGEST = 19 * 365 * DAY;

/** The chart of one meter: seven days, thirty or a year, and any part of it by pointer or keys. */
export function MeterChart({ siteId, zone, meter, turn }: { siteId: string; zone: string; meter: Meter; turn: number }) {
  const newest = Math.max(Date.now(), meter.last?.at_ms ?? 0);
  const [span, setSpan] = useState<Span>(() => ({ from: newest - 30 * DAY, to: newest + 3_600_000 }));
  const [days, setDays] = useState<number | null>(30);
  const loaded = useLoad<Chart>(`/sites/${siteId}/meters/${meter.id}/chart?from_ms=${Math.round(span.from)}&to_ms=${Math.round(span.to)}`);
  const [spot, setSpot] = useState<Spot | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Plotted | null>(null);
  const told = useId();

  const move = (next: Span) => {
    const long = Math.min(Math.max(next.to - next.from, SHORTEST), LONGEST);
    const middle = (next.from + next.to) / 2;
    setDays(null);
    setSpan({ from: middle - long / 2, to: middle + long / 2 });
  };
  const zoom = (by: number) => move({ from: (span.from + span.to) / 2 - ((span.to - span.from) * by) / 2, to: (span.from + span.to) / 2 + ((span.to - span.from) * by) / 2 });
  const pan = (by: number) => move({ from: span.from + (span.to - span.from) * by, to: span.to + (span.to - span.from) * by });
  const latest = (n: number) => {
    setDays(n);
    setSpan({ from: newest - n * DAY, to: newest + 3_600_000 });
  };
  const zoomed = useRef(move);
  zoomed.current = move;

  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  onKey.current = (event) => {
    const act = { '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), ArrowLeft: () => pan(-0.5), ArrowRight: () => pan(0.5), Home: () => latest(365), End: () => latest(7) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  useEffect(() => {
    const frame = box.current;
    if (!frame) return undefined;
    drawn.current = plot(frame, { zone, onZoom: (next) => zoomed.current(next), onSpot: setSpot });
    // the picture takes keys as well as the buttons above it do
    frame.tabIndex = 0;
    const keys = (event: KeyboardEvent) => onKey.current(event);
    frame.addEventListener('keydown', keys);
    const watch = new ResizeObserver(() => drawn.current?.size(frame.clientWidth));
    watch.observe(frame);
    return () => {
      watch.disconnect();
      frame.removeEventListener('keydown', keys);
      drawn.current?.end();
      drawn.current = null;
    };
  }, [zone]);
  useEffect(() => {
    if (turn > 0) loaded.reload();
  }, [turn]);
  useEffect(() => {
    if (loaded.value) drawn.current?.to(loaded.value, span);
  }, [loaded.value]);

  return (
    <div class="mchart">
      <div class="mchart__bar">
        <div class="filters" role="group" aria-label={tc('meter.span')}>
          {LENGTHS.map((n) => (
            <button key={n} type="button" class="fil fil--s" aria-pressed={days === n} onClick={() => latest(n)}>
              {tc(`meter.span.${n}`)}
            </button>
          ))}
        </div>
        <div class="filters" role="group" aria-label={tc('meter.zoom')}>
          <button type="button" class="fil fil--s" aria-label={tc('meter.earlier')} onClick={() => pan(-0.5)}>←</button>
          <button type="button" class="fil fil--s" aria-label={tc('meter.later')} onClick={() => pan(0.5)}>→</button>
          <button type="button" class="fil fil--s" aria-label={tc('meter.closer')} onClick={() => zoom(0.5)}>＋</button>
          <button type="button" class="fil fil--s" aria-label={tc('meter.wider')} onClick={() => zoom(2)}>－</button>
        </div>
      </div>
      {loaded.problem && <Failure problem={loaded.problem} onAgain={loaded.reload} />}
      <div
        class="mchart__box"
        ref={box}
        role="img"
        aria-label={loaded.value ? sentence(meter, loaded.value) : say(meter.name)}
        aria-describedby={told}
        aria-busy={loaded.value === null}
      />
      <p class="meta mchart__at" id={told}>
        {spot
          ? `${stamp(spot.at, zone)} · ${withUnit(spot.low === spot.high ? String(spot.high) : `${spot.low}–${spot.high}`, meter.unit)}`
          : loaded.value && loaded.value.readings === 0
            ? tc('meter.no_readings')
            : tc('meter.keys')}
      </p>
    </div>
  );
}

/** What the chart shows, in a sentence. */
function sentence(meter: Meter, chart: Chart): string {
  const spots = spotsOf(chart);
  if (spots.length === 0) return `${say(meter.name)}: ${tc('meter.no_readings')}`;
  const low = spots.reduce((a, b) => Math.min(a, b.low), Infinity);
  const high = spots.reduce((a, b) => Math.max(a, b.high), -Infinity);
  return tc('meter.chart', {
    name: say(meter.name), n: chart.readings, low: withUnit(String(low), meter.unit), high: withUnit(String(high), meter.unit),
    alarms: spots.filter((spot) => spot.level === 'alarm').length,
  });
}
