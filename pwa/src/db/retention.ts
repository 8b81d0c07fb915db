/** What a phone no longer needs to keep: what the server has, and has had for long. */
import type { Store } from '../protocol/ports';
import { parseOwn } from '../protocol/records';
import type { Change, RecordRow } from '../protocol/store';
import type { Connection } from './connection';
import type { Transaction } from './schema';
import { isSound } from './sound';

const ALL_SEQ = Number.MAX_SAFE_INTEGER;

export function retentionPart(db: Connection, announce: (change: Change) => void): Pick<Store, 'retire' | 'oldest' | 'forgetErased'> {
  return {
    async retire(archived, archivedBefore, before) {
      const gone = await db.run(['log', 'head', 'photos', 'chunks', 'receipts'], 'readwrite', async (tx) => {
        const all: string[] = [];
        for (const log of await logsOf(tx)) {
          all.push(...(await retireLog(tx, log, archived[log] ?? 0, archivedBefore, before)));
        }
        return all;
      });
      if (gone.length > 0) announce({ records: gone, photos: true });
      return gone.length;
    },

    async forgetErased() {
      const emptied = await db.run(['rows', 'log', 'photos', 'chunks'], 'readwrite', async (tx) => {
        const people = await erasedPeople(tx);
        const found: string[] = [];
        let cursor = people.size === 0 ? null : await tx.objectStore('log').openCursor();
        while (cursor) {
          const row = cursor.value;
          const isTheirs = row.unsent === undefined && isSound(row) && people.has(parseOwn(row.body).actor ?? '');
          if (isTheirs && (await dropOf(tx, row))) {
            await cursor.update({ ...row, private: {} });
            found.push(row.hash);
          }
          cursor = await cursor.continue();
        }
        return found;
      });
      if (emptied.length > 0) announce({ records: emptied, photos: true });
      return emptied.length;
    },

    async oldest(log) {
      return db.run(['log'], 'readonly', async (tx) => {
        const places = tx.objectStore('log').index('place');
        const first = await places.openKeyCursor(range(log, 1));
        if (!first) return 1;
        // the opening of a log outlives what follows it
        const second = first.key[1] === 1 ? await places.openKeyCursor(range(log, 2)) : null;
        return second && second.key[1] > 2 ? second.key[1] : first.key[1];
      });
    },
  };
}

const range = (log: string, from: number, to = ALL_SEQ): IDBKeyRange => IDBKeyRange.bound([log, from], [log, to]);

async function logsOf(tx: Transaction): Promise<string[]> {
  const found: string[] = [];
  const places = tx.objectStore('log').index('place');
  let cursor = await places.openKeyCursor();
  while (cursor) {
    found.push(cursor.key[0]);
    cursor = await places.openKeyCursor(IDBKeyRange.lowerBound([cursor.key[0], ALL_SEQ], true));
  }
  return found;
}

/** From the oldest record on, as far as each may go; the first that may not ends it, so that what stays has no gap. */
async function retireLog(
  tx: Transaction,
  log: string,
  archived: number,
  archivedBefore: number,
  before: number,
): Promise<string[]> {
  const head = await tx.objectStore('head').get('head');
  const gone: string[] = [];
  let last = 1;
  let cursor = await tx.objectStore('log').index('place').openCursor(range(log, 2));
  while (cursor) {
    const { hash, seq, unsent, receipt, at } = cursor.value;
    const received = receipt === null ? undefined : await tx.objectStore('receipts').get(receipt);
    // the server's own word for the time, where there is one
    const made = received?.receivedMs ?? at;
    const isOld = made < before || (seq <= archived && hasPlace(cursor.value) && made < archivedBefore);
    if (unsent !== undefined || !isOld || hash === head?.hash || (await hasUnsentPhoto(tx, cursor.value.n))) break;
    await dropPhotos(tx, cursor.value.n);
    await cursor.delete();
    gone.push(hash);
    last = seq;
    cursor = await cursor.continue();
  }
  if (gone.length > 0) await dropReceipts(tx, log, last);
  return gone;
}

const PLACELESS = ['too_large', 'schema', 'bad_signature', 'unknown_log'];

/** Whether the server's numbers speak of this very record, and not of another one in its place. */
function hasPlace({ outcome, code, marks }: RecordRow): boolean {
  return outcome !== 'forked' && !marks.includes('fork') && (code === null || !PLACELESS.includes(code));
}

async function erasedPeople(tx: Transaction): Promise<Set<string>> {
  const told = await tx.objectStore('rows').getAll(IDBKeyRange.bound(['erasure', ''], ['erasure', '\uffff']));
  return new Set(told.filter(({ body }) => body !== null).map(({ id }) => id));
}

/** Drop the sent photos of a record; whether there were any, or anything private. */
async function dropOf(tx: Transaction, { n, private: parts }: RecordRow): Promise<boolean> {
  const numbers = IDBKeyRange.bound(n * 32, n * 32 + 31);
  const photos = await tx.objectStore('photos').index('sent').count(numbers);
  if (photos > 0) await dropPhotos(tx, n);
  return photos > 0 || Object.keys(parts).length > 0;
}

// photos are numbered by the record that names them: 32 to each
async function hasUnsentPhoto(tx: Transaction, n: number): Promise<boolean> {
  return (await tx.objectStore('photos').index('unsent').getKey(IDBKeyRange.bound(n * 32, n * 32 + 31))) !== undefined;
}

async function dropPhotos(tx: Transaction, n: number): Promise<void> {
  let cursor = await tx.objectStore('photos').index('sent').openCursor(IDBKeyRange.bound(n * 32, n * 32 + 31));
  while (cursor) {
    const { sha256 } = cursor.value;
    await tx.objectStore('chunks').delete(IDBKeyRange.bound([sha256, 0], [sha256, Infinity]));
    await cursor.delete();
    cursor = await cursor.continue();
  }
}

/** Receipts that cover nothing that is still here; the newest says how far the log has come, and stays. */
async function dropReceipts(tx: Transaction, log: string, upTo: number): Promise<void> {
  let cursor = await tx.objectStore('receipts').index('to').openCursor(range(log, 0, upTo));
  while (cursor) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
}
