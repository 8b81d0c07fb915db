/** How a phone joins, and how it asks the server about a PIN. */
import { enrolmentWord, signEnrolment } from '../protocol/enrolment';
import { newLogKey, newWeakLogKey } from '../protocol/keys';
import { ENROL_ANSWER, ENROL_STATE_ANSWER, SIGN_IN_ANSWER } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import type { Capabilities } from '../protocol/records';
import { StoreError, type DeviceState } from '../protocol/store';
import { apiOf, type Answer, type NoAnswer } from './api';
import { readClock, type Phone } from './phone';
import { ensureOpened } from './logs';
import { disbelieved } from './state';

/** How long a person waits for the server before the phone checks the PIN by itself, ms. */
const PIN_PATIENCE_MS = 4_000;

/**
 * Ask to join with the supervisor's code. The keys are kept before the code is used, so that an answer that is lost
 * can be asked for again with the same keys.
 */
export async function join(
  phone: Phone,
  code: string,
  name: string,
  capabilities: Capabilities,
): Promise<{ ok: true } | NoAnswer> {
  const key = await joiningKey(phone, code, capabilities);
  const request = {
    code,
    public_key: key.publicKey,
    sig: await signEnrolment(phone.crypto, key, code),
    name: name.slice(0, 80),
    app: phone.app,
    clock: readClock(phone.clock),
    capabilities,
  };
  const answer = await apiOf(phone).call('enrol', request, ENROL_ANSWER, null);
  if (!answer.ok) return answer;
  const { device, organisation, site, log, check_word, server_key, state } = answer.value;
  const word = await enrolmentWord(phone.crypto, code, key.publicKey);
  if (log !== key.log || check_word !== word) return disbelieved();
  await phone.store.finishJoin(
    { ...device, organisation, site, checkWord: check_word, serverKey: server_key, state },
    log,
  );
  return { ok: true };
}

async function joiningKey(phone: Phone, code: string, capabilities: Capabilities): Promise<LogKey> {
  const begun = await phone.store.get('joining');
  const kept = begun?.code === code ? await phone.store.logKey(begun.log) : await unvouchedKey(phone);
  if (kept) return kept;
  const key = await newLogKey(phone.crypto);
  if (await canKeep(phone, code, key, capabilities)) return key;
  // said openly: to the person on the screen, to the server in every record
  const weak = await newWeakLogKey(phone.crypto);
  await phone.store.beginJoin(code, weak, null, { ...capabilities, keys: 'extractable' });
  return weak;
}

/**
 * The key of a log that nobody vouches for, since the one before it lost its key: the phone joins again with it, and
 * what the server keeps apart has its turn.
 */
async function unvouchedKey(phone: Phone): Promise<LogKey | null> {
  const head = await phone.store.head();
  const opening = head && (await phone.store.hashAt(head.log, 1));
  const isUnknown = opening && (await phone.store.record(opening))?.code === 'unknown_log';
  return isUnknown ? phone.store.logKey(head.log) : null;
}

/** Keep the keys and read them back: some browsers take a key and hand nothing back. */
async function canKeep(phone: Phone, code: string, key: LogKey, capabilities: Capabilities): Promise<boolean> {
  try {
    await phone.store.beginJoin(code, key, await phone.crypto.newMacKey(), capabilities);
    const kept = await phone.store.logKey(key.log);
    return kept !== null && (await phone.crypto.sign(kept.privateKey, new Uint8Array(1))).length === 64;
  } catch (error) {
    if (error instanceof StoreError && error.kind !== 'keys') throw error;
    return false;
  }
}

/** Ask whether the supervisor has confirmed the phone; once confirmed, its log begins. */
export async function askState(phone: Phone): Promise<Answer<DeviceState>> {
  const key = await currentKey(phone);
  const device = await phone.store.get('device');
  if (!key || !device) return notJoined();
  const answer = await apiOf(phone).call('enrol-state', {}, ENROL_STATE_ANSWER, key);
  if (!answer.ok) return answer;
  const { state } = answer.value;
  if (state === 'active') await ensureOpened(phone);
  if (answer.value.person) await phone.store.put('expected', answer.value.person);
  if (state !== device.state) await phone.store.put('device', { ...device, state });
  return { ok: true, value: state };
}

/** Ask the server whether a PIN is right. */
export async function askPin(
  phone: Phone,
  person: string,
  pin: string,
): Promise<Answer<{ ok: boolean; tries_left: number | null; wait_s: number }>> {
  const key = await currentKey(phone);
  if (!key) return notJoined();
  return apiOf(phone).call('sign-in', { person, pin }, SIGN_IN_ANSWER, key, PIN_PATIENCE_MS);
}

async function currentKey(phone: Phone): Promise<LogKey | null> {
  const head = await phone.store.head();
  return head && phone.store.logKey(head.log);
}

function notJoined(): NoAnswer {
  return { ok: false, kind: 'refused', status: 0, slug: 'unknown-log', reason: '', retryAfterS: null };
}
