/**
 * Time: the phone's best guess for its screen, and the server's evaluation of a record's time.
 * The rules are docs/protocol/time.md, the cases `time.json`. All values are integer ms.
 */
import type { Anchor } from './anchors';

export type ClockState = { wall: number; mono: number; boot: string };
export type ZonedState = ClockState & { tz: string };
export type Quality = 'A' | 'B' | 'C' | 'D';

/** A record was made not before `lower`, not after `upper`; `lower` is null when nothing proves one. */
export type Interval = {
  lower: number | null;
  estimate: number;
  upper: number;
  quality: Quality;
  marks: string[];
};

/** One record's time and what came with it. */
export type Sighting = {
  t: ZonedState;
  /** The verified anchor that the record names, or null. */
  anchor: Anchor | null;
  received_ms: number;
  /** The clocks as the request stated them that brought the record; null for an import. */
  after: ClockState | null;
};

/**
 * The true time as this phone knows it best. The last anchor says how far the phone's clock is off; within the same
 * page session the running clock is a lower bound, so that a clock set back is not believed.
 */
export function bestNow(anchor: Anchor | null, now: ClockState): number {
  if (!anchor) return now.wall;
  const byWall = anchor.server_ms + (now.wall - anchor.wall);
  const least = anchor.server_ms + (now.boot === anchor.boot ? Math.max(0, now.mono - anchor.mono) : 0);
  return Math.max(byWall, least);
}

/** The interval, the best estimate, its quality and the marks of a record. */
export function evaluate(
  { t, anchor, received_ms, after }: Sighting,
  floor: number | null,
  ceiling: number | null,
  previous: ZonedState | null,
): Interval {
  const lower = highest(anchor?.server_ms ?? null, floor);
  const upper = Math.max(Math.min(received_ms, ceiling ?? received_ms), lower ?? -Infinity);
  const [quality, raw] = estimate(t, anchor, received_ms, after);
  const clamped = Math.max(Math.min(raw, upper), lower ?? -Infinity);
  const marks: string[] = [];
  if (previous && t.wall < previous.wall - 2_000) marks.push('clock_back');
  if (quality === 'C' || (previous && fellBehind(t, previous))) marks.push('clock_jump');
  if ((lower !== null && t.wall < lower - 60_000) || t.wall > upper + 60_000) marks.push('outside_bounds');
  if (t.wall > received_ms + 60_000) marks.push('future_wall');
  if (previous && t.tz !== previous.tz) marks.push('zone_changed');
  if (received_ms - clamped > 24 * 3_600_000) marks.push('long_offline');
  return { lower, estimate: clamped, upper, quality, marks };
}

/** The intervals of contiguous records of one log: floors are handed forward, ceilings backward. */
export function evaluateRun(sightings: readonly Sighting[]): Interval[] {
  let floor: number | null = null;
  const floors = sightings.map((sighting) => {
    const before = floor;
    floor = highest(sighting.anchor?.server_ms ?? null, floor);
    return before;
  });
  const intervals: Interval[] = [];
  let ceiling: number | null = null;
  for (let i = sightings.length - 1; i >= 0; i -= 1) {
    const interval = evaluate(sightings[i]!, floors[i] ?? null, ceiling, sightings[i - 1]?.t ?? null);
    intervals.unshift(interval);
    ceiling = interval.upper;
  }
  return intervals;
}

function highest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function estimate(t: ClockState, anchor: Anchor | null, received_ms: number, after: ClockState | null): [Quality, number] {
  const before_ms = anchor ? anchor.server_ms + (t.wall - anchor.wall) : null;
  const after_ms = after ? received_ms - (after.wall - t.wall) : null;
  if (before_ms === null || after_ms === null) {
    const only = before_ms ?? after_ms;
    if (only === null) return ['D', t.wall];
    return denied(only, t, anchor, received_ms, after) ? ['C', bySession(t, anchor, received_ms, after)] : ['B', only];
  }
  const mean = Math.floor((before_ms + after_ms) / 2);
  const apart = beyond(Math.abs(before_ms - after_ms), received_ms - (anchor?.server_ms ?? 0));
  if (apart || denied(mean, t, anchor, received_ms, after)) return ['C', bySession(t, anchor, received_ms, after)];
  return ['A', mean];
}

/**
 * Whether the page session says otherwise: the clock was wrong for a while, and right again. A session's time may stand
 * still while the phone sleeps, so what passed in it is the least that passed: since the anchor, and until the request.
 */
function denied(estimated: number, t: ClockState, anchor: Anchor | null, received_ms: number, after: ClockState | null): boolean {
  if (anchor && t.boot === anchor.boot) {
    const passed = t.mono - anchor.mono;
    if (beyond(anchor.server_ms + passed - estimated, passed)) return true;
  }
  if (after && t.boot === after.boot) {
    const passed = after.mono - t.mono;
    if (beyond(estimated - (received_ms - passed), passed)) return true;
  }
  return false;
}

/** The record's moment by the time that passed in the page session, where one side shares it. */
function bySession(t: ClockState, anchor: Anchor | null, received_ms: number, after: ClockState | null): number {
  if (after && t.boot === after.boot) return received_ms - (after.mono - t.mono);
  if (anchor && t.boot === anchor.boot) return anchor.server_ms + (t.mono - anchor.mono);
  return t.wall;
}

/** Whether a difference is more than two statements of one moment may have; in ten-thousandths of a ms, so that integers decide. */
function beyond(difference_ms: number, span_ms: number): boolean {
  return difference_ms * 10_000 > 10_000 * 10_000 + span_ms;
}

function fellBehind(t: ClockState, previous: ClockState): boolean {
  return t.boot === previous.boot && t.wall - previous.wall < t.mono - previous.mono - 5_000;
}
