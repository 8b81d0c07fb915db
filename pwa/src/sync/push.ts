/** Push: the outbox in its order, in batches that fit the network. */
import { utf8 } from '../protocol/encoding';
import { PUSH_ANSWER, RAW_ANSWER, type PushAnswer, type WireRecord } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import { isFor, receiptWord, verifyReceipt } from '../protocol/receipts';
import { recordHash } from '../protocol/records';
import type { ReceiptRow, RecordRow } from '../protocol/store';
import { apiOf, type NoAnswer } from './api';
import { keepAnchor, readClock, type Phone } from './phone';
import { disbelieved, shedding, type Pace, type RoundEnd, type RoundState } from './state';

/** A record that failed alone this often goes to `raw`. */
const LONE_FAILURES = 8;
const LEAST_BYTES = 16_384;

type Pushed = { full: true; forked: boolean } | Extract<RoundEnd, { full: false }>;
/** What became of one batch. */
type Sent = { ok: true; stored: number; forked: boolean } | NoAnswer;

/**
 * Push until nothing is left that can go; with `only` just that one record. A record that no request gets through
 * stays behind and the rest goes on, but then the round is not full.
 */
export async function push(phone: Phone, state: RoundState, only?: string): Promise<Pushed> {
  const skip = new Set<string>();
  let forked = false;
  let stuck: NoAnswer | null = null;
  for (;;) {
    if (state.signal.aborted) return { full: false, why: 'stopped' };
    const batch = await nextBatch(phone, state.pace, skip, only);
    if (batch.length === 0) break;
    state.report.inFlight(batch.map((row) => row.hash));
    const sent = await sendBatch(phone, batch);
    state.report.inFlight([]);
    if (sent.ok) {
      forked ||= sent.forked;
      grow(state.pace);
      // the server sheds load: what it did not take now goes in another round
      if (sent.stored < batch.length) return { full: false, why: shedding() };
      if (only !== undefined) break;
      continue;
    }
    if (!mayBeTheBatch(sent)) return { full: false, why: sent };
    const [lone] = batch;
    if (batch.length > 1 || !lone) {
      shrink(state.pace, batch.length);
      continue;
    }
    // two in a row that fail alone: it is not the record, it is the server
    if (stuck && sent.status !== 413 && sent.status !== 400) return { full: false, why: sent };
    if (!(await rescue(phone, lone))) {
      skip.add(lone.hash);
      stuck = sent;
    }
  }
  return stuck ? { full: false, why: stuck } : { full: true, forked };
}

/** The next records of one log that are still what was sealed. */
async function nextBatch(phone: Phone, pace: Pace, skip: ReadonlySet<string>, only?: string): Promise<RecordRow[]> {
  const rows = only === undefined ? await phone.store.unsent(pace.records, skip) : await single(phone, only);
  const batch: RecordRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (batch[0] && batch[0].log !== row.log) break;
    if ((await recordHash(phone.crypto, row.body)) !== row.hash) {
      await phone.store.setAside(row.hash, 'hash');
      return nextBatch(phone, pace, skip, only);
    }
    bytes += utf8(JSON.stringify(wire(row))).length + 1;
    if (batch.length > 0 && bytes > pace.bytes) break;
    batch.push(row);
  }
  return batch;
}

async function single(phone: Phone, hash: string): Promise<RecordRow[]> {
  const row = await phone.store.record(hash);
  return row?.unsent === undefined ? [] : [row];
}

function wire(row: RecordRow): WireRecord {
  return {
    body: row.body,
    sig: row.sig,
    alg: row.alg,
    ...(Object.keys(row.private).length > 0 ? { private: row.private } : {}),
    ...(row.sigPrev === null ? {} : { sig_prev: row.sigPrev }),
  };
}

