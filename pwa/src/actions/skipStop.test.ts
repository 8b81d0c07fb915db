import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { parseOwn } from '../protocol/records';
import { round } from '../state/today';
import { CHECKPOINT, OCCURRENCE, STOP, TOKENS, estate, printed } from '../testing/estate';
import { PIN, pass, scene, type Scene } from '../testing/acting';
import { GUARD } from '../testing/phone';
import { lookAhead, scanCheckpoint } from './scanCheckpoint';
import { signIn } from './signIn';
import { skipStop } from './skipStop';

const NOW = OCCURRENCE(1);
let at: Scene;

beforeEach(async () => {
  at = await scene(await estate({ enforced: true }));
  await signIn(GUARD, PIN);
});

const input = (n: number) => ({ text: printed(TOKENS[n - 1]!), occurrence: NOW, expectedStop: null });
const skip = () =>
  skipStop({ occurrence: NOW, stop: STOP(1), target: { kind: 'checkpoint', id: CHECKPOINT(1) }, reason: 'locked', note: ' 铁门锁了 ', photos: [] });

it('a skipped stop is a record of its own, is not done, and the next one follows', async () => {
  const { hash } = await skip();

  const row = (await at.phone.store.record(hash))!;
  expect(parseOwn(row.body)).toMatchObject({ type: 'stop.skip', tv: 1, actor: GUARD, p: { occurrence: NOW, stop: STOP(1), reason: 'locked' } });
  expect(row.private['note']?.value).toBe('铁门锁了');
  const view = round(NOW).value!;
  expect(view.stops.map((stop) => stop.state).slice(0, 2)).toEqual(['skipped', 'next']);
  expect(view.done).toBe(0);
});

it('a stop that was skipped and then reached is done', async () => {
  await skip();
  await pass(at.phone, 60_000);
  await scanCheckpoint({ ...input(1), method: 'camera', frame: null });

  expect(round(NOW).value!.stops[0]).toMatchObject({ state: 'done', skipped: null });
});

it('where order is enforced the phone asks before it keeps another stop, and keeps it all the same', async () => {
  expect(await lookAhead(input(1))).toBeNull();
  expect(await lookAhead(input(3))).toMatchObject({ stop: { number: 3 }, next: { number: 1 } });
  expect(await at.phone.store.counts()).toMatchObject({ unsent: expect.any(Number) as number });

  const kept = await scanCheckpoint({ ...input(3), method: 'camera', frame: null });
  expect(kept).toMatchObject({ result: 'known', outOfOrder: true });
  expect(await lookAhead(input(3)), 'one that was done is not asked about again').toBeNull();
});

it('a skipped stop puts nobody out of order', async () => {
  await skip();

  expect(await lookAhead(input(2))).toBeNull();
});
