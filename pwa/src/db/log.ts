/** The log on the phone: records sealed one after the other, and what the server said of them. */
import type { Store } from '../protocol/ports';
import { STORED, type RecordOutcome, type Stored } from '../protocol/messages';
import { parseOwn } from '../protocol/records';
import type { Change, Effects, Head, Meta, ReceiptRow, RecordRow } from '../protocol/store';
import type { Connection } from './connection';
import { putKey } from './keys';
import { withRoom, type Time } from './room';
import type { StoreName, Transaction } from './schema';
import { isSound, setAside, soundHead } from './sound';

type LogPart = Pick<
  Store,
  | 'head' | 'append' | 'rotate' | 'unsent' | 'settle' | 'failedAlone' | 'resend' | 'addMarks' | 'storedIn' | 'kept' | 'hashAt'
  | 'counts' | 'records' | 'record' | 'receipt'
>; // prettier-ignore

const APPEND: StoreName[] = ['head', 'log', 'keys', 'meta', 'photos', 'drafts', 'verifiers'];
const ALL_SEQ = Number.MAX_SAFE_INTEGER;

export function logPart(db: Connection, time: Time, announce: (change: Change) => void): LogPart {
  return {
    async head() {
      return db.run(['head', 'log'], 'readonly', soundHead);
    },

    async append(expected, row, effects) {
      const sealed = await withRoom(db, time, () =>
        db.run(APPEND, 'readwrite', async (tx) => {
          if (await alreadyIn(tx, row)) return true;
          if (!(await headIs(tx, expected))) return false;
          await place(tx, row);
          await applyEffects(tx, row, effects);
          return true;
        }),
      );
      if (sealed) announce(changeOf(row, effects));
      return sealed;
    },

    async rotate(expected, key, first) {
      const begun = await withRoom(db, time, () =>
        db.run(APPEND, 'readwrite', async (tx) => {
          if (await alreadyIn(tx, first)) return true;
          if (!(await headIs(tx, expected))) return false;
          await putKey(tx, key);
          await place(tx, first);
          return true;
        }),
      );
      if (begun) announce({ records: [first.hash] });
      return begun;
    },

    async unsent(limit, skip) {
      const broken: string[] = [];
      const rows = await db.run(['log'], 'readonly', async (tx) => {
        const found: RecordRow[] = [];
        broken.length = 0;
        let cursor = await tx.objectStore('log').index('unsent').openCursor();
        while (cursor && found.length < limit) {
          if (!isSound(cursor.value)) broken.push(cursor.primaryKey);
          else if (!skip.has(cursor.value.hash)) found.push(cursor.value);
          cursor = await cursor.continue();
        }
        return found;
      });
      if (broken.length > 0) {
        await setAside(db, broken, 'form');
        announce({ records: broken });
      }
      return rows;
    },

    async settle(outcomes, receipt) {
      await db.run(['log', 'receipts'], 'readwrite', async (tx) => {
        if (receipt && !(await tx.objectStore('receipts').get(receipt.key))) {
          await tx.objectStore('receipts').put(receipt);
        }
        for (const outcome of outcomes) {
          const row = await tx.objectStore('log').get(outcome.hash);
          if (row && isStored(outcome)) await tx.objectStore('log').put(settled(row, outcome, receipt));
        }
      });
      announce({ records: outcomes.map((outcome) => outcome.hash) });
    },

    async failedAlone(hash) {
      return db.run(['log'], 'readwrite', async (tx) => {
        const row = await tx.objectStore('log').get(hash);
        if (!row) return 0;
        await tx.objectStore('log').put({ ...row, failed: row.failed + 1 });
        return row.failed + 1;
      });
    },

    async resend(hashes) {
      const again = await db.run(['log', 'photos', 'chunks'], 'readwrite', async (tx) => {
        let count = 0;
        for (const hash of hashes) {
          const row = await tx.objectStore('log').get(hash);
          if (!row || row.unsent !== undefined) continue;
          await tx.objectStore('log').put({ ...row, unsent: row.n, outcome: null, code: null, failed: 0 });
          await photosAgain(tx, row);
          count += 1;
        }
        return count;
      });
      if (again > 0) announce({ records: [...hashes], photos: true });
      return again;
    },

    async addMarks(marks) {
      const hashes = Object.keys(marks);
      if (hashes.length === 0) return;
      await db.run(['log'], 'readwrite', async (tx) => {
        for (const hash of hashes) {
          const row = await tx.objectStore('log').get(hash);
          if (row && row.unsent === undefined) await tx.objectStore('log').put({ ...row, marks: [...new Set([...row.marks, ...marks[hash]!])] });
        }
      });
      announce({ records: hashes });
    },

    async storedIn(log, ranges) {
      return db.run(['log'], 'readonly', async (tx) => {
        const found: string[] = [];
        for (const [from, to] of ranges) {
          const range = IDBKeyRange.bound([log, from], [log, to]);
          for (const row of await tx.objectStore('log').index('place').getAll(range)) {
            if (row.unsent === undefined) found.push(row.hash);
          }
        }
        return found;
      });
    },

    async kept() {
      return db.run(['log'], 'readonly', async (tx) => {
        return tx.objectStore('log').index('n').getAllKeys();
      });
    },

    async hashAt(log, seq) {
      return (await db.run(['log'], 'readonly', (tx) => tx.objectStore('log').index('place').getKey([log, seq]))) ?? null;
    },

    async counts() {
      return db.run(['log', 'photos', 'head', 'receipts', 'damaged'], 'readonly', async (tx) => {
        const log = tx.objectStore('log');
        const oldest = (await log.index('unsent').openCursor())?.value;
        const head = await soundHead(tx);
        const quarantined = await log.index('outcome').count('quarantined');
        return {
          unsent: await log.index('unsent').count(),
          photosUnsent: await tx.objectStore('photos').index('unsent').count(),
          oldestWall: oldest && isSound(oldest) ? parseOwn(oldest.body).t.wall : null,
          refused: quarantined + (await log.index('outcome').count('forked')),
          receivedUpTo: head ? await receivedUpTo(tx, head.log, oldest) : null,
          damaged: await tx.objectStore('damaged').count(),
        };
      });
    },

    async records(limit) {
      return db.run(['log'], 'readonly', async (tx) => {
        const rows: RecordRow[] = [];
        let cursor = await tx.objectStore('log').index('n').openCursor(null, 'prev');
        while (cursor && rows.length < limit) {
          if (isSound(cursor.value)) rows.push(cursor.value);
          cursor = await cursor.continue();
        }
        return rows;
      });
    },

    async record(hash) {
      const row = await db.run(['log'], 'readonly', (tx) => tx.objectStore('log').get(hash));
      return row && isSound(row) ? row : null;
    },

    async receipt(key) {
      return (await db.run(['receipts'], 'readonly', (tx) => tx.objectStore('receipts').get(key))) ?? null;
    },
  };
}

