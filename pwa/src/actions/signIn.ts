/** A person begins and ends a shift on this phone. */
import { OFFLINE_TRIES, checkPin, isPin, makeVerifier } from '../protocol/enrolment';
import type { ShiftEndReason } from '../protocol/records';
import type { VerifierRow } from '../protocol/store';
import { isLeaving } from '../state/app';
import { deviceRow, session } from '../state/data';
import { running } from '../state/running';
import { askPin } from '../sync/join';
import { bestTime, type Phone } from '../sync/phone';
import { seal } from '../sync/seal';
import { ActionError, act, record } from './problem';

export type SignInResult =
  | { ok: true }
  | {
      ok: false;
      /** Null when nobody counts. */
      triesLeft: number | null;
      /** How long no PIN is taken, s. */
      waitS: number;
      /** This phone cannot tell by itself. */
      needsNetwork: boolean;
    };

/** Check a person's PIN, by the server where it answers, else by this phone. A try is counted before it is judged. */
export function signIn(person: string, pin: string): Promise<SignInResult> {
  return record(async () => {
    const { phone } = running();
    if (!isPin(pin)) return { ok: false, triesLeft: null, waitS: 0, needsNetwork: false };
    if (isLeaving()) throw new ActionError('device-draining');
    const asked = await askPin(phone, person, pin);
    if (!asked.ok) {
      if (asked.slug === 'device-revoked' || asked.slug === 'device-draining') throw new ActionError(asked.slug);
      if (asked.status === 429) return { ok: false, triesLeft: null, waitS: asked.retryAfterS ?? 60, needsNetwork: false };
      return offline(phone, person, pin);
    }
    const { ok, tries_left, wait_s } = asked.value;
    if (ok) {
      await beginShift(phone, person, await freshVerifier(phone, person, pin), true);
      return { ok: true };
    }
    // a PIN that was not looked at is no try
    if (tries_left !== null) await phone.store.countTry(person);
    return { ok: false, triesLeft: tries_left, waitS: wait_s, needsNetwork: false };
  });
}

/**
 * Ask the person who is signed in for the PIN once more, before what is theirs alone is shown. It begins no shift; this
 * phone checks it where it can, so that it works in a basement.
 */
export function proveAgain(pin: string): Promise<SignInResult> {
  return act(async () => {
    const { phone } = running();
    const person = session.value?.person;
    if (person === undefined || !isPin(pin)) return { ok: false, triesLeft: null, waitS: 0, needsNetwork: false };
    const here = await checkHere(phone, person, pin);
    if (here.ok || !here.needsNetwork) {
      if (here.ok) await proven(phone, person);
      return here.ok ? { ok: true } : here;
    }
    const asked = await askPin(phone, person, pin);
    if (!asked.ok) return asked.status === 429 ? { ...here, waitS: asked.retryAfterS ?? 60, needsNetwork: false } : here;
    if (asked.value.ok) await proven(phone, person);
    return asked.value.ok
      ? { ok: true }
      : { ok: false, triesLeft: asked.value.tries_left, waitS: asked.value.wait_s, needsNetwork: false };
  });
}

/** Who gave the PIN beside the one who is signed in, and has not scanned since; with what this phone checks it by. */
const seconds = new Map<string, VerifierRow>();

/** What is written with the scan of a second person, once for each PIN; throws `locked` without one. */
export function proofOfSecond(person: string): VerifierRow {
  const proof = seconds.get(person);
  seconds.delete(person);
  if (!proof) throw new ActionError('locked');
  return proof;
}

/**
 * Let the other one of a crew give the PIN on the phone that a colleague is signed in on. It ends no shift and begins
 * none; a wrong one counts as a try of the person whose PIN it is.
 */
