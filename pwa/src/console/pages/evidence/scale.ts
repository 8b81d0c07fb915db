/** Where moments stand on the figure of an interval. Pure. */

export type Scale = {
  /** The place of a moment as a share of the axis from 0 to 1, kept on it. */
  at: (ms: number) => number;
  /** Whether the moment lies on the axis; else it stands at its end. */
  on: (ms: number) => boolean;
  ticks: number[];
  /** Whether the ticks are whole days. */
  days: boolean;
};

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE);

/** An axis that shows the interval with air on both sides and at most five ticks, on round minutes of the zone. */
export function scaleOf(lower: number | null, estimate: number, upper: number, zoneOffsetMs = 0): Scale {
  const low = Math.min(lower ?? estimate, estimate);
  const high = Math.max(upper, estimate);
  const span = Math.max(high - low, 2 * MINUTE);
  const middle = (low + high) / 2;
  const from = middle - span * 0.75;
  const to = middle + span * 0.75;
  const at = (ms: number) => (Math.min(to, Math.max(from, ms)) - from) / (to - from);
  const step = STEPS.find((one) => (to - from) / one <= 5) ?? Math.ceil((to - from) / 5 / DAY) * DAY;
  const ticks = [];
  for (let ms = Math.ceil((from + zoneOffsetMs) / step) * step - zoneOffsetMs; ms <= to; ms += step) ticks.push(ms);
  return { at, on: (ms) => ms >= from && ms <= to, ticks, days: step >= DAY };
}
