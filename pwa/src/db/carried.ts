/** What this phone carries for another one: apart from its own records, and dropped when the server has all of it. */
import { STORED } from '../protocol/messages';
import type { Store } from '../protocol/ports';
import type { CarriedLog, CarriedRow, Carrying, Change } from '../protocol/store';
import type { Connection } from './connection';
import { joined } from './photos';
import type { StoreName, Transaction } from './schema';

type CarriedPart = Pick<
  Store,
  | 'carry' | 'carryPiece' | 'carryPhoto' | 'carriedUnsent' | 'settleCarried' | 'nextCarriedPhoto' | 'carriedBytes'
  | 'carriedPhotoDone' | 'carrying' | 'dropCarried'
>; // prettier-ignore

const ALL: StoreName[] = ['carriedLogs', 'carried', 'carriedPhotos', 'carriedChunks'];

export function carriedPart(db: Connection, announce: (change: Change) => void): CarriedPart {
  return {
    async carry(log, rows) {
      const added = await db.run(['carriedLogs', 'carried', 'log'], 'readwrite', async (tx) => {
        let count = 0;
        await keepLog(tx, log);
        for (const row of rows) {
          if ((await tx.objectStore('log').getKey(row.hash)) !== undefined) continue;
          const known = await tx.objectStore('carried').get(row.hash);
          if (known && known.unsent === undefined) continue;
          // one that was damaged since is whole again
          await tx.objectStore('carried').put({ ...row, unsent: [row.log, row.seq] });
          if (!known) count += 1;
        }
        return count;
      });
      announce({ carried: true });
      return added;
    },

    async carryPiece(sha256, i, bytes) {
      await db.run(['carriedChunks'], 'readwrite', (tx) =>
        tx.objectStore('carriedChunks').put({ sha256, i, bytes: bytes.slice().buffer }),
      );
    },

    async carryPhoto(photo, isWhole) {
      await db.run(['carriedPhotos', 'carriedChunks'], 'readwrite', async (tx) => {
        if (isWhole) await tx.objectStore('carriedPhotos').put(photo);
        else await tx.objectStore('carriedChunks').delete(piecesOf(photo.sha256));
      });
      if (isWhole) announce({ carried: true });
    },

    async carriedUnsent(limit, skip) {
      return db.runIfThere(['carried'], 'readonly', [], async (tx) => {
        const rows: CarriedRow[] = [];
        let cursor = await tx.objectStore('carried').index('unsent').openCursor();
        while (cursor && rows.length < limit) {
          if (rows[0] && rows[0].log !== cursor.value.log) break;
          if (!skip.has(cursor.value.hash)) rows.push(cursor.value);
          cursor = await cursor.continue();
        }
        return rows;
      });
    },

    async settleCarried(outcomes) {
      await db.run(['carried'], 'readwrite', async (tx) => {
        for (const { hash, outcome } of outcomes) {
          const row = await tx.objectStore('carried').get(hash);
          if (!row || !(STORED as readonly string[]).includes(outcome)) continue;
          const { unsent: _, ...rest } = row;
          await tx.objectStore('carried').put(rest);
        }
      });
      announce({ carried: true });
    },

    async nextCarriedPhoto(skip) {
      return db.runIfThere(['carriedPhotos'], 'readonly', null, async (tx) => {
        let cursor = await tx.objectStore('carriedPhotos').index('unsent').openCursor();
        while (cursor && skip.has(cursor.value.sha256)) cursor = await cursor.continue();
        return cursor?.value ?? null;
      });
    },

    async carriedBytes(sha256) {
      const pieces = await db.run(['carriedChunks'], 'readonly', (tx) =>
        tx.objectStore('carriedChunks').getAll(piecesOf(sha256)),
      );
      return pieces.length === 0 ? null : joined(pieces.map((piece) => piece.bytes));
    },

    async carriedPhotoDone(sha256) {
      await db.run(['carriedPhotos', 'carriedChunks'], 'readwrite', async (tx) => {
        const photo = await tx.objectStore('carriedPhotos').get(sha256);
        if (!photo) return;
        const { unsent: _, ...rest } = photo;
        await tx.objectStore('carriedPhotos').put(rest);
        await tx.objectStore('carriedChunks').delete(piecesOf(sha256));
      });
      announce({ carried: true });
    },

    async carrying() {
      return db.runIfThere(['carriedLogs', 'carried', 'carriedPhotos'], 'readonly', [], async (tx) => {
        const found: Carrying[] = [];
        for (const { log, device } of await tx.objectStore('carriedLogs').getAll()) {
          const left = await leftOf(tx, log);
          if (left.records + left.photos > 0) found.push({ log, device, ...left });
        }
        return found;
      });
    },

    async dropCarried() {
      const dropped = await db.runIfThere(ALL, 'readwrite', 0, async (tx) => {
        let count = 0;
        for (const log of await tx.objectStore('carriedLogs').getAllKeys()) {
          const { records, photos } = await leftOf(tx, log);
          if (records + photos > 0) continue;
          await dropLog(tx, log);
          count += 1;
        }
        return count;
      });
      if (dropped > 0) announce({ carried: true });
    },
  };
}

const piecesOf = (sha256: string): IDBKeyRange => IDBKeyRange.bound([sha256, 0], [sha256, Infinity]);

/** What an earlier file said of the log stays where this one says less. */
async function keepLog(tx: Transaction, log: CarriedLog): Promise<void> {
  const known = await tx.objectStore('carriedLogs').get(log.log);
  if (!known || known.publicKey === '') await tx.objectStore('carriedLogs').put({ ...log, device: log.device ?? known?.device ?? null });
}

async function leftOf(tx: Transaction, log: string): Promise<{ records: number; photos: number }> {
  const records = await tx.objectStore('carried').index('unsent').count(IDBKeyRange.bound([log, 0], [log, Infinity]));
  let photos = 0;
  let cursor = await tx.objectStore('carriedPhotos').index('log').openCursor(log);
  while (cursor) {
    if (cursor.value.unsent !== undefined) photos += 1;
    cursor = await cursor.continue();
  }
  return { records, photos };
}

async function dropLog(tx: Transaction, log: string): Promise<void> {
  for (const key of await tx.objectStore('carried').index('log').getAllKeys(log)) await tx.objectStore('carried').delete(key);
  for (const sha256 of await tx.objectStore('carriedPhotos').index('log').getAllKeys(log)) {
    await tx.objectStore('carriedPhotos').delete(sha256);
    await tx.objectStore('carriedChunks').delete(piecesOf(sha256));
  }
  await tx.objectStore('carriedLogs').delete(log);
}

