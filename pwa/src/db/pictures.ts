/** Maps of the site as pictures: few, small, and dropped first, for they come down again. */
import type { Store } from '../protocol/ports';
import { StoreError, type Change } from '../protocol/store';
import type { Connection } from './connection';

type PicturePart = Pick<Store, 'pictures' | 'picture' | 'keepPicture' | 'dropPictures'>;

export function picturePart(db: Connection, announce: (change: Change) => void): PicturePart {
  return {
    async pictures() {
      return db.runIfThere(['pictures'], 'readonly', [], async (tx) => {
        const rows = await tx.objectStore('pictures').getAll();
        return rows.map(({ sha256, size }) => ({ sha256, size }));
      });
    },

    async picture(sha256) {
      const row = await db.runIfThere(['pictures'], 'readonly', undefined, (tx) => tx.objectStore('pictures').get(sha256));
      return row ? new Uint8Array(row.bytes) : null;
    },

    async keepPicture(sha256, bytes) {
      try {
        const row = { sha256, size: bytes.length, bytes: bytes.slice().buffer };
        const kept = await db.runIfThere(['pictures'], 'readwrite', false, async (tx) => {
          await tx.objectStore('pictures').put(row);
          return true;
        });
        if (kept) announce({ pictures: true });
        return kept;
      } catch (error) {
        if (error instanceof StoreError && error.kind === 'full') return false;
        throw error;
      }
    },

    async dropPictures(wanted) {
      const dropped = await db.runIfThere(['pictures'], 'readwrite', 0, async (tx) => {
        let count = 0;
        for (const sha256 of await tx.objectStore('pictures').getAllKeys()) {
          if (wanted.has(sha256)) continue;
          await tx.objectStore('pictures').delete(sha256);
          count += 1;
        }
        return count;
      });
      if (dropped > 0) announce({ pictures: true });
    },
  };
}

/** Drop every picture to make room. Returns how many went. */
export async function freePictures(db: Connection): Promise<number> {
  return db.runIfThere(['pictures'], 'readwrite', 0, async (tx) => {
    const count = await tx.objectStore('pictures').count();
    await tx.objectStore('pictures').clear();
    return count;
  });
}
