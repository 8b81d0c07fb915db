/** How a log begins: the first one of a phone, and one that goes on from another. */
import { ZERO_HASH } from '../protocol/encoding';
import { newLogKey, newWeakLogKey, signText } from '../protocol/keys';
import type { LogKey } from '../protocol/ports';
import type { Draft } from '../protocol/records';
import { StoreError, type Head } from '../protocol/store';
import type { Phone } from './phone';
import { makeRow } from './row';

/** Begin the log of a phone that has joined, if it has not begun. Nothing stands before `log.open`. */
export async function ensureOpened(phone: Phone): Promise<void> {
  const head = await phone.store.head();
  const key = head?.seq === 0 ? await phone.store.logKey(head.log) : null;
  if (head && key) await openLog(phone, head, key);
}

export async function openLog(phone: Phone, head: Head, key: LogKey): Promise<void> {
  const draft = await opening(phone, key, { reason: 'enrolled', previous: null });
  // false: another tab has just begun it
  await phone.store.append(head, await makeRow(phone, key, head, draft), {});
  if (draft.p.reason === 'lost') await phone.store.drop('lost');
}

/** The first record of a log; `previous` is the log that it goes on from. */
async function opening(
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

/**
 * Begin a new log that goes on from this one; the old one's records stay and are sent as they are. The old key vouches
 * for the new one. Where it is gone nobody does: the server keeps the new log's records apart until the phone has
 * joined again.
 */
export async function rotate(phone: Phone): Promise<void> {
  const old = await phone.store.head();
  const oldKey = old && (await phone.store.logKey(old.log));
  if (!old) return;
  const isWeak = oldKey?.weak !== undefined;
  try {
    await goOn(phone, old, oldKey, await (isWeak ? newWeakLogKey : newLogKey)(phone.crypto));
  } catch (error) {
    // this browser has stopped keeping keys
    if (isWeak || !(error instanceof StoreError) || error.kind !== 'keys') throw error;
    await goOn(phone, old, oldKey, await newWeakLogKey(phone.crypto));
  }
}

async function goOn(phone: Phone, old: Head, oldKey: LogKey | null, key: LogKey): Promise<void> {
  const draft = await opening(phone, key, { reason: 'restored', previous: old });
  const first = await makeRow(phone, key, { log: key.log, seq: 0, hash: ZERO_HASH, n: old.n }, draft);
  const sigPrev = oldKey && (await signText(phone.crypto, oldKey, `fieldsync/1 record\n${first.body}`));
  // false: another tab has just begun one
  await phone.store.rotate(old, key, { ...first, sigPrev });
}

/** Go on in a new log when the key of the current one is gone: a browser may drop keys and keep the rest. */
export async function ensureKey(phone: Phone): Promise<void> {
  const head = await phone.store.head();
  if (head && !(await phone.store.logKey(head.log))) await rotate(phone);
}
