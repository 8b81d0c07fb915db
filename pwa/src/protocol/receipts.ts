/** Receipts: the server's signed word that it has a log up to a number. */
import { checkWord, utf8 } from './encoding';
import { verifyText } from './keys';
import { ANY_INTEGER, COUNT, HASH, LOG_ID, SEQ, literal, open, read, type Read } from './schema';
import type { Crypto } from './ports';
import { tryStrict } from './strict';

const MAX_BYTES = 2_048;

const RECEIPT = open({
  v: literal(1),
  log: LOG_ID,
  from: SEQ,
  to: SEQ,
  head_hash: HASH,
  received_ms: ANY_INTEGER,
  ledger_pos: COUNT,
  ledger_chain: HASH,
  count: COUNT,
});
/** What a receipt says. Its text is what is signed and kept. */
export type Receipt = Read<typeof RECEIPT>;

/** One record of the batch that a receipt is for. */
export type InBatch = { seq: number; hash: string };

/** The receipt when the server's key signed its text, else null. */
export async function verifyReceipt(
  crypto: Crypto,
  publicKey: string,
  body: string,
  sig: string,
): Promise<Receipt | null> {
  if (!(await verifyText(crypto, publicKey, `fieldsync/1 receipt\n${body}`, sig))) return null;
  return read(RECEIPT, tryStrict(body, { maxBytes: MAX_BYTES }));
}

/**
 * Whether a receipt is for this batch of `log`: it counts what was stored of it, ends at one of its records and names
 * that one's hash, and begins at one of its records. One that covers less than it might is still the server's word.
 */
export function isFor(receipt: Receipt, log: string, stored: readonly InBatch[]): boolean {
  const first = stored.some((record) => record.seq === receipt.from);
  const last = stored.some((record) => record.seq === receipt.to && record.hash === receipt.head_hash);
  return receipt.log === log && first && last && receipt.from <= receipt.to && receipt.count === stored.length;
}

/** The 12 characters, in groups of four, by which people compare a receipt. */
export async function receiptWord(crypto: Crypto, body: string): Promise<string> {
  return checkWord(await crypto.sha256(utf8(body)), 12);
}
