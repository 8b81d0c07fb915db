/** Room on the phone: what may go when there is none. Nothing that only the phone has is ever among it. */
import type { Connection } from './connection';
import type { Bytes } from '../protocol/ports';

/** The reserve for records that is given up first, bytes. */
export const BALLAST_BYTES = 5_242_880;

/** Keep the reserve; without room for it nothing happens. `fill` are random bytes, which no disk can shrink. */
export async function keepBallast(db: Connection, fill: Bytes): Promise<void> {
  await db.run(['meta'], 'readwrite', async (tx) => {
    if ((await tx.objectStore('meta').getKey('ballast')) !== undefined) return;
    await tx.objectStore('meta').put({ key: 'ballast', value: fill.buffer });
  });
}

/** Give the reserve up. */
export async function freeBallast(db: Connection): Promise<void> {
  await db.run(['meta'], 'readwrite', (tx) => tx.objectStore('meta').delete('ballast'));
}

/** Drop the oldest photos that the server has, until `bytes` are free. Returns how many bytes went. */
export async function freeSentPhotos(db: Connection, bytes: number): Promise<number> {
  return db.run(['photos', 'chunks'], 'readwrite', async (tx) => {
    let freed = 0;
    let cursor = await tx.objectStore('photos').index('sent').openCursor();
    while (cursor && freed < bytes) {
      const { sent: _, ...rest } = cursor.value;
      const { sha256, size } = rest;
      await tx.objectStore('chunks').delete(IDBKeyRange.bound([sha256, 0], [sha256, Infinity]));
      await tx.objectStore('photos').put(rest);
      freed += size;
      cursor = await tx.objectStore('photos').index('sent').openCursor();
    }
    return freed;
  });
}