export function proveSecond(person: string, pin: string): Promise<SignInResult> {
  return act(async () => {
    const { phone } = running();
    if (!isPin(pin) || session.value === null || session.value.person === person) return { ok: false, triesLeft: null, waitS: 0, needsNetwork: false };
    const here = await checkHere(phone, person, pin);
    if (here.ok) {
      seconds.set(person, { ...here.before, tries: 0 });
      return { ok: true };
    }
    if (!here.needsNetwork) return here;
    const asked = await askPin(phone, person, pin);
    if (!asked.ok) return asked.status === 429 ? { ...here, waitS: asked.retryAfterS ?? 60, needsNetwork: false } : here;
    if (asked.value.ok) seconds.set(person, { ...(await freshVerifier(phone, person, pin)), tries: 0 });
    return asked.value.ok ? { ok: true } : { ok: false, triesLeft: asked.value.tries_left, waitS: asked.value.wait_s, needsNetwork: false };
  });
}

/** Note when the person last gave the PIN. */
async function proven(phone: Phone, person: string): Promise<void> {
  const now = await phone.store.get('session');
  if (now?.person === person) await phone.store.put('session', { ...now, proven: await bestTime(phone) });
}

/** End the shift and lock. The outbox goes on uploading as the phone's. */
export function signOut(reason: ShiftEndReason): Promise<void> {
  return record(async () => {
    const { phone, engine } = running();
    await endShift(phone, reason);
    engine.wake('saved');
  });
}

async function offline(phone: Phone, person: string, pin: string): Promise<SignInResult> {
  const checked = await checkHere(phone, person, pin);
  if (!checked.ok) return checked;
  await beginShift(phone, person, checked.before, false);
  return { ok: true };
}

type CheckedHere = { ok: true; before: VerifierRow } | Extract<SignInResult, { ok: false }>;

/** Check a PIN by this phone's own verifier; `before` has the tries before the right one. */
async function checkHere(phone: Phone, person: string, pin: string): Promise<CheckedHere> {
  const known = await phone.store.verifier(person);
  const key = await phone.store.macKey();
  const needsNetwork = { ok: false, triesLeft: null, waitS: 0, needsNetwork: true } as const;
  if (!known?.salt || !known.mac || !key || known.tries >= OFFLINE_TRIES) return needsNetwork;
  const counted = await phone.store.countTry(person);
  // another tab has tried meanwhile
  if (counted.tries > OFFLINE_TRIES) return needsNetwork;
  if (await checkPin(phone.crypto, key, { salt: known.salt, mac: known.mac }, person, pin)) {
    return { ok: true, before: { ...counted, tries: counted.tries - 1 } };
  }
  const triesLeft = OFFLINE_TRIES - counted.tries;
  return { ok: false, triesLeft, waitS: 0, needsNetwork: triesLeft === 0 };
}

async function freshVerifier(phone: Phone, person: string, pin: string): Promise<VerifierRow> {
  const tries = (await phone.store.verifier(person))?.tries ?? 0;
  const key = await phone.store.macKey();
  if (!key) return { person, salt: null, mac: null, tries };
  return { person, tries, ...(await makeVerifier(phone.crypto, key, phone.random.bytes(16), person, pin)) };
}

async function beginShift(phone: Phone, person: string, verifier: VerifierRow, online: boolean): Promise<void> {
  const device = deviceRow.value;
  if (!device) throw new ActionError('locked');
  // only now: whoever gives a wrong PIN ends nobody's shift
  if (session.value && session.value.person !== person) await endShift(phone, 'switch');
  const since = await bestTime(phone);
  await seal(
    phone,
    () => ({
      type: 'shift.start',
      actor: person,
      site: device.site.id,
      p: { method: 'pin', online, failed_tries: verifier.tries },
    }),
    { session: { person, since }, verifier: { ...verifier, tries: 0 } },
  );
}

async function endShift(phone: Phone, reason: ShiftEndReason): Promise<void> {
  const device = deviceRow.value;
  const person = session.value?.person;
  if (!device || person === undefined) return;
  await seal(phone, () => ({ type: 'shift.end', actor: person, site: device.site.id, p: { reason } }), { session: null });
}
