/** How much room is left on this phone, and whether the browser may forget what it keeps. */
import { BALLAST_BYTES } from '../db/room';
import type { Phone } from '../sync/phone';
import * as data from './data';

/** From this share of the quota on a person is warned, and from this one nothing more is recorded. */
const WARN_AT = 0.8;
const REFUSE_AT = 0.95;
/** Room below which no reserve is made: it would take what it is to save, bytes. */
const ROOM_FOR_BALLAST = 52_428_800;
/** A browser that gives less than this and promises nothing is a private window, bytes. */
const PRIVATE_QUOTA = 157_286_400;

/** A record could not be saved for want of room. */
export function noRoom(): void {
  data.room.value = { ...data.room.value, state: 'full', refused: true };
}

/**
 * Look how much room there is, and act on it: near the limit what may go goes; with room enough the reserve for
 * records is kept again, and what was dropped is asked for again.
 */
export async function lookAtRoom(phone: Phone): Promise<void> {
  const { store } = phone;
  let share = await used(phone);
  // a store that is quite full may not even take the note that something went
  if (share !== null && share >= REFUSE_AT && (await store.makeRoom().catch(() => false))) share = await used(phone);
  const { usage, quota, persisted } = await estimate(phone);
  const left = usage === null || quota === null ? null : quota - usage;
  let { refused } = data.room.value;
  // browsers tell a quota of their own making: only what can be written is really there
  let isScarce = false;
  if (refused || (left !== null && left > ROOM_FOR_BALLAST)) {
    isScarce = !(await store.reserve(() => phone.random.bytes(BALLAST_BYTES)));
    if (!isScarce) {
      refused = false;
      await askAgain(phone);
    }
  }
  const isFull = refused || (share ?? 0) >= REFUSE_AT;
  const isLow = isScarce || (share ?? 0) >= WARN_AT;
  data.room.value = { state: isFull ? 'full' : isLow ? 'low' : 'ok', percent: Math.floor((share ?? 0) * 100), refused };
  data.risk.value = persisted === true || persisted === null ? null : quota !== null && quota < PRIVATE_QUOTA ? 'private' : 'unpersisted';
}

/** Rows that were dropped come down again with a pull from the start. */
async function askAgain({ store }: Phone): Promise<void> {
  if (!(await store.get('thinned'))) return;
  if (await store.resetPull(await store.pullState())) await store.drop('thinned');
}

async function used(phone: Phone): Promise<number | null> {
  const { usage, quota } = await estimate(phone);
  return usage === null || quota === null || quota === 0 ? null : usage / quota;
}

async function estimate(phone: Phone): Promise<{ persisted: boolean | null; usage: number | null; quota: number | null }> {
  return (await phone.storage?.()) ?? { persisted: null, usage: null, quota: null };
}
