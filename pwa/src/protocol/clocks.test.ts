import { expect, it } from 'vitest';
import { bestNow } from './clocks';

const anchor = { server_ms: 1_000_000, wall: 400_000, mono: 5_000, boot: 'aaaaaaaa' };

it('without an anchor the phone’s clock is all there is', () => {
  expect(bestNow(null, { wall: 7, mono: 1, boot: 'aaaaaaaa' })).toBe(7);
});

it('the last anchor says how far the clock is off', () => {
  expect(bestNow(anchor, { wall: 460_000, mono: 65_000, boot: 'aaaaaaaa' })).toBe(1_060_000);
  expect(bestNow(anchor, { wall: 460_000, mono: 10, boot: 'bbbbbbbb' })).toBe(1_060_000);
});

it('a clock set back is not believed: the running clock of the page is a lower bound', () => {
  expect(bestNow(anchor, { wall: 100_000, mono: 65_000, boot: 'aaaaaaaa' })).toBe(1_060_000);
});

it('time that passed in sleep, when the running clock stands still, counts', () => {
  expect(bestNow(anchor, { wall: 4_000_000, mono: 6_000, boot: 'aaaaaaaa' })).toBe(4_600_000);
});

it('in another page session it is never before the anchor', () => {
  expect(bestNow(anchor, { wall: 0, mono: 10, boot: 'bbbbbbbb' })).toBe(1_000_000);
});
