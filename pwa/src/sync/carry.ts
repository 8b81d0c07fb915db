/**
 * Carrying: the records that a colleague's rescue file brought, sent under this phone's own proof, one log at a time.
 * They come after everything of this phone's own, and nothing that goes wrong with them holds up a round.
 */
import { sha256Hex, utf8 } from '../protocol/encoding';
import { PUSH_ANSWER, type PushAnswer, type WireRecord } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import { isFor, verifyReceipt } from '../protocol/receipts';
import { recordHash } from '../protocol/records';
import type { CarriedPhoto, CarriedRow } from '../protocol/store';
import { apiOf } from './api';
import { inTurn } from './locks';
import { keepAnchor, readClock, type Phone } from './phone';
import { sendBytes } from './photos';
import type { RoundState } from './state';

const MOST_RECORDS = 50;
const MOST_BYTES = 262_144;

/** Send what is carried as far as it goes now; what is left goes with the next round. */
export async function carryOn(phone: Phone, state: RoundState): Promise<void> {
  const head = await phone.store.head();
  const key = head && (await phone.store.logKey(head.log));
  if (!key || (await phone.store.carrying()).length === 0) return;
  if (await carryRecords(phone, state, key)) await carryPhotos(phone, state, key);
  await phone.store.dropCarried();
}

/** False when the network or the server is not well: then nothing more is tried. */
async function carryRecords(phone: Phone, state: RoundState, key: LogKey): Promise<boolean> {
  const skip = new Set<string>();
  let most = MOST_RECORDS;
  for (;;) {
    if (state.signal.aborted) return false;
    const { sent, count } = await inTurn(phone, () => sendNext(phone, key, most, skip));
    if (sent === 'none') return true;
    if (sent === 'stop') return false;
    if (sent === 'smaller') most = Math.max(1, Math.floor(count / 2));
  }
}

/**
 * Send a batch and settle it: `none` when nothing is left, `smaller` when it did not get through as large as it was,
 * `stop` when nothing would.
 */
async function sendNext(
  phone: Phone,
  key: LogKey,
  most: number,
  skip: Set<string>,
): Promise<{ sent: 'none' | 'stored' | 'smaller' | 'stop'; count: number }> {
  const batch = await nextBatch(phone, most, skip);
  const count = batch.length;
  if (count === 0) return { sent: 'none', count };
  const clock = readClock(phone.clock);
  const { unsent } = await phone.store.counts();
  const request = { log: key.log, clock, remaining: unsent, records: batch.map(wire) };
  const answer = await apiOf(phone).call('push', request, PUSH_ANSWER, key);
  if (answer.ok && (await isForAll(phone, batch, answer.value))) {
    await keepAnchor(phone, key, clock, answer.value.anchor);
    await phone.store.settleCarried(answer.value.outcomes);
    for (const { hash, outcome } of answer.value.outcomes) if (outcome === 'later') skip.add(hash);
    return { sent: 'stored', count };
  }
  const mayBeTheBatch = !answer.ok && (answer.kind === 'timeout' || [400, 413, 500].includes(answer.status));
  if (!mayBeTheBatch) return { sent: 'stop', count };
  if (count === 1) skip.add(batch[0]!.hash);
  return { sent: 'smaller', count };
}

/** The next records of one log that are still what the file brought. */
async function nextBatch(phone: Phone, most: number, skip: Set<string>): Promise<CarriedRow[]> {
  const batch: CarriedRow[] = [];
  let bytes = 0;
  for (const row of await phone.store.carriedUnsent(most, skip)) {
    if ((await recordHash(phone.crypto, row.body)) !== row.hash) {
      // the file still has it: read again, it is whole again
      skip.add(row.hash);
      continue;
    }
    bytes += utf8(JSON.stringify(wire(row))).length + 1;
    if (batch.length > 0 && bytes > MOST_BYTES) break;
    batch.push(row);
  }
  return batch;
}

function wire({ body, sig, alg, sigPrev, private: parts }: CarriedRow): WireRecord {
  return {
    body,
    sig,
    alg,
    ...(Object.keys(parts).length > 0 ? { private: parts } : {}),
    ...(sigPrev === null ? {} : { sig_prev: sigPrev }),
  };
}

/** Whether the answer speaks of exactly these records, and a receipt in it is the server's for their log. */
async function isForAll(phone: Phone, batch: CarriedRow[], { count, outcomes, receipt }: PushAnswer): Promise<boolean> {
  const namesAll = count === batch.length && outcomes.length === count && outcomes.every(({ hash }, i) => hash === batch[i]?.hash);
  if (!namesAll || !receipt) return namesAll;
  const device = await phone.store.get('device');
  const read = device && (await verifyReceipt(phone.crypto, device.serverKey.public_key, receipt.body, receipt.sig));
  const stored = batch.filter((_, i) => outcomes[i]?.outcome !== 'later');
  return device !== null && read !== null && receipt.kid === device.serverKey.kid && isFor(read, batch[0]!.log, stored);
}

async function carryPhotos(phone: Phone, state: RoundState, key: LogKey): Promise<void> {
  const skip = new Set<string>();
  for (;;) {
    if (state.signal.aborted) return;
    const photo = await phone.store.nextCarriedPhoto(skip);
    if (!photo) return;
    const sent = await carryPhoto(phone, state, key, photo);
    if (sent === 'done') await phone.store.carriedPhotoDone(photo.sha256);
    else if (sent === 'refused') skip.add(photo.sha256);
    else return;
  }
}

async function carryPhoto(phone: Phone, state: RoundState, key: LogKey, { sha256, mime, log }: CarriedPhoto): Promise<'done' | 'refused' | 'stop'> {
  const bytes = await phone.store.carriedBytes(sha256);
  // what is no longer what its name says is no use to anybody
  if (!bytes || (await sha256Hex(phone.crypto, bytes)) !== sha256) return 'done';
  const sent = await sendBytes(phone, state, key, { log, sha256, mime, bytes });
  if (sent.ok) return 'done';
  return sent.kind === 'refused' ? 'refused' : 'stop';
}
