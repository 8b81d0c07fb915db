/** What a phone that leaves has left, and how its store is emptied. */
import type { LeftBehind } from '../protocol/leaving';
import type { Store } from '../protocol/ports';
import type { Change } from '../protocol/store';
import type { Connection } from './connection';
import type { StoreName, Transaction } from './schema';

type LeavingPart = Pick<Store, 'leftBehind' | 'wipe'>;

/** The stores of the first layout, and those that came later. */
const FIRST: StoreName[] = [
  'keys', 'head', 'log', 'photos', 'chunks', 'rows', 'meta', 'receipts', 'verifiers', 'drafts', 'damaged',
]; // prettier-ignore
const SECOND: StoreName[] = [...FIRST, 'carriedLogs', 'carried', 'carriedPhotos', 'carriedChunks'];
const ALL: StoreName[] = [...SECOND, 'pictures'];

export function leavingPart(db: Connection, announce: (change: Change) => void): LeavingPart {
  async function run<T>(mode: 'readonly' | 'readwrite', body: (tx: Transaction, stores: StoreName[]) => Promise<T>): Promise<T> {
    // the newest layout that the database has
    for (const stores of [ALL, SECOND]) {
      const done = await db.runIfThere(stores, mode, null, async (tx) => ({ value: await body(tx, stores) }));
      if (done) return done.value;
    }
    return db.run(FIRST, mode, (tx) => body(tx, FIRST));
  }
  return {
    leftBehind: () => run('readonly', count),
    async wipe(may) {
      const lost = await run('readwrite', async (tx, stores) => {
        const left = await count(tx, stores);
        if (!may(left)) return null;
        for (const store of stores) await tx.objectStore(store).clear();
        return left;
      });
      if (lost) announce({ records: [], rows: true, photos: true, carried: true, meta: ['device', 'session'] });
      return lost;
    },
  };
}

/** Damaged records too: nobody else has them, and the rescue file writes them down as they stand. */
async function count(tx: Transaction, stores: StoreName[]): Promise<LeftBehind> {
  const left = {
    records: (await tx.objectStore('log').index('unsent').count()) + (await tx.objectStore('damaged').count()),
    photos: await tx.objectStore('photos').index('unsent').count(),
  };
  if (!stores.includes('carried')) return left;
  return {
    records: left.records + (await tx.objectStore('carried').index('unsent').count()),
    photos: left.photos + (await tx.objectStore('carriedPhotos').index('unsent').count()),
  };
}
