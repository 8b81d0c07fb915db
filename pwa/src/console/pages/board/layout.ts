/** Where things stand on the time line, as shares of the day from 0 to 1. Pure. */
import type { BoardWindow } from '../../types';

/** `a` and `b` are the ends of the window, `l` the end of the brown tail, `p` the share of stops that were visited. */
export type Position = { a: number; b: number; l: number; p: number };

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/** Where a window stands in the day from `from` to `to`, ms. */
export function positionOf(window: BoardWindow, from: number, to: number): Position {
  const share = (ms: number) => clamp((ms - from) / (to - from));
  const b = share(window.to_ms);
  return {
    a: share(window.from_ms),
    b,
    l: window.end_ms === null ? b : Math.max(b, share(window.end_ms)),
    p: window.total > 0 ? clamp(window.done / window.total) : 0,
  };
}

/** Where a moment stands, or null when it lies outside the day. */
export function shareOf(ms: number, from: number, to: number): number | null {
  return ms < from || ms >= to ? null : (ms - from) / (to - from);
}

const TWO_HOURS = 7_200_000;

/** Every second hour of the day from its start, also on the days that have 23 or 25 hours. */
export function hoursOf(from: number, to: number): { ms: number; share: number }[] {
  const hours = [];
  for (let ms = from; ms <= to; ms += TWO_HOURS) hours.push({ ms, share: (ms - from) / (to - from) });
  return hours;
}

/** A share of the server (`"0.792"`) as a whole percentage, cut at the low end and rounded up at the high one. */
export function percent(share: string, end: 'low' | 'high'): number {
  const hundredths = Number(share) * 100;
  return end === 'low' ? Math.floor(hundredths + 1e-9) : Math.ceil(hundredths - 1e-9);
}
