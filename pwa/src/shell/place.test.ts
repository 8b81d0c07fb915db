import { afterEach, beforeEach, expect, test, vi } from 'vitest';

type Found = (position: { coords: { latitude: number; longitude: number; accuracy: number }; timestamp: number }) => void;
let asked: { found: Found; failed: () => void; options: PositionOptions }[];
const coords = { latitude: 31, longitude: 121, accuracy: 9 };

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  asked = [];
  vi.stubGlobal('navigator', {
    geolocation: { getCurrentPosition: (found: Found, failed: () => void, options: PositionOptions) => asked.push({ found, failed, options }) },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a position that is at hand is taken at once, with its age', async () => {
  const { placeNow, seekPlace } = await import('./place');
  seekPlace();
  asked[0]!.found({ coords, timestamp: Date.now() - 2_000 });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await placeNow()).toEqual({ ...coords, ageMs: 7_000 });
  expect(asked).toHaveLength(1);
});

test('nothing waits longer than a frame stands still, and what comes later serves the next record', async () => {
  const { placeNow } = await import('./place');
  const first = placeNow();
  await vi.advanceTimersByTimeAsync(299);
  const soon = vi.fn();
  void first.then(soon);
  await vi.advanceTimersByTimeAsync(1);
  expect(await first).toBeNull();
  asked[0]!.found({ coords, timestamp: Date.now() });
  expect(await placeNow()).toMatchObject(coords);
  expect(asked).toHaveLength(1);
});

test('an old position says nothing: another one is asked for, once however many wait', async () => {
  const { placeNow, seekPlace } = await import('./place');
  seekPlace();
  asked[0]!.found({ coords, timestamp: Date.now() });
  await vi.advanceTimersByTimeAsync(30_001);
  const both = [placeNow(), placeNow()];
  expect(asked).toHaveLength(2);
  asked[1]!.failed();
  expect(await Promise.all(both)).toEqual([null, null]);
});

test('a phone without the interface has no position', async () => {
  vi.stubGlobal('navigator', {});
  const { placeNow } = await import('./place');
  expect(await placeNow()).toBeNull();
});
