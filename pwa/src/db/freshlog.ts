/**
 * Have Chromium begin a new file before anything is saved.
 *
 * Chromium keeps all databases of the app in one LevelDB, and goes on writing at the end of its last log file. If the
 * power or the browser went away in the middle of a write, half an entry stands there, and what is written behind it is
 * not found again: strict or not, it is gone at the next opening, and mostly the whole store with it. A new file begins
 * when 4 MiB have been written. So that much is written into a database beside the phone's own, and dropped.
 */
import { deleteDB, openDB } from 'idb';
import type { Clock } from '../protocol/ports';

const NAME = 'roundsman-fresh-log';
/** Values stay below 64 KiB, from where on they lie in files of their own. */
const VALUE = 'v'.repeat(24_000);
const VALUES = 22;
/** 4.5 MiB in half a MiB of room: each round writes over the last. */
const ROUNDS = 9;
/** A phone that cannot do it within so long works without, ms. */
const AT_MOST_MS = 5_000;

/** Begin a new file where the browser is Chromium. It never throws: whoever cannot do it is as safe as before. */
export async function beginFreshLog(clock: Clock): Promise<void> {
  if (!isChromium()) return;
  await new Promise<void>((resolve) => {
    const off = clock.after(AT_MOST_MS, resolve);
    void writeAndDrop().catch(() => undefined).then(resolve).finally(off); // prettier-ignore
  });
}

/** Only Chromium tells on an upgrade what it has lost. */
function isChromium(): boolean {
  return 'dataLoss' in IDBVersionChangeEvent.prototype;
}

async function writeAndDrop(): Promise<void> {
  const db = await openDB(NAME, 1, { upgrade: (made) => void made.createObjectStore('values') });
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const tx = db.transaction('values', 'readwrite', { durability: round === ROUNDS - 1 ? 'strict' : 'relaxed' });
      const puts = Array.from({ length: VALUES }, (_, key) => tx.store.put(VALUE, key));
      await Promise.all([...puts, tx.done]);
    }
  } finally {
    db.close();
    // another tab may be at it, and drops it then
    void deleteDB(NAME).catch(() => undefined);
  }
}
