import { expect, it } from 'vitest';
import kept from './seeds.json';
import { tell } from './story';

/** A short walk through what may happen; `make simulate` goes further. */
const SHORT = 10;

it('a seed tells the same story every time', async () => {
  const [once, again] = [await tell(7, { acts: 20 }), await tell(7, { acts: 20 })];
  expect(again).toEqual(once);
  expect((await tell(8, { acts: 20 })).trace).not.toBe(once.trace);
});

it.each(kept)('seed %i, which found something once, finds nothing', async (seed) => {
  expect((await tell(seed)).wrongs).toEqual([]);
});

it('nothing is lost, doubled, changed or left behind, whatever happens in whatever order', async () => {
  for (let seed = 1; seed <= SHORT; seed += 1) {
    const { wrongs } = await tell(seed);
    expect(wrongs, `SEED=${seed} make simulate`).toEqual([]);
  }
}, 120_000);
