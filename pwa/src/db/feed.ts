/** What came down: rows, and the bookmark that changes with them in one transaction. */
import type { FeedRow } from '../protocol/messages';
import type { Store } from '../protocol/ports';
import type { Change, EntityRow, PullState } from '../protocol/store';
import type { Connection } from './connection';
import type { Transaction } from './schema';

type FeedPart = Pick<Store, 'pullState' | 'applyPage' | 'resetPull' | 'rows'>;

const NEVER: PullState = { cursor: null, generation: 1, fresh: true };

export function feedPart(db: Connection, announce: (change: Change) => void): FeedPart {
  return {
    async pullState() {
      return db.run(['meta'], 'readonly', bookmark);
    },

    async applyPage(expected, rows, cursor, more) {
      const applied = await db.run(['rows', 'meta'], 'readwrite', async (tx) => {
        if (!same(await bookmark(tx), expected)) return false;
        for (const row of rows) await apply(tx, row, expected.generation);
        const isSwept = expected.fresh && !more;
        if (isSwept) await sweep(tx, expected.generation);
        const value: PullState = { ...expected, cursor, fresh: expected.fresh && !isSwept };
        await tx.objectStore('meta').put({ key: 'pull', value });
        return true;
      });
      if (applied && (rows.length > 0 || expected.fresh)) announce({ rows: true });
      return applied;
    },

    async resetPull(expected) {
      return db.run(['meta'], 'readwrite', async (tx) => {
        if (!same(await bookmark(tx), expected)) return false;
        const value: PullState = { cursor: null, generation: expected.generation + 1, fresh: true };
        await tx.objectStore('meta').put({ key: 'pull', value });
        return true;
      });
    },

    async rows() {
      return db.run(['rows'], 'readonly', (tx) => tx.objectStore('rows').getAll());
    },
  };
}

async function bookmark(tx: Transaction): Promise<PullState> {
  return ((await tx.objectStore('meta').get('pull'))?.value as PullState | undefined) ?? NEVER;
}

function same(a: PullState, b: PullState): boolean {
  return a.cursor === b.cursor && a.generation === b.generation && a.fresh === b.fresh;
}

/** A row only if its version is newer; in a new generation whatever it says, for the server may have been set back. */
async function apply(tx: Transaction, row: FeedRow, generation: number): Promise<void> {
  const store = tx.objectStore('rows');
  const known = await store.get([row.kind, row.id]);
  if (known && known.generation === generation && !isNewer(row, known)) return;
  const body = row.op === 'upsert' ? row.body : null;
  await store.put({ kind: row.kind, id: row.id, scope: row.scope, version: row.version, body, generation });
}

/** What moved to another site leaves the one and comes to the other: in whichever order, it stays. */
function isNewer(row: FeedRow, known: EntityRow): boolean {
  if (row.scope === known.scope) return row.version > known.version;
  if (row.op === 'leave') return false;
  return row.version > known.version || known.body === null;
}

async function sweep(tx: Transaction, generation: number): Promise<void> {
  let cursor = await tx.objectStore('rows').index('generation').openCursor(IDBKeyRange.upperBound(generation, true));
  while (cursor) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
}
