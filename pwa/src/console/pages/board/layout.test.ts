import { expect, test } from 'vitest';
import { at, lanes } from '../../testing/estate';
import { hoursOf, percent, positionOf, shareOf } from './layout';

const from = at('06:00');
const to = at('06:00', 1);
const windows = lanes.flatMap((lane) => lane.windows);

test('a bar stands where its window is in the day', () => {
  const first = positionOf(windows[0]!, from, to); // 08:00 to 10:00
  expect(first.a).toBeCloseTo(2 / 24);
  expect(first.b).toBeCloseTo(4 / 24);
});

test('a late round grows a tail to scale, one in time does not', () => {
  const late = positionOf(windows[1]!, from, to); // ends 14:00, last stop 14:25
  expect(late.l - late.b).toBeCloseTo(25 / 1440);
  const inTime = positionOf(windows[0]!, from, to);
  expect(inTime.l).toBe(inTime.b);
});

test('the foot of a round under way grows with its stops', () => {
  expect(positionOf(windows[3]!, from, to).p).toBeCloseTo(5 / 7);
});

test('a window that reaches over the end of the day is cut there', () => {
  const night = { ...windows[0]!, from_ms: at('05:00', 1), to_ms: at('07:00', 1) };
  expect(positionOf(night, from, to).b).toBe(1);
});

test('the needle stands in its own day only', () => {
  expect(shareOf(at('18:00'), from, to)).toBeCloseTo(0.5);
  expect(shareOf(at('06:00', 1), from, to)).toBeNull();
  expect(shareOf(at('05:59'), from, to)).toBeNull();
});

test('the day that loses an hour has its hours where they were', () => {
  const hours = hoursOf(Date.UTC(2026, 2, 28, 5), Date.UTC(2026, 2, 29, 4)); // Berlin, 06:00 to 06:00, 23 hours
  expect(hours).toHaveLength(12);
  expect(hours.at(-1)!.share).toBeCloseTo(22 / 23);
});

test('a share is never rounded to more certainty than it has', () => {
  expect([percent('0.792', 'low'), percent('0.917', 'high')]).toEqual([79, 92]);
  expect([percent('0.9999', 'low'), percent('0.0001', 'high')]).toEqual([99, 1]);
  expect([percent('0.58', 'low'), percent('0.58', 'high')]).toEqual([58, 58]);
});
