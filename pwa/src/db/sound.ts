/** Rows that can no longer be what was sealed: they are kept apart, are shown, and stop nobody. */
import type { Store } from '../protocol/ports';
import { parseOwn } from '../protocol/records';
import type { Change, DamagedRecord, Head, RecordRow } from '../protocol/store';
import type { Connection } from './connection';
import type { DamagedRow, Transaction } from './schema';

type SoundPart = Pick<Store, 'setAside' | 'inspect' | 'damaged'>;

export function soundPart(db: Connection, announce: (change: Change) => void): SoundPart {
  return {
    async setAside(hash, why) {
      await setAside(db, [hash], why);
      announce({ records: [hash] });
    },

    async inspect() {
      const broken: string[] = [];
      await db.run(['log'], 'readonly', async (tx) => {
        broken.length = 0;
        let cursor = await tx.objectStore('log').openCursor();
        while (cursor) {
          if (!isSound(cursor.value)) broken.push(cursor.primaryKey);
          cursor = await cursor.continue();
        }
      });
      if (broken.length > 0) {
        await setAside(db, broken, 'form');
        announce({ records: broken });
      }
      return broken.length;
    },

    async damaged() {
      const rows = await db.run(['damaged'], 'readonly', (tx) => tx.objectStore('damaged').getAll());
      return rows.map(summary).sort((a, b) => b.id - a.id);
    },
  };
}

/** Whether a row can be sent at all. Whether its bytes are still what was sealed is checked with the hash. */
export function isSound(row: Partial<RecordRow> | undefined): row is RecordRow {
  return (
    typeof row?.hash === 'string' &&
    typeof row.body === 'string' &&
    typeof row.sig === 'string' &&
    typeof row.log === 'string' &&
    Number.isInteger(row.seq) &&
    Number.isInteger(row.n) &&
    typeof row.private === 'object' &&
    looksSealed(row.body)
  );
}

function looksSealed(body: string): boolean {
  try {
    const { t, p, type } = parseOwn(body);
    return Number.isInteger(t.wall) && typeof p === 'object' && typeof type === 'string';
  } catch {
    return false;
  }
}

/** Keep records apart, each as it was found. */
export async function setAside(db: Connection, hashes: readonly string[], why: string): Promise<void> {
  await db.run(['log', 'damaged'], 'readwrite', async (tx) => {
    for (const hash of hashes) {
      const row = await tx.objectStore('log').get(hash);
      if (!row) continue;
      await tx.objectStore('damaged').add({ store: 'log', key: hash, why, row });
      await tx.objectStore('log').delete(hash);
    }
  });
}

/** The head as kept; one that is damaged or gone is found again at the last record that is sound. */
export async function soundHead(tx: Transaction): Promise<Head | null> {
  const kept = await tx.objectStore('head').get('head');
  if (kept && isHead(kept)) return { log: kept.log, seq: kept.seq, hash: kept.hash, n: kept.n };
  let cursor = await tx.objectStore('log').index('n').openCursor(null, 'prev');
  while (cursor && !isSound(cursor.value)) cursor = await cursor.continue();
  if (!cursor) return null;
  const { log, seq, hash, n } = cursor.value;
  return { log, seq, hash, n };
}

export function isHead(row: Partial<Head>): row is Head {
  return (
    typeof row.log === 'string' && typeof row.hash === 'string' && Number.isInteger(row.seq) && Number.isInteger(row.n)
  );
}

/** What can still be read of a damaged record. */
function summary({ id, why, row }: DamagedRow): DamagedRecord {
  const { seq, body } = (row ?? {}) as { seq?: unknown; body?: unknown };
  let actor: unknown = null;
  try {
    actor = typeof body === 'string' ? (JSON.parse(body) as { actor?: unknown } | null)?.actor : null;
  } catch {
    // garbage names nobody
  }
  return {
    id: id ?? 0,
    why,
    seq: Number.isInteger(seq) ? (seq as number) : null,
    actor: typeof actor === 'string' ? actor : null,
  };
}
