/** Puts the phone together in a browser: store, ports, engine, triggers, signals. */
import { beginFreshLog } from '../db/freshlog';
import { openStore, type OpenStore } from '../db/store';
import type { Change } from '../protocol/store';
import type { Phone } from '../sync/phone';
import { createEngine } from '../sync/engine';
import {
  browserChannel, browserClock, browserLocks, browserNet, browserPage, browserStorage, webCrypto, webRandom,
} from '../sync/ports-browser'; // prettier-ignore
import { watchPage } from '../sync/triggers';
import { ensureOpened } from '../sync/logs';
import * as data from './data';
import { follow, tick } from './refresh';
import { lookAtRoom } from './room';
import { setRunning } from './running';
import { bearWitness, hearWitness, lostOf } from './witness';

/** The name of the phone's database. It never changes. */
export const DATABASE = 'roundsman';
const TICK_MS = 10_000;
/** Photos that no record came to name within this time belong to a save that never ended, ms. */
const LOOSE_MS = 3_600_000;
/** How soon after a save the room is looked at, ms. */
const LOOK_MS = 10_000;

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
  // before anything is saved
  const fresh = beginFreshLog(clock);
  const channel = browserChannel(DATABASE);
  const store = openStore(DATABASE, clock, { ...(channel ? { channel } : {}), onBlocked: () => (data.blocked.value = true) });
  const phone: Phone = {
    store,
    net: browserNet,
    clock,
    random: webRandom,
    crypto: webCrypto,
    locks: browserLocks,
    app: __APP_VERSION__,
    storage: browserStorage,
    forget: () => forget(store),
  };
  await follow(store, clock);
  data.blocked.value = false;
  await noteLoss(store);
  const engine = createEngine(phone, {
    step: (step) => (data.activity.value = step),
    trouble: (trouble) => (data.trouble.value = trouble),
    inFlight: (hashes) => (data.inFlight.value = new Set(hashes)),
  });
  setRunning({ phone, engine });
  await fresh;
  if (data.deviceRow.value?.state === 'active') await ensureOpened(phone);
  // before anything is recorded a person is to know whether it can be kept
  await lookAtRoom(phone).catch(() => undefined);
  data.opened.value = 'open';
  setInterval(() => tick(clock), TICK_MS);
  watchPage(engine, { page: browserPage, clock, random: webRandom, store });
  followSaves(phone, store);
  // economies that may fail without harm
  void keepHouse(phone, store).catch(() => undefined);
}

/** Drop what this browser keeps of the phone besides the emptied store. */
async function forget(store: OpenStore): Promise<void> {
  store.end();
  indexedDB.deleteDatabase(DATABASE);
  localStorage.clear();
  sessionStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}

const shelf = (): Storage => localStorage;

/** Whoever cleared the database left the witness: what is gone is said, and told to the server with the next log. */
async function noteLoss(store: OpenStore): Promise<void> {
  const lost = lostOf(hearWitness(shelf), await store.head());
  if (lost) await store.put('lost', lost);
}

/** After each save: bear witness, and look at the room before long. */
function followSaves(phone: Phone, store: OpenStore): void {
  let isDue = false;
  store.watch((change: Change) => {
    if (change.records) void store.head().then((head) => head && head.seq > 0 && bearWitness(shelf, head)).catch(() => undefined);
    const mayHaveChanged = change.saved || change.meta?.includes('lastFullRound');
    if (!mayHaveChanged || isDue) return;
    isDue = true;
    phone.clock.after(LOOK_MS, () => {
      isDue = false;
      void lookAtRoom(phone).catch(() => undefined);
    });
  });
}

/** Drop what a save that was cut short left behind, set aside what is damaged, and see to the room. */
async function keepHouse(phone: Phone, store: OpenStore): Promise<void> {
  const wall = phone.clock.wall();
  await store.sweepPhotos(wall - LOOSE_MS, wall + LOOSE_MS);
  await store.inspect();
}
