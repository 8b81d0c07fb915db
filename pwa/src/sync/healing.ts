/**
 * What the phone does when it and the server do not agree on what there is: the server was set back, or this phone
 * was. Nothing is renumbered and nothing is thrown away; what the server lacks is sent again.
 */
import { HAVE_ANSWER, HAVE_HASHES, type HelloAnswer } from '../protocol/messages';
import { apiOf, type Answer } from './api';
import { bestTime, type Phone } from './phone';

type LogState = HelloAnswer['log'];

const DAY_MS = 86_400_000;
/** Photos that are younger than this are asked for once a day, ms. */
const RECENT_MS = 3 * DAY_MS;

/**
 * Whether the server has records of `log` that this phone never made: it was restored from a copy, or cloned. The head
 * is read now, after the answer, for another tab may have sealed and sent since the question, or gone on in a new log.
 */
export async function hasDiverged(phone: Phone, log: string, server: LogState): Promise<boolean> {
  const head = await phone.store.head();
  if (head?.log !== log || server.max_seq === 0) return false;
  if (server.max_seq > head.seq) return true;
  const mine = await phone.store.hashAt(log, server.max_seq);
  return mine !== null && mine !== server.head_hash;
}

/** What the server says that it lacks of `log`, or that lies above all it has, is new again. Returns how many. */
export async function lostOnServer(phone: Phone, log: string, server: LogState): Promise<Answer<number>> {
  const above: [number, number] = [server.max_seq + 1, Number.MAX_SAFE_INTEGER];
  const gone = await phone.store.storedIn(log, [...server.missing, above]);
  // a record that is kept without a place of its own counts as missing there for ever: ask for it by its hash
  return askAndResend(phone, gone);
}

/** From now on there is a reason to compare all kept records, until that has been done. */
export async function suspect(phone: Phone): Promise<void> {
  await phone.store.drop('lastHave');
}

/** Note the name of the server's history: another one than before is a reason to compare all kept records. */
export async function noteHistory(phone: Phone, epoch: string): Promise<void> {
  if ((await phone.store.get('epoch')) === epoch) return;
  await suspect(phone);
  await phone.store.put('epoch', epoch);
}

/**
 * Compare all kept records with the server's, when there is a reason or a day has passed: numbers alone do not show that
 * a server which was set back lost a record that has none of its own. Returns how many are new again.
 */
export async function checkKept(phone: Phone): Promise<Answer<number>> {
  if (!(await isDue(phone))) return { ok: true, value: 0 };
  const isSuspicious = (await phone.store.get('lastHave')) === null;
  const asked = await askAndResend(phone, await phone.store.kept());
  if (!asked.ok) return asked;
  // a record may be there and its photo be lost: photos have no numbers that would show it
  await phone.store.doubtPhotos(isSuspicious ? -Infinity : phone.clock.wall() - RECENT_MS);
  await phone.store.put('lastHave', await bestTime(phone));
  return asked;
}

async function isDue(phone: Phone): Promise<boolean> {
  const last = await phone.store.get('lastHave');
  return last === null || Math.abs((await bestTime(phone)) - last) > DAY_MS;
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
    await phone.store.addMarks(answer.value.marks ?? {});
  }
  return { ok: true, value: again };
}
