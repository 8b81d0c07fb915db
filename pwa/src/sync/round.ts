/**
 * One round: hello → push until drained → pull → photos. Every step is safe to repeat and safe to stop after, so a
 * round may end anywhere; only a round that came to its end says that all was received.
 */
import { HELLO_ANSWER, PUSH_BYTES, PUSH_RECORDS, type HelloAnswer } from '../protocol/messages';
import type { DeviceState } from '../protocol/store';
import { apiOf, type Answer, type NoAnswer } from './api';
import { carryOn } from './carry';
import { checkKept, hasDiverged, lostOnServer, noteHistory, suspect } from './healing';
import { inTurn } from './locks';
import { leave } from './leave';
import { ensureKey, ensureOpened, rotate } from './logs';
import { followSite } from './move';
import { bestTime, followKey, keepAnchor, readClock, type Phone } from './phone';
import { sendPhotos } from './photos';
import { fetchPictures } from './pictures';
import { pull } from './pull';
import { push } from './push';
import { noteArchived, retire } from './retention';
import { keyless, shedding, type Pace, type RoundEnd, type RoundState } from './state';

/** So long a browser may take to say how much room there is, ms. */
const STORAGE_PATIENCE_MS = 2_000;

type StorageSaid = { persisted: boolean | null; usage: number | null; quota: number | null };

export async function runRound(phone: Phone, state: RoundState): Promise<RoundEnd> {
  await ensureOpened(phone);
  await ensureKey(phone);
  const { report, signal } = state;
  report.step('sending');
  const greeted = await greet(phone, state);
  if (!greeted.ok) return sayAll(phone, state, greeted);
  report.heard();
  if (signal.aborted) return { full: false, why: 'stopped' };

  const { limits, advice, notices } = greeted.value.said;
  await phone.store.put('advice', { advice, notices });
  fit(state.pace, limits);
  await inTurn(phone, () => heal(phone, greeted.value));
  const pushed = await push(phone, state);
  if (!pushed.full) return pushed;
  if (pushed.forked) await suspect(phone);
  if (greeted.value.said.device.uploads_only) return handOver(phone, state);

  // under load the server takes what there is and asks to come again for what comes down
  if (!advice.pull) return { full: false, why: shedding() };
  report.step('pulling');
  const pulled = await pull(phone, state);
  // a feed that cannot be read keeps no evidence back
  if (!pulled.full && !isAboutPull(pulled.why)) return pulled;
  if (pulled.full && pulled.reset) await suspect(phone);

  const sent = await sendRest(phone, state);
  if (!sent.full) return sent;
  if (!pulled.full) return pulled;
  await phone.store.put('lastFullRound', await bestTime(phone));
  await retire(phone);
  await carryOn(phone, state);
  await fetchPictures(phone, state);
  return { full: true };
}

/** What the server turns out to lack, and the photos. */
async function sendRest(phone: Phone, state: RoundState): Promise<RoundEnd> {
  const again = await checkKept(phone);
  if (!again.ok) return { full: false, why: again };
  if (again.value > 0) {
    state.report.step('sending');
    const repeated = await push(phone, state);
    if (!repeated.full) return repeated;
  }
  state.report.step('photos');
  return sendPhotos(phone, state);
}

/** A phone that is to leave: nothing comes down, so all is done when all has gone up. */
async function handOver(phone: Phone, state: RoundState): Promise<RoundEnd> {
  const sent = await sendRest(phone, state);
  if (!sent.full) return sent;
  await phone.store.put('lastFullRound', await bestTime(phone));
  await carryOn(phone, state);
  return (await leave(phone, () => sendRest(phone, state))) ? { full: false, why: 'wiped' } : { full: true };
}

/**
 * A phone that no longer belongs to the site, or whose log nobody vouches for: there is nothing for it to hear, but
 * what it has to tell is kept.
 */
async function sayAll(phone: Phone, state: RoundState, why: NoAnswer): Promise<RoundEnd> {
  if (why.slug !== 'device-revoked') return { full: false, why };
  await setDeviceState(phone, 'revoked');
  // it may be in anybody's hands: what is on it is shown to nobody
  await phone.store.drop('session');
  const pushed = await push(phone, state);
  if (!pushed.full) return pushed;
  const sent = await sendPhotos(phone, state);
  if (!sent.full) return sent;
  return { full: false, why: (await leave(phone, () => sendRest(phone, state))) ? 'wiped' : 'revoked' };
}

/** Whether a pull that failed says nothing of the network or of the server's load. */
function isAboutPull(why: NoAnswer | string): boolean {
  return typeof why === 'object' && (why.kind === 'refused' || why.kind === 'server') && ![429, 503].includes(why.status);
}

/** No batch may be larger than the server takes. */
function fit(pace: Pace, limits: HelloAnswer['limits']): void {
  pace.mostRecords = Math.min(PUSH_RECORDS, limits.push_records);
  pace.mostBytes = Math.min(PUSH_BYTES, limits.push_bytes);
  pace.records = Math.min(pace.records, pace.mostRecords);
  pace.bytes = Math.min(pace.bytes, pace.mostBytes);
}

/** What the server said, and of which log. */
type Greeted = { log: string; said: HelloAnswer };

/** Say hello. A log that the server does not know is opened first, with its first record. */
async function greet(phone: Phone, state: RoundState): Promise<Answer<Greeted>> {
  const first = await inTurn(phone, () => hello(phone));
  if (first.ok || first.slug !== 'unknown-log') return first;
  const head = await phone.store.head();
  const opening = head && (await phone.store.hashAt(head.log, 1));
  if (!opening) return first;
  await phone.store.resend([opening]);
  const opened = await push(phone, state, opening);
  return opened.full ? inTurn(phone, () => hello(phone)) : typeof opened.why === 'object' ? opened.why : first;
}

async function hello(phone: Phone): Promise<Answer<Greeted>> {
  const { store } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  if (!head || !key) return keyless();
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
  await followKey(phone, answer.value.server_keys ?? []);
  await keepAnchor(phone, key, clock, answer.value.anchor);
  const { state, uploads_only, name } = answer.value.device;
  await setDeviceState(phone, uploads_only ? 'draining' : state, name);
  await followSite(phone, answer.value.device.site);
  return { ok: true, value: { log: head.log, said: answer.value } };
}

/** What the browser says of its room; some never answer, and nothing waits for them. */
async function storage({ storage: ask, clock }: Phone): Promise<StorageSaid> {
  const unknown: StorageSaid = { persisted: null, usage: null, quota: null };
  if (!ask) return unknown;
  return new Promise((resolve) => {
    const off = clock.after(STORAGE_PATIENCE_MS, () => resolve(unknown));
    ask().then(resolve, () => resolve(unknown)).finally(off);
  });
}

/** Act on what the server has of `log`. */
async function heal(phone: Phone, { log, said }: Greeted): Promise<void> {
  await noteHistory(phone, said.epoch);
  await noteArchived(phone, log, said.log.archived_through);
  if (await hasDiverged(phone, log, said.log)) {
    await suspect(phone);
    await rotate(phone);
    return;
  }
  const lost = await lostOnServer(phone, log, said.log);
  // a server that lost some may have lost others that no number shows
  if (lost.ok && lost.value > 0) await suspect(phone);
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
