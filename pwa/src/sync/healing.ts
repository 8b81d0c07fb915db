/**
 * What the phone does when it and the server do not agree on what there is: the server was set back, or this phone
 * was. Nothing is renumbered and nothing is thrown away; what the server lacks is sent again.
 */
import { ZERO_HASH } from '../protocol/encoding';
import { newLogKey, newWeakLogKey, signText } from '../protocol/keys';
import { HAVE_ANSWER, HAVE_HASHES, type HelloAnswer } from '../protocol/messages';
import { apiOf, type Answer } from './api';
import { bestTime, type Phone } from './phone';
import { makeRow, opening } from './seal';

type LogState = HelloAnswer['log'];

/**
 * Whether the server has records of this log that this phone never made: it was restored from a copy, or cloned.
 * The head is read now, after the answer, for another tab may have sealed and sent since the question.
 */
export async function hasDiverged(phone: Phone, server: LogState): Promise<boolean> {
  const head = await phone.store.head();
  if (!head || server.max_seq === 0) return false;
  if (server.max_seq > head.seq) return true;
  const mine = await phone.store.hashAt(head.log, server.max_seq);
  return mine !== null && mine !== server.head_hash;
}

/** Begin a new log that goes on from this one; the old one's records stay and are sent as they are. */
export async function rotate(phone: Phone): Promise<void> {
  const { store, crypto } = phone;
  const old = await store.head();
  const oldKey = old && (await store.logKey(old.log));
  if (!old || !oldKey) return;
  const key = await (oldKey.weak ? newWeakLogKey(crypto) : newLogKey(crypto));
  const draft = await opening(phone, key, { reason: 'restored', previous: old });
  const first = await makeRow(phone, key, { log: key.log, seq: 0, hash: ZERO_HASH, n: old.n }, draft);
  const sigPrev = await signText(crypto, oldKey, `fieldsync/1 record\n${first.body}`);
  await store.rotate(old, key, { ...first, sigPrev });
}

/** What the server says that it lacks of this log, or that lies above all it has, is new again. */
export async function lostOnServer(phone: Phone, server: LogState): Promise<void> {
  const head = await phone.store.head();
  if (!head) return;
  const above: [number, number] = [server.max_seq + 1, Number.MAX_SAFE_INTEGER];
  const gone = await phone.store.storedIn(head.log, [...server.missing, above]);
  // a record that is kept without a place of its own counts as missing there for ever: ask for it by its hash
  await askAndResend(phone, gone);
}

/** Compare all kept records with the server's, when there is a reason. Returns how many are new again. */
export async function checkKept(phone: Phone, isDue: boolean): Promise<Answer<number>> {
  if (!isDue) return { ok: true, value: 0 };
  const asked = await askAndResend(phone, await phone.store.kept());
  if (asked.ok) await phone.store.put('lastHave', await bestTime(phone));
  return asked;
}

async function askAndResend(phone: Phone, hashes: readonly string[]): Promise<Answer<number>> {
  const head = await phone.store.head();
  const key = head && (await phone.store.logKey(head.log));
  if (!key) throw new Error('the phone has not joined');
  let again = 0;
  for (let at = 0; at < hashes.length; at += HAVE_HASHES) {
    const some = hashes.slice(at, at + HAVE_HASHES);
    const answer = await apiOf(phone).call('have', { log: key.log, hashes: some }, HAVE_ANSWER, key);
    if (!answer.ok) return answer;
    again += await phone.store.resend(answer.value.missing);
  }
  return { ok: true, value: again };
}
