/**
 * Sealing: the only way to write a record.
 *
 * Read the head; build the body; hash and sign outside any transaction; then one transaction that checks that the
 * head is still the one read, else all of it again. When it resolves, the record is on the disk.
 */
import type { Draft } from '../protocol/records';
import { StoreError, type Effects } from '../protocol/store';
import { openLog, rotate } from './logs';
import type { Phone } from './phone';
import { makeRow } from './row';

/** Where a record will stand: some drafts prove something of their own place. */
export type Place = { log: string; seq: number };
export type DraftOf = (place: Place) => Draft | Promise<Draft>;
export type Sealed = { hash: string; seq: number; at: number };

/** Other tabs may take the place again and again, but never this often. */
const TRIES = 50;

/** Seal a record and what goes with it. Throws `StoreError`; then nothing was saved. */
export async function seal(phone: Phone, draftOf: DraftOf, effects: Effects = {}): Promise<Sealed> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const head = await phone.store.head();
    const key = head && (await phone.store.logKey(head.log));
    if (!head) throw new StoreError('keys');
    if (!key) {
      await rotate(phone);
      continue;
    }
    if (head.seq === 0) {
      await openLog(phone, head, key);
      continue;
    }
    const draft = await draftOf({ log: head.log, seq: head.seq + 1 });
    const row = await makeRow(phone, key, head, draft);
    if (await phone.store.append(head, row, effects)) return { hash: row.hash, seq: row.seq, at: row.at };
  }
  throw new StoreError('gone');
}
