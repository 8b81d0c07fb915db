/** Photos on the phone: whole pieces of 256 KiB, kept before the record that names them. */
import type { Bytes, Store } from '../protocol/ports';
import type { Change } from '../protocol/store';
import type { Connection } from './connection';
import { withRoomForPhoto, type Time } from './room';

const CHUNK_BYTES = 262_144;

type PhotoPart = Pick<
  Store,
  'keepPhoto' | 'photo' | 'photoRow' | 'photoRows' | 'nextPhoto' | 'photoSent' | 'doubtPhotos' | 'photoLost' | 'sweepPhotos'
>;

export function photoPart(db: Connection, time: Time, announce: (change: Change) => void): PhotoPart {
  return {
    async keepPhoto(photo, bytes) {
      const write = (): Promise<void> =>
        db.run(['photos', 'chunks'], 'readwrite', async (tx) => {
          const known = await tx.objectStore('photos').get(photo.sha256);
          for (let at = 0, i = 0; at < bytes.length; at += CHUNK_BYTES, i += 1) {
            const piece = bytes.slice(at, at + CHUNK_BYTES).buffer;
            await tx.objectStore('chunks').put({ sha256: photo.sha256, i, bytes: piece });
          }
          await tx.objectStore('photos').put(known ?? { ...photo, log: null, state: 'saved' });
        });
      await withRoomForPhoto(db, time, bytes.length, write);
      announce({ photos: true });
    },

    async photo(sha256) {
      const pieces = await db.run(['chunks'], 'readonly', (tx) =>
        tx.objectStore('chunks').getAll(IDBKeyRange.bound([sha256, 0], [sha256, Infinity])),
      );
      return pieces.length === 0 ? null : joined(pieces.map((piece) => piece.bytes));
    },

    async photoRow(sha256) {
      return (await db.run(['photos'], 'readonly', (tx) => tx.objectStore('photos').get(sha256))) ?? null;
    },

    async photoRows() {
      return db.run(['photos'], 'readonly', (tx) => tx.objectStore('photos').getAll());
    },

    async nextPhoto(skip) {
      return db.run(['photos'], 'readonly', async (tx) => {
        let cursor = await tx.objectStore('photos').index('unsent').openCursor();
        while (cursor && skip.has(cursor.value.sha256)) cursor = await cursor.continue();
        return cursor?.value ?? null;
      });
    },

    async photoSent(sha256) {
      await db.run(['photos'], 'readwrite', async (tx) => {
        const photo = await tx.objectStore('photos').get(sha256);
        if (!photo) return;
        const { unsent, ...rest } = photo;
        await tx.objectStore('photos').put({ ...rest, state: 'sent', sent: unsent ?? 0 });
      });
      announce({ photos: true });
    },

    async doubtPhotos(keptAfter) {
      const doubted = await db.run(['photos', 'chunks'], 'readwrite', async (tx) => {
        let count = 0;
        for (const photo of await tx.objectStore('photos').index('sent').getAll()) {
          const isHere = (await tx.objectStore('chunks').getKey([photo.sha256, 0])) !== undefined;
          if (!isHere || photo.keptAt < keptAfter) continue;
          const { sent, ...rest } = photo;
          await tx.objectStore('photos').put({ ...rest, state: 'saved', ...(sent === undefined ? {} : { unsent: sent }) });
          count += 1;
        }
        return count;
      });
      if (doubted > 0) announce({ photos: true });
      return doubted;
    },

    async photoLost(sha256) {
      await db.run(['photos', 'chunks'], 'readwrite', async (tx) => {
        const photo = await tx.objectStore('photos').get(sha256);
        if (!photo) return;
        const { unsent: _, ...rest } = photo;
        await tx.objectStore('photos').put({ ...rest, state: 'lost' });
      });
      announce({ photos: true });
    },

    async sweepPhotos(keptBefore, keptAfter) {
      await db.run(['photos', 'chunks'], 'readwrite', async (tx) => {
        let cursor = await tx.objectStore('photos').openCursor();
        while (cursor) {
          const { sha256, log, keptAt } = cursor.value;
          if (log === null && (keptAt < keptBefore || keptAt > keptAfter)) {
            await tx.objectStore('chunks').delete(IDBKeyRange.bound([sha256, 0], [sha256, Infinity]));
            await cursor.delete();
          }
          cursor = await cursor.continue();
        }
      });
    },
  };
}

/** Pieces as one. */
export function joined(pieces: ArrayBuffer[]): Bytes {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return bytes;
}
