/**
 * The witness: the browser's small store remembers how far the log came. Somebody who clears the database leaves it
 * behind; then the phone can say what is gone, and tells the server with its next log. Where the browser has no such
 * store, or it is cleared too, nothing is known and nothing goes wrong.
 */
import type { Head, LostLog } from '../protocol/store';

const KEY = 'roundsman.witness';

/** Where the witness stands: the browser's `localStorage`, or a test's. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** Note the last record that was saved. Called after the database said that it has it. */
export function bearWitness(shelf: () => Shelf, { log, seq, hash }: Head): void {
  try {
    shelf().setItem(KEY, JSON.stringify({ log, seq, hash }));
  } catch {
    // refused: the phone only knows less after a loss
  }
}

/** What the witness saw, or null. */
export function hearWitness(shelf: () => Shelf): LostLog | null {
  try {
    const seen = JSON.parse(shelf().getItem(KEY) ?? 'null') as Partial<LostLog> | null;
    const isWhole =
      typeof seen?.log === 'string' && /^[a-z2-7]{26}$/.test(seen.log) &&
      typeof seen.hash === 'string' && /^[0-9a-f]{64}$/.test(seen.hash) &&
      Number.isSafeInteger(seen.seq) && (seen.seq ?? 0) > 0; // prettier-ignore
    return isWhole ? (seen as LostLog) : null;
  } catch {
    return null;
  }
}

/** What is gone: the witness saw records of a log that this database no longer reaches. */
export function lostOf(seen: LostLog | null, head: Head | null): LostLog | null {
  if (!seen) return null;
  if (!head) return seen;
  // another log began since, by its own rules; the same one can only have been set back
  return seen.log === head.log && seen.seq > head.seq ? seen : null;
}
