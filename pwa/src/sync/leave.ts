/**
 * The phone leaves: when everything has gone up that would, it asks what is wanted of it, and wipes itself when it is
 * told to and may. Only the server's signed word for this phone wipes anything.
 */
import { mayWipe, verifyOrder, type WipeOrder } from '../protocol/leaving';
import { LEAVE_ANSWER, WIPED_ANSWER } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import { apiOf } from './api';
import { noteHistory, suspect } from './healing';
import type { Phone } from './phone';
import type { RoundEnd } from './state';

/** How often the last word is said before it is given up: the phone is empty all the same. */
const TRIES = 5;
const PAUSE_MS = 2_000;

/**
 * Ask what is wanted of a phone that leaves, and do it; true when it has wiped itself. A phone that was revoked is not
 * greeted, and learns only here that the server was set back: `sendRest` sends again what was lost with that, first.
 * Nobody need have said that it was: before it wipes itself it asks for every record once more.
 */
export async function leave(phone: Phone, sendRest: () => Promise<RoundEnd>): Promise<boolean> {
  const { store } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  const device = await store.get('device');
  if (!key || !device) return false;
  const left = await store.leftBehind();
  const { oldestWall } = await store.counts();
  const answer = await apiOf(phone).call('leave', { unsent: { ...left, oldest_wall: oldestWall } }, LEAVE_ANSWER, key);
  // without an answer the next round asks again
  if (!answer.ok) return false;
  const { epoch, wipe: signed } = answer.value;
  await noteHistory(phone, epoch);
  if (signed) await suspect(phone);
  const sent = await sendRest();
  if (!sent.full || !signed) return false;
  const order = await verifyOrder(phone.crypto, device.serverKey.public_key, signed.body, signed.sig, device.id);
  return order ? wipe(phone, key, order) : false;
}

/** What is saved until the store is emptied counts: the same transaction looks and empties. */
async function wipe(phone: Phone, key: LogKey, order: WipeOrder): Promise<boolean> {
  const lost = await phone.store.wipe((left) => mayWipe(order, left));
  if (!lost) return false;
  await phone.forget?.().catch(() => undefined);
  // the key lives on in this page, for the last word
  for (let n = 0; n < TRIES; n += 1) {
    const said = await apiOf(phone).call('wiped', { order: order.order, ...lost }, WIPED_ANSWER, key);
    if (said.ok || said.kind === 'refused') break;
    await new Promise<void>((resolve) => phone.clock.after(PAUSE_MS * (n + 1), resolve));
  }
  return true;
}
