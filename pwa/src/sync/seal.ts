/**
 * Sealing: the only way to write a record.
 *
 * Read the head; build the body; hash and sign outside any transaction; then one transaction that checks that the
 * head is still the one read, else all of it again. When it resolves, the record is on the disk.
 */
import { bestNow } from '../protocol/clocks';
import { utf8 } from '../protocol/encoding';
import { uuid7 } from '../protocol/ids';
import type { LogKey } from '../protocol/ports';
import {
  MAX_BODY_BYTES, bodyText, privateHash, privatePart, recordHash, signRecord, type Draft, type PrivatePart,
} from '../protocol/records'; // prettier-ignore
import { StoreError, type Effects, type Head, type RecordRow } from '../protocol/store';
import { lastAnchor, readClock, type Phone } from './phone';

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
    if (!head || !key) throw new StoreError('keys');
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

/** Begin the log of a phone that has joined, if it has not begun. Nothing stands before `log.open`. */
export async function ensureOpened(phone: Phone): Promise<void> {
  const head = await phone.store.head();
  const key = head?.seq === 0 ? await phone.store.logKey(head.log) : null;
  if (head && key) await openLog(phone, head, key);
}

async function openLog(phone: Phone, head: Head, key: LogKey): Promise<void> {
  const draft = await opening(phone, key, { reason: 'enrolled', previous: null });
  // false: another tab has just begun it
  await phone.store.append(head, await makeRow(phone, key, head, draft), {});
  if (draft.p.reason === 'lost') await phone.store.drop('lost');
}

/** The first record of a log; `previous` is the log that it goes on from. */
export async function opening(
  phone: Phone,
  key: LogKey,
  { reason, previous }: { reason: 'enrolled' | 'restored' | 'rotated'; previous: Head | null },
): Promise<Draft<'log.open'>> {
  const device = await phone.store.get('device');
  if (!device) throw new StoreError('keys');
  // somebody cleared this browser's store: the server is told how far the log had come
  const lost = reason === 'enrolled' ? await phone.store.get('lost') : null;
  return {
    type: 'log.open',
    actor: null,
    site: device.site.id,
    p: {
      public_key: key.publicKey,
      device: device.id,
      previous_log: lost?.log ?? previous?.log ?? null,
      previous_head: lost?.hash ?? (previous && previous.seq > 0 ? previous.hash : null),
      reason: lost ? 'lost' : reason,
      capabilities: (await phone.store.get('capabilities')) ?? {},
      ...(lost ? { previous_seq: lost.seq } : {}),
    },
  };
}

/** The row of a record that stands after `head`. */
export async function makeRow(phone: Phone, key: LogKey, head: Head, draft: Draft): Promise<RecordRow> {
  const { crypto, random, store } = phone;
  const clock = readClock(phone.clock);
  const heard = await lastAnchor(store);
  const parts: Record<string, PrivatePart> = {};
  const hashes: Record<string, string> = {};
  for (const [name, value] of Object.entries(draft.private ?? {})) {
    const part = privatePart(random, value);
    parts[name] = part;
    hashes[name] = await privateHash(crypto, part);
  }
  const seq = head.seq + 1;
  const body = bodyText({
    v: 1,
    log: key.log,
    seq,
    prev: head.hash,
    id: uuid7(clock.wall, random.bytes(10)),
    type: draft.type,
    tv: 1,
    actor: draft.actor,
    site: draft.site,
    app: phone.app,
    t: { ...clock, anchor: heard?.token ?? null },
    private: hashes,
    ...(draft.deps ? { deps: draft.deps } : {}),
    ...(draft.blobs ? { blobs: draft.blobs } : {}),
    p: draft.p,
  });
  if (utf8(body).length > MAX_BODY_BYTES) throw new RangeError('the record is too large');
  const n = head.n + 1;
  return {
    hash: await recordHash(crypto, body),
    log: key.log,
    seq,
    n,
    body,
    // a key that anybody may have copied proves nothing: its records say so
    sig: key.weak ? '' : await signRecord(crypto, key, body),
    alg: key.weak ? 'none' : 'ES256',
    sigPrev: null,
    private: parts,
    at: bestNow(heard?.anchor ?? null, clock),
    unsent: n,
    outcome: null,
    code: null,
    marks: [],
    receipt: null,
    failed: 0,
  };
}
