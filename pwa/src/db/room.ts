/**
 * Room on the phone: what may go when there is none. Nothing that only the phone has is ever among it.
 *
 * For a photo: plans of the site and rows that can come down again and are not of these days, then photos that the server has, the oldest
 * first. For a record: the reserve first, once; then the same.
 */
import type { Bytes } from '../protocol/ports';
import { StoreError } from '../protocol/store';
import type { Connection } from './connection';
import { freePictures } from './pictures';

/** The reserve for records that is given up first, bytes. */
export const BALLAST_BYTES = 5_242_880;
/** What is freed for a record beside the reserve, bytes. */
const FOR_A_RECORD = 1_048_576;
/** How long a browser may take to count what was dropped, ms. */
const NOTICE_MS = 7_000;
const DAY_MS = 86_400_000;
/** Rounds from so long ago and so far ahead are no work of today, ms. */
const BEHIND_MS = DAY_MS;
const AHEAD_MS = 2 * DAY_MS;

/** Keep the reserve; false when there is no room for it. `fill` makes random bytes, which no disk can shrink. */
export async function keepBallast(db: Connection, fill: () => Bytes): Promise<boolean> {
  const isThere = await db.run(['meta'], 'readonly', (tx) => tx.objectStore('meta').getKey('ballast'));
  if (isThere !== undefined) return true;
  try {
    await db.run(['meta'], 'readwrite', (tx) => tx.objectStore('meta').put({ key: 'ballast', value: fill().buffer }));
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'full') return false;
    throw error;
  }
}

/** Give the reserve up; false when there was none. */
export async function freeBallast(db: Connection): Promise<boolean> {
  return db.run(['meta'], 'readwrite', async (tx) => {
    const isThere = (await tx.objectStore('meta').getKey('ballast')) !== undefined;
    await tx.objectStore('meta').delete('ballast');
    return isThere;
  });
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

/**
 * Drop rounds that are not of these days. They come down again: `thinned` asks for a pull from the start once there is
 * room. Returns how many rows went.
 */
export async function freeReference(db: Connection, now: number): Promise<number> {
  return db.run(['rows', 'meta'], 'readwrite', async (tx) => {
    let freed = 0;
    let cursor = await tx.objectStore('rows').openCursor(IDBKeyRange.bound(['occurrence', ''], ['occurrence', '\uffff']));
    while (cursor) {
      const { from_ms, to_ms } = (cursor.value.body ?? {}) as { from_ms?: unknown; to_ms?: unknown };
      const isOver = typeof to_ms === 'number' && to_ms < now - BEHIND_MS;
      const isFar = typeof from_ms === 'number' && from_ms > now + AHEAD_MS;
      if (isOver || isFar) {
        await cursor.delete();
        freed += 1;
      }
      cursor = await cursor.continue();
    }
    if (freed > 0) await tx.objectStore('meta').put({ key: 'thinned', value: true });
    return freed;
  });
}

/** The clocks that freeing needs: the best time, and waiting. */
export type Time = { now: () => Promise<number>; pause: (ms: number) => Promise<void> };

/** A record must be kept: when there is no room the reserve goes first, then what may. */
export async function withRoom<T>(db: Connection, { now, pause }: Time, write: () => Promise<T>): Promise<T> {
  let hadBallast = false;
  return tryWith(
    [
      async () => (hadBallast = await freeBallast(db)),
      // a browser takes a while to notice that a large row is gone
      async () => hadBallast && pause(NOTICE_MS).then(() => true),
      () => freePictures(db),
      async () => freeReference(db, await now()),
      () => freeSentPhotos(db, FOR_A_RECORD),
    ],
    write,
  );
}

/** A photo goes in when what may go makes room for it. */
export async function withRoomForPhoto<T>(
  db: Connection,
  { now }: Time,
  bytes: number,
  write: () => Promise<T>,
): Promise<T> {
  // twice its size, for a database needs room to move in
  return tryWith([() => freePictures(db), async () => freeReference(db, await now()), () => freeSentPhotos(db, 2 * bytes)], write);
}

/** Write, and where there is no room free one thing after the other, trying again after each that gave way. */
async function tryWith<T>(free: (() => Promise<number | boolean>)[], write: () => Promise<T>): Promise<T> {
  const left = [...free];
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'full') throw error;
      if (!(await freeNext(left))) throw error;
    }
  }
}

/** Free the next thing that gives way; false when nothing is left. */
async function freeNext(left: (() => Promise<number | boolean>)[]): Promise<boolean> {
  for (let one = left.shift(); one; one = left.shift()) {
    // a disk that is quite full may not even take the note that something went
    if (await one().catch(() => false)) return true;
  }
  return false;
}
