/** A phone in the hands of a signed-in guard, with signals and acts as on a screen. */
import { upToDate, follow, tick } from '../state/refresh';
import { setRunning } from '../state/running';
import * as data from '../state/data';
import { createEngine, type Engine } from '../sync/engine';
import type { FeedRow } from '../protocol/messages';
import { GUARD, fill, joinedPhone, type TestPhone } from './phone';
import { fakeServer, type FakeServer } from './server';

export const PIN = '246810';

export type Scene = { server: FakeServer; phone: TestPhone; engine: Engine };

let endBefore: () => void = () => undefined;

/** The screens show `phone` from now on, and no phone of an earlier test. */
export async function show(phone: TestPhone): Promise<void> {
  endBefore();
  await upToDate();
  endBefore = await follow(phone.store, phone.clock);
}

/** A joined phone that runs, with `rows` on it, nobody signed in. */
export async function scene(rows: FeedRow[]): Promise<Scene> {
  const server = await fakeServer();
  server.pins.set(GUARD, PIN);
  const phone = await joinedPhone(server);
  await fill(phone.store, rows, 'c1');
  const engine = createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
  await show(phone);
  setRunning({ phone, engine });
  data.opened.value = 'open';
  data.room.value = { state: 'ok', percent: 0, refused: false };
  return { server, phone, engine };
}

/** Let time pass on the phone and on the screens. */
export async function pass(phone: TestPhone, ms: number): Promise<void> {
  phone.clock.pass(ms);
  await upToDate();
  tick(phone.clock);
}
