/** Push: the outbox in its order, in batches that fit the network. */
import { utf8 } from '../protocol/encoding';
import { PUSH_ANSWER, RAW_ANSWER, type ClockReading, type PushAnswer, type WireRecord } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import { isFor, receiptWord, verifyReceipt } from '../protocol/receipts';
import { recordHash } from '../protocol/records';
import type { ReceiptRow, RecordRow } from '../protocol/store';
import { apiOf, type Answer, type NoAnswer } from './api';
import { inTurn } from './locks';
import { keepAnchor, readClock, type Phone } from './phone';
import { underProof } from './prover';
import { disbelieved, shedding, type Pace, type RoundEnd, type RoundState } from './state';

/** A record that failed alone this often goes to `raw`. */
const LONE_FAILURES = 8;
const LEAST_BYTES = 16_384;

type Pushed = { full: true; forked: boolean } | Extract<RoundEnd, { full: false }>;
/** What became of one batch. */
type Stored = { stored: number; forked: boolean };

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
    const turn = await inTurn(phone, () => sendNext(phone, state, skip, only));
    if (!turn) break;
    const { batch, sent } = turn;
    if (sent.ok) {
      forked ||= sent.value.forked;
      grow(state.pace);
      // the server sheds load: what it did not take now goes in another round
      if (sent.value.stored < batch.length) return { full: false, why: shedding() };
      if (only !== undefined) break;
      continue;
    }
    // what a network does not let through it may let through in smaller pieces, but not now
    if (sent.kind === 'offline') shrink(state.pace, batch.length);
    if (!mayBeTheBatch(sent)) return { full: false, why: sent };
    const [lone] = batch;
    if (batch.length > 1 || !lone) {
      shrink(state.pace, batch.length);
      continue;
    }
    // two in a row that fail alone: it is not the record, it is the server
    if (stuck && sent.status !== 413 && sent.status !== 400) return { full: false, why: sent };
    // a request that was not answered says nothing of its record
    const rescued = sent.status === 0 ? false : await rescue(phone, lone);
    if (rescued === true) continue;
    if (rescued !== false) return { full: false, why: rescued };
    skip.add(lone.hash);
    stuck = sent;
  }
  return stuck ? { full: false, why: stuck } : { full: true, forked };
}

/** Send the next batch and settle what became of it; null when there is nothing left to send. */
async function sendNext(
  phone: Phone,
  { pace, report }: RoundState,
  skip: ReadonlySet<string>,
  only?: string,
): Promise<{ batch: RecordRow[]; sent: Answer<Stored> } | null> {
  const batch = await nextBatch(phone, pace, skip, only);
  if (batch.length === 0) return null;
  report.inFlight(batch.map((row) => row.hash));
  try {
    return { batch, sent: await underProof(phone, batch[0]!.log, (key) => sendBatch(phone, key, batch)) };
  } finally {
    report.inFlight([]);
  }
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

async function sendBatch(phone: Phone, key: LogKey, batch: RecordRow[]): Promise<Answer<Stored>> {
  const { unsent } = await phone.store.counts();
  const clock = readClock(phone.clock);
  const request = { log: key.log, clock, remaining: Math.max(0, unsent - batch.length), records: batch.map(wire) };
  const answer = await apiOf(phone).call('push', request, PUSH_ANSWER, key);
  if (!answer.ok) return answer;
  const { outcomes, anchor } = answer.value;
  const receipt = await receiptFor(phone, batch, answer.value, clock);
  if (!namesAll(answer.value, batch) || receipt === 'wrong') return disbelieved();
  await keepAnchor(phone, key, clock, anchor);
  await phone.store.settle(outcomes, receipt);
  return {
    ok: true,
    value: {
      stored: outcomes.filter(({ outcome }) => outcome !== 'later').length,
      forked: outcomes.some(({ outcome }) => outcome === 'forked'),
    },
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
  batch: readonly RecordRow[],
  { receipt: signed, outcomes }: PushAnswer,
  { wall, mono, boot }: ClockReading,
): Promise<ReceiptRow | null | 'wrong'> {
  if (!signed) return null;
  const device = await phone.store.get('device');
  const receipt = device && (await verifyReceipt(phone.crypto, device.serverKey.public_key, signed.body, signed.sig));
  if (!device || !receipt || signed.kid !== device.serverKey.kid) return 'wrong';
  // a receipt is for what is stored; what the server put off is not in it
  const stored = batch.filter((_, i) => outcomes[i]?.outcome !== 'later');
  if (!isFor(receipt, batch[0]?.log ?? '', stored)) return 'wrong';
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
    clock: { wall, mono, boot },
  };
}

/** Whether a smaller batch may get through where this one did not. */
function mayBeTheBatch({ kind, status }: NoAnswer): boolean {
  if (isAboutTheServer(status)) return false;
  return kind === 'timeout' || status === 413 || status === 400 || status >= 500;
}

/** Whether an answer is about the server's load, its disk, or what a phone may use of them: not about what was sent. */
function isAboutTheServer(status: number): boolean {
  return status === 429 || status === 503 || status === 507;
}

function shrink(pace: Pace, failed: number): void {
  pace.records = Math.max(1, Math.floor(Math.min(pace.records, failed) / 2));
  pace.bytes = Math.max(LEAST_BYTES, Math.floor(pace.bytes / 2));
}

function grow(pace: Pace): void {
  pace.records = Math.min(pace.mostRecords, pace.records * 2);
  pace.bytes = Math.min(pace.mostBytes, pace.bytes * 2);
}

/**
 * A record that fails alone again and again is handed over as raw bytes, so that it stops nobody. Whether it was; or
 * why the round ends here: the server takes no more of them just now.
 */
async function rescue(phone: Phone, row: RecordRow): Promise<boolean | NoAnswer> {
  if ((await phone.store.failedAlone(row.hash)) < LONE_FAILURES) return false;
  const answer = await underProof(phone, row.log, (key) => apiOf(phone).raw(utf8(row.body), RAW_ANSWER, key));
  if (!answer.ok) return isAboutTheServer(answer.status) ? answer : false;
  if (answer.value.hash !== row.hash || answer.value.outcome === 'later') return false;
  const { hash, outcome, code } = answer.value;
  await phone.store.settle([{ hash, outcome, code: code ?? null }], null);
  return true;
}
