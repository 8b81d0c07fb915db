import { expect, test } from 'vitest';
import { linesOf, rangeOf, silences, spotsOf, type Spot } from './plot';
import type { Chart, Point } from './types';

const H = 3_600_000;
const spot = (at: number, value: number): Spot => ({ at, low: value, high: value, level: 'normal', marked: false, from: null, until: null });
const point = (at: number, value: string, more: Partial<Point> = {}): Point => ({ id: String(at), at_ms: at, lower_ms: null, upper_ms: at, value, level: 'normal', mark: null, entered: false, corrected: false, ...more });
const chart = (more: Partial<Chart>): Chart => ({ points: [], stretches: [], exchanges: [], bands: [], readings: 0, gap_ms: 2 * H, ...more });

test('no line is drawn across silence', () => {
  const spots = [spot(0, 1), spot(H, 2), spot(9 * H, 3), spot(10 * H, 4)];
  const [x, , high] = linesOf(spots, 2 * H);
  expect(high).toEqual([1, 2, null, 3, 4]);
  expect(x).toEqual([0, 3_600, 18_000, 32_400, 36_000]);
  expect(silences(spots, 2 * H)).toEqual([{ from: H, to: 9 * H }]);
});

test('a distance of just the usual is no silence', () => {
  expect(silences([spot(0, 1), spot(2 * H, 2)], 2 * H)).toEqual([]);
});

test('each reading and each limit is on the scale', () => {
  const [low, high] = rangeOf([spot(0, 0.5), spot(H, 0.7)], [{ alarm_low: '0.25', alarm_high: '0.65' }, { warn_high: '0.9' }]);
  expect(low).toBeLessThan(0.25);
  expect(high).toBeGreaterThan(0.9);
  expect(rangeOf([], [])).toEqual([0, 1]);
  const [flat, above] = rangeOf([spot(0, 5)], []);
  expect(flat).toBeLessThan(above);
});

test('stretches keep both ends and the worst level; a roll-over is no mark to look at', () => {
  expect(spotsOf(chart({ stretches: [{ at_ms: H, low: '0.1', high: '0.9', level: 'alarm', readings: 60, marks: 1 }] }))).toEqual([
    { at: H, low: 0.1, high: 0.9, level: 'alarm', marked: true, from: null, until: null },
  ]);
  const [rolled, jumped] = spotsOf(chart({ points: [point(0, '3', { mark: 'rolled' }), point(H, '900', { mark: 'jump', lower_ms: 0 })] }));
  expect([rolled!.marked, jumped!.marked]).toEqual([false, true]);
  expect([jumped!.from, jumped!.until]).toEqual([0, H]);
});
