/**
 * One round: hello → push until drained → pull → photos. Every step is safe to repeat and safe to stop after, so a
 * round may end anywhere; only a round that came to its end says that all was received.
 */
import { HELLO_ANSWER, PUSH_BYTES, PUSH_RECORDS, type HelloAnswer } from '../protocol/messages';
import type { DeviceState } from '../protocol/store';
import { apiOf, type Answer } from './api';
import { checkKept, hasDiverged, lostOnServer, rotate } from './healing';
import { bestTime, keepAnchor, readClock, type Phone } from './phone';
import { sendPhotos } from './photos';
import { pull } from './pull';
import { push } from './push';
import { ensureOpened } from './seal';
import { shedding, type RoundEnd, type RoundState } from './state';

const DAY_MS = 86_400_000;

export async function runRound(phone: Phone, state: RoundState): Promise<RoundEnd> {
  await ensureOpened(phone);
  const { report, signal } = state;
  report.step('sending');
  const greeted = await greet(phone, state);
  if (!greeted.ok) {
    if (greeted.slug !== 'device-revoked') return { full: false, why: greeted };
    // the phone no longer belongs to the site, but what it has to tell is still kept
    await setDeviceState(phone, 'revoked');
    const pushed = await push(phone, state);
    return { full: false, why: pushed.full ? 'revoked' : pushed.why };
  }
  report.heard();
  if (signal.aborted) return { full: false, why: 'stopped' };

  const { limits, advice } = greeted.value;
  state.pace.mostRecords = Math.min(PUSH_RECORDS, limits.push_records);
  state.pace.mostBytes = Math.min(PUSH_BYTES, limits.push_bytes);
  let suspicious = await heal(phone, greeted.value);
  const pushed = await push(phone, state);
  if (!pushed.full) return pushed;
  suspicious ||= pushed.forked;

  // under load the server takes what there is and asks to come again for what comes down
  if (!advice.pull) return { full: false, why: shedding() };
  report.step('pulling');
  const pulled = await pull(phone, state);
  if (!pulled.full) return pulled;
  suspicious ||= pulled.reset;

  const again = await checkKept(phone, suspicious || (await dayHasPassed(phone)));
  if (!again.ok) return { full: false, why: again };
  if (again.value > 0) {
    report.step('sending');
    const repeated = await push(phone, state);
    if (!repeated.full) return repeated;
  }

  report.step('photos');
  const sent = await sendPhotos(phone, state);
  if (!sent.full) return sent;
  await phone.store.put('lastFullRound', await bestTime(phone));
  return { full: true };
}

/** Say hello. A log that the server does not know is opened first, with its first record. */
async function greet(phone: Phone, state: RoundState): Promise<Answer<HelloAnswer>> {
  const first = await hello(phone);
  if (first.ok || first.slug !== 'unknown-log') return first;
  const head = await phone.store.head();
  const opening = head && (await phone.store.hashAt(head.log, 1));
  if (!opening) return first;
  await phone.store.resend([opening]);
  const opened = await push(phone, state, opening);
  return opened.full ? hello(phone) : typeof opened.why === 'object' ? opened.why : first;
}

async function hello(phone: Phone): Promise<Answer<HelloAnswer>> {
  const { store } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  if (!head || !key) throw new Error('the phone has not joined');
  const counts = await store.counts();
  const clock = readClock(phone.clock);
  const request = {
    log: head.log,
    head: { seq: head.seq, hash: head.hash },
    oldest: Math.max(1, await store.oldest(head.log)),
    app: phone.app,
    clock,
    unsent: { records: counts.unsent, photos: counts.photosUnsent, oldest_wall: counts.oldestWall },
    storage: await storage(phone),
  };
  const answer = await apiOf(phone).call('hello', request, HELLO_ANSWER, key);
  if (!answer.ok) return answer;
  await keepAnchor(phone, key, clock, answer.value.anchor);
  await setDeviceState(phone, answer.value.device.state, answer.value.device.name);
  return answer;
}

async function storage(phone: Phone): Promise<{ persisted: boolean | null; usage: number | null; quota: number | null }> {
  return (await phone.storage?.()) ?? { persisted: null, usage: null, quota: null };
}

/** Act on what the server has of this log. Returns whether all kept records should be compared. */
async function heal(phone: Phone, { epoch, log }: HelloAnswer): Promise<boolean> {
  let suspicious = false;
  if (await hasDiverged(phone, log)) {
    await rotate(phone);
    suspicious = true;
  } else {
    await lostOnServer(phone, log);
  }
  const known = await phone.store.get('epoch');
  if (known !== epoch) {
    await phone.store.put('epoch', epoch);
    suspicious ||= known !== null;
  }
  return suspicious;
}

async function dayHasPassed(phone: Phone): Promise<boolean> {
  const last = await phone.store.get('lastHave');
  return last === null || Math.abs((await bestTime(phone)) - last) > DAY_MS;
}

async function setDeviceState(
  phone: Phone,
  state: DeviceState,
  name?: string,
): Promise<void> {
  const device = await phone.store.get('device');
  if (device && (device.state !== state || (name !== undefined && device.name !== name))) {
    await phone.store.put('device', { ...device, state, name: name ?? device.name });
  }
}
