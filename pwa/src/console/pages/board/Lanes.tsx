import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { langOf, say } from '../../../i18n/label';
import { occurrenceLooks } from '../../../ui/State';
import type { Board, Lane, OccurrenceState } from '../../types';
import { laneWords } from '../../words';
import { Bar } from './Bar';
import { hoursOf, positionOf, shareOf } from './layout';

/** An hour this near to the needle's time, px, would stand under it. */
const NOW_PX = 36;
/** On a phone a plan with more windows than this folds its done ones. */
const FOLD = 6;
const LEGEND: readonly OccurrenceState[] = ['done', 'late', 'partial', 'missed', 'unheard', 'unproven', 'excused', 'upcoming'];

export type LanesProps = { board: Board; siteId: string; zone: string; nowMs: number; only: readonly OccurrenceState[] };

/** Every plan as a lane of the site's day, with a needle for now. */
export function Lanes({ board, siteId, zone, nowMs, only }: LanesProps) {
  const { from_ms: from, to_ms: end } = board;
  const now = shareOf(nowMs, from, end);
  const hours = useRef<HTMLDivElement>(null);
  const lanePx = useWidth(hours);
  const lanes = only.length === 0 ? board.lanes : board.lanes.filter((lane) => lane.windows.some((one) => only.includes(one.state)));
  return (
    <section class="board" aria-label={tc('board.lanes')}>
      <div class="lanes">
        <div class="board__ax">
          <h2>{tc('board.plan')}</h2>
          <div class="hours" aria-hidden="true" ref={hours}>
            {hoursOf(from, end).map(({ ms, share }) =>
              now !== null && Math.abs(share - now) < NOW_PX / (lanePx || NOW_PX * 20) ? null : (
                <span key={ms} style={{ left: `${(share * 100).toFixed(3)}%` }}>
                  {clockTime(ms, zone).slice(0, 2)}
                </span>
              ),
            )}
          </div>
        </div>
        {now !== null && (
          <div class="now" style={{ '--x': now.toFixed(4) }}>
            <b>
              <span class="vh">{tc('board.now')} </span>
              {clockTime(nowMs, zone)}
            </b>
          </div>
        )}
        {lanes.map((lane) => (
          <LaneRow key={lane.plan.id} lane={lane} board={board} siteId={siteId} zone={zone} only={only} lanePx={lanePx} />
        ))}
        {lanes.length === 0 && <p class="board__none">{tc('board.filter.none')}</p>}
      </div>
      <Legend />
    </section>
  );
}

/** The width of an element in px, kept as the window changes. */
function useWidth(of: { readonly current: HTMLElement | null }): number {
  const [px, setPx] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setPx(of.current?.clientWidth ?? 0);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [of]);
  return px;
}

type LaneRowProps = { lane: Lane; board: Board; siteId: string; zone: string; only: readonly OccurrenceState[]; lanePx: number };

function LaneRow({ lane, board, siteId, zone, only, lanePx }: LaneRowProps) {
  const [unfolded, setUnfolded] = useState(false);
  const done = lane.windows.filter((one) => one.state === 'done').length;
  const folds = lane.windows.length > FOLD && done > 1 && !only.includes('done');
  return (
    <div class="lane" data-fold={folds && !unfolded ? '' : undefined}>
      <div class="lane__name">
        <strong lang={langOf(lane.plan.name)}>{say(lane.plan.name)}</strong>
        <small>{laneWords(lane.plan)}</small>
      </div>
      <ol aria-label={say(lane.plan.name)}>
        {folds && (
          <li class="fold">
            <button type="button" class="fold__b" data-tone="good" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
              {tc('board.folded', { n: done })}
            </button>
          </li>
        )}
        {lane.windows.map((window) => (
          <Bar
            key={window.occurrence}
            window={window}
            position={positionOf(window, board.from_ms, board.to_ms)}
            siteId={siteId}
            zone={zone}
            lanePx={lanePx}
            dim={only.length > 0 && !only.includes(window.state)}
          />
        ))}
      </ol>
    </div>
  );
}

function Legend() {
  return (
    <div class="legend" aria-hidden="true">
      {LEGEND.map((state) => (
        <span key={state}>
          <span class="win" data-s={state} data-tone={occurrenceLooks[state].tone} style={{ '--a': '0', '--b': '1', '--l': '1.25' }}>
            <i class="sw" />
          </span>
          {tc(`legend.${state}` as 'legend.done')}
        </span>
      ))}
    </div>
  );
}
