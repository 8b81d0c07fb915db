import { t } from '../i18n/t';

/** A stop as a segment: solid visited, brown with a fault, yellow next, hollow to come, dashed skipped. */
export type Segment = 'todo' | 'next' | 'done' | 'fault' | 'skipped';

export type WindowBarProps = {
  stops: readonly Segment[];
  /** How much of the window has gone, 0 to 1; null draws no needle. */
  gone: number | null;
  from: string;
  to: string;
  /** What stands between the two times. */
  middle: string;
  /** Whether the words in the middle matter most. */
  strong?: boolean;
};

/** Stops above, time below: compared, they show the pace. */
export function WindowBar({ stops, gone, from, to, middle, strong = false }: WindowBarProps) {
  const done = stops.filter((stop) => stop === 'done' || stop === 'fault').length;
  const x = gone === null ? null : Math.min(1, Math.max(0, gone));
  const spoken =
    x === null
      ? t('round.count', { a: done, b: stops.length })
      : t('round.pace', { a: done, b: stops.length, p: Math.round(x * 100) });
  return (
    <div class="wbar">
      <div role="img" aria-label={spoken}>
        <div class="wbar__seg">
          {stops.map((stop, i) => (
            <i key={i} data-s={stop === 'todo' ? undefined : stop} />
          ))}
        </div>
        <div class="wbar__time" data-still={x === null ? '' : undefined} style={{ '--x': x ?? 0 }} />
      </div>
      <div class="wbar__ax">
        <span class="num">{from}</span>
        <span class={strong ? 'wbar__mid' : undefined}>{middle}</span>
        <span class="num">{to}</span>
      </div>
    </div>
  );
}
