/** What came down: rows, and the bookmark that changes with them in one transaction. */
import type { FeedRow } from '../protocol/messages';
import type { Store } from '../protocol/ports';
import type { Change, EntityRow, PullState } from '../protocol/store';
import type { Connection } from './connection';
import type { Transaction } from './schema';

type FeedPart = Pick<Store, 'pullState' | 'applyPage' | 'resetPull' | 'rows'>;

const NEVER: PullState = { cursor: null, generation: 1, scopes: [], shown: [], coming: null, resume: null };

export function feedPart(db: Connection, announce: (change: Change) => void): FeedPart {
  return {
    async pullState() {
      return db.run(['meta'], 'readonly', bookmark);
    },

    async applyPage(expected, rows, next) {
      const applied = await db.run(['rows', 'meta'], 'readwrite', async (tx) => {
        if (!same(await bookmark(tx), expected)) return false;
        for (const row of rows) await apply(tx, row, expected.generation);
        const whole = next.scopes.filter((scope) => !expected.scopes.includes(scope));
        if (whole.length > 0) await sweep(tx, next.generation, whole);
        const wanted = concerned(next);
        if (concerned(expected).some((scope) => !wanted.includes(scope))) await dropOthers(tx, wanted);
        await tx.objectStore('meta').put({ key: 'pull', value: next });
        return true;
      });
      if (applied && (rows.length > 0 || next.shown.join() !== expected.shown.join())) announce({ rows: true });
      return applied;
    },

    async resetPull(expected) {
      return db.run(['meta'], 'readwrite', async (tx) => {
        if (!same(await bookmark(tx), expected)) return false;
        const value: PullState = { ...NEVER, generation: expected.generation + 1, shown: expected.shown };
        await tx.objectStore('meta').put({ key: 'pull', value });
        return true;
      });
    },

    async rows() {
      return db.run(['rows', 'meta'], 'readonly', async (tx) => {
        const { shown } = await bookmark(tx);
        const all = await tx.objectStore('rows').getAll();
        return all.filter((row) => shown.includes(row.scope));
      });
    },
  };
}

async function bookmark(tx: Transaction): Promise<PullState> {
  const value = (await tx.objectStore('meta').get('pull'))?.value as PullState | undefined;
  if (!value) return NEVER;
  // a bookmark from before sites came whole says of no site that it is
  return value.scopes ? value : { ...NEVER, generation: value.generation + 1 };
}

function same(a: PullState, b: PullState): boolean {
  return (
    a.cursor === b.cursor && a.generation === b.generation && a.coming === b.coming && a.resume === b.resume &&
    a.scopes.join() === b.scopes.join()
  ); // prettier-ignore
}

/** The sites of which anything may be on the phone. */
function concerned({ scopes, shown, coming }: PullState): string[] {
  return [...scopes, ...shown, ...(coming === null ? [] : [coming])];
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

/** Drop the rows of these sites that an older generation left. */
async function sweep(tx: Transaction, generation: number, scopes: readonly string[]): Promise<void> {
  let cursor = await tx.objectStore('rows').index('generation').openCursor(IDBKeyRange.upperBound(generation, true));
  while (cursor) {
    if (scopes.includes(cursor.value.scope)) await cursor.delete();
    cursor = await cursor.continue();
  }
}

async function dropOthers(tx: Transaction, scopes: readonly string[]): Promise<void> {
  let cursor = await tx.objectStore('rows').openCursor();
  while (cursor) {
    if (!scopes.includes(cursor.value.scope)) await cursor.delete();
    cursor = await cursor.continue();
  }
}