/** The same step seen again, after a connection was lost just when it had been written. */
async function alreadyIn(tx: Transaction, row: RecordRow): Promise<boolean> {
  return (await tx.objectStore('log').getKey(row.hash)) !== undefined;
}

async function headIs(tx: Transaction, expected: Head): Promise<boolean> {
  const head = await soundHead(tx);
  return head?.log === expected.log && head.seq === expected.seq && head.hash === expected.hash && head.n === expected.n;
}

async function place(tx: Transaction, row: RecordRow): Promise<void> {
  await tx.objectStore('log').add(row);
  await tx.objectStore('head').put({ id: 'head', log: row.log, seq: row.seq, hash: row.hash, n: row.n });
}

async function applyEffects(tx: Transaction, row: RecordRow, effects: Effects): Promise<void> {
  const meta = tx.objectStore('meta');
  if (effects.session === null) await meta.delete('session');
  else if (effects.session) await meta.put({ key: 'session', value: effects.session });
  if (effects.consent) {
    const known = (await meta.get('consents'))?.value as Meta['consents'] | undefined;
    await meta.put({ key: 'consents', value: { ...known, [effects.consent.person]: effects.consent.given } });
  }
  if (effects.verifier) await tx.objectStore('verifiers').put(effects.verifier);
  for (const key of effects.drafts ?? []) await tx.objectStore('drafts').delete(key);
  for (const [i, sha256] of (effects.photos ?? []).entries()) {
    const photo = await tx.objectStore('photos').get(sha256);
    // one that is named already is on its way or there
    if (photo?.log === null) await tx.objectStore('photos').put({ ...photo, log: row.log, unsent: photoOrder(row, i) });
  }
}

/** Photos go in the order of their records; a record names at most 32. */
function photoOrder(row: RecordRow, i: number): number {
  return row.n * 32 + i;
}

function changeOf(row: RecordRow, effects: Effects): Change {
  return {
    records: [row.hash],
    saved: true,
    ...(effects.photos?.length ? { photos: true as const } : {}),
    meta: [...('session' in effects ? ['session' as const] : []), ...(effects.consent ? ['consents' as const] : [])],
  };
}

function isStored(outcome: RecordOutcome): outcome is RecordOutcome & { outcome: Stored } {
  return (STORED as readonly string[]).includes(outcome.outcome);
}

function settled(row: RecordRow, outcome: RecordOutcome & { outcome: Stored }, receipt: ReceiptRow | null): RecordRow {
  const { unsent: _, ...rest } = row;
  const covered = receipt?.log === row.log && receipt.from <= row.seq && row.seq <= receipt.to;
  return {
    ...rest,
    // a repeat says nothing new about what became of it
    outcome: outcome.outcome === 'duplicate' && row.outcome !== null ? row.outcome : outcome.outcome,
    code: outcome.code ?? (outcome.outcome === 'duplicate' ? row.code : null),
    marks: outcome.marks ?? row.marks,
    receipt: row.receipt ?? (covered ? receipt.key : null),
    failed: 0,
  };
}

/** The server lost a record, so it may have lost its photos: those that are still here are sent again. */
async function photosAgain(tx: Transaction, row: RecordRow): Promise<void> {
  if (!isSound(row)) return;
  for (const [i, blob] of (parseOwn(row.body).blobs ?? []).entries()) {
    const photo = await tx.objectStore('photos').get(blob.sha256);
    const isHere = (await tx.objectStore('chunks').getKey([blob.sha256, 0])) !== undefined;
    if (photo?.state !== 'sent' || !isHere) continue;
    const { sent: _, ...rest } = photo;
    await tx.objectStore('photos').put({ ...rest, state: 'saved', unsent: photoOrder(row, i) });
  }
}

async function receivedUpTo(tx: Transaction, log: string, oldest: RecordRow | undefined): Promise<number | null> {
  const range = IDBKeyRange.bound([log, 0], [log, ALL_SEQ]);
  const last = await tx.objectStore('receipts').index('to').openCursor(range, 'prev');
  if (!last) return null;
  return oldest?.log === log ? Math.min(last.value.to, oldest.seq - 1) : last.value.to;
}
