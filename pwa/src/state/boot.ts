/** Puts the phone together in a browser: store, ports, engine, triggers, signals. */
import { BALLAST_BYTES } from '../db/room';
import { openStore, type OpenStore } from '../db/store';
import type { Phone } from '../sync/phone';
import { createEngine } from '../sync/engine';
import {
  browserChannel, browserClock, browserLocks, browserNet, browserPage, browserStorage, webCrypto, webRandom,
} from '../sync/ports-browser'; // prettier-ignore
import { watchPage } from '../sync/triggers';
import { ensureOpened } from '../sync/seal';
import * as data from './data';
import { follow, tick } from './refresh';
import { setRunning } from './running';

const NAME = 'roundsman';
const TICK_MS = 10_000;
/** Photos that no record came to name within this time belong to a save that never ended, ms. */
const LOOSE_MS = 3_600_000;
/** Room below which no reserve is made: it would take what it is to save, bytes. */
const ROOM_FOR_BALLAST = 52_428_800;

let started: Promise<void> | null = null;

/** Open the store and run the phone. Called again after it failed, it tries anew; it never throws. */
export function start(): Promise<void> {
  started ??= open().catch(() => {
    data.opened.value = 'broken';
    started = null;
  });
  return started;
}
export { start as boot };

async function open(): Promise<void> {
  data.opened.value = 'starting';
  const clock = browserClock();
  const store = openStore(NAME, clock, browserChannel(NAME));
  const phone: Phone = {
    store,
    net: browserNet,
    clock,
    random: webRandom,
    crypto: webCrypto,
    locks: browserLocks,
    app: __APP_VERSION__,
    storage: browserStorage,
  };
  await follow(store, clock);
  const engine = createEngine(phone, {
    step: (step) => (data.activity.value = step),
    trouble: (trouble) => (data.trouble.value = trouble),
    inFlight: (hashes) => (data.inFlight.value = new Set(hashes)),
  });
  setRunning({ phone, engine });
  if (data.deviceRow.value?.state === 'active') await ensureOpened(phone);
  data.opened.value = 'open';
  setInterval(() => tick(clock), TICK_MS);
  watchPage(engine, { page: browserPage, clock, random: webRandom, store });
  // economies that may fail without harm
  void keepHouse(phone, store).catch(() => undefined);
}

/** Drop what a save that was cut short left behind, and keep a reserve for records while there is room. */
async function keepHouse(phone: Phone, store: OpenStore): Promise<void> {
  const wall = phone.clock.wall();
  await store.sweepPhotos(wall - LOOSE_MS, wall + LOOSE_MS);
  const { usage, quota } = await browserStorage();
  if (usage !== null && quota !== null && quota - usage > ROOM_FOR_BALLAST) {
    await store.reserve(phone.random.bytes(BALLAST_BYTES));
  }
}
