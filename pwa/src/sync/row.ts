/** A record as it is kept: body, hash and signature, made once and outside any transaction. */
import { bestNow } from '../protocol/clocks';
import { utf8 } from '../protocol/encoding';
import { uuid7 } from '../protocol/ids';
import type { LogKey } from '../protocol/ports';
import {
  MAX_BODY_BYTES, VERSIONS, bodyText, privateHash, privatePart, recordHash, signRecord, type Draft, type PrivatePart,
} from '../protocol/records'; // prettier-ignore
import type { Head, RecordRow } from '../protocol/store';
import { lastAnchor, readClock, type Phone } from './phone';

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
    tv: VERSIONS[draft.type] ?? 1,
    actor: draft.actor,
    site: draft.site,
    app: phone.app,
    t: { ...clock, anchor: heard?.token ?? null },
    private: hashes,
    ...(draft.deps ? { deps: draft.deps } : {}),
    ...(draft.base ? { base: draft.base } : {}),
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