async function sendBatch(phone: Phone, batch: RecordRow[]): Promise<Sent> {
  const log = batch[0]?.log ?? '';
  const key = await phone.store.logKey(log);
  if (!key) throw new Error(`no key of ${log}`);
  const { unsent } = await phone.store.counts();
  const clock = readClock(phone.clock);
  const request = { log, clock, remaining: Math.max(0, unsent - batch.length), records: batch.map(wire) };
  const answer = await apiOf(phone).call('push', request, PUSH_ANSWER, key);
  if (!answer.ok) return answer;
  const { outcomes, anchor } = answer.value;
  const receipt = await receiptFor(phone, key, batch, answer.value);
  if (!namesAll(answer.value, batch) || receipt === 'wrong') return disbelieved();
  await keepAnchor(phone, key, clock, anchor);
  await phone.store.settle(outcomes, receipt);
  return {
    ok: true,
    stored: outcomes.filter(({ outcome }) => outcome !== 'later').length,
    forked: outcomes.some(({ outcome }) => outcome === 'forked'),
  };
}

/** Whether the answer speaks of exactly these records, in their order. */
function namesAll({ count, outcomes }: PushAnswer, batch: readonly RecordRow[]): boolean {
  return (
    count === batch.length &&
    outcomes.length === batch.length &&
    outcomes.every((outcome, i) => outcome.hash === batch[i]?.hash)
  );
}

/** The receipt as it is kept; `wrong` when the server's key did not sign it, or not for this batch. */
async function receiptFor(
  phone: Phone,
  key: LogKey,
  batch: readonly RecordRow[],
  { receipt: signed, outcomes }: PushAnswer,
): Promise<ReceiptRow | null | 'wrong'> {
  if (!signed) return null;
  const device = await phone.store.get('device');
  const receipt = device && (await verifyReceipt(phone.crypto, device.serverKey.public_key, signed.body, signed.sig));
  if (!device || !receipt || signed.kid !== device.serverKey.kid) return 'wrong';
  // a receipt is for what is stored; what the server put off is not in it
  const stored = batch.filter((_, i) => outcomes[i]?.outcome !== 'later');
  if (!isFor(receipt, key.log, stored)) return 'wrong';
  return {
    key: `${receipt.log}:${receipt.from}:${receipt.to}`,
    log: receipt.log,
    from: receipt.from,
    to: receipt.to,
    receivedMs: receipt.received_ms,
    ledgerPos: receipt.ledger_pos,
    body: signed.body,
    sig: signed.sig,
    kid: signed.kid,
    checkWord: await receiptWord(phone.crypto, signed.body),
  };
}

/** Whether a smaller batch may get through where this one did not. */
function mayBeTheBatch({ kind, status }: NoAnswer): boolean {
  // 429 and 503 are about the server's load, not about this batch
  if (status === 429 || status === 503) return false;
  return kind === 'timeout' || status === 413 || status === 400 || status >= 500;
}

function shrink(pace: Pace, failed: number): void {
  pace.records = Math.max(1, Math.floor(Math.min(pace.records, failed) / 2));
  pace.bytes = Math.max(LEAST_BYTES, Math.floor(pace.bytes / 2));
}

function grow(pace: Pace): void {
  pace.records = Math.min(pace.mostRecords, pace.records * 2);
  pace.bytes = Math.min(pace.mostBytes, pace.bytes * 2);
}

/** A record that fails alone again and again is handed over as raw bytes, so that it stops nobody. */
async function rescue(phone: Phone, row: RecordRow): Promise<boolean> {
  if ((await phone.store.failedAlone(row.hash)) < LONE_FAILURES) return false;
  const key = await phone.store.logKey(row.log);
  if (!key) return false;
  const answer = await apiOf(phone).raw(utf8(row.body), RAW_ANSWER, key);
  if (!answer.ok || answer.value.hash !== row.hash || answer.value.outcome === 'later') return false;
  const { hash, outcome, code } = answer.value;
  await phone.store.settle([{ hash, outcome, code: code ?? null }], null);
  return true;
}
