/** How a phone joins and how it checks a PIN without a network (docs/protocol/enrolment.md). */
import { b64urlDecode, b64urlEncode, checkWord, utf8 } from './encoding';
import { signText } from './keys';
import type { Bytes, Crypto, LogKey } from './ports';

/** Rounds of PBKDF2 for an offline verifier. */
export const PIN_ROUNDS = 100_000;
/** Wrong tries without a network after which the network is needed. */
export const OFFLINE_TRIES = 8;

/** Whether `text` has the form of an enrolment code. */
export function isCode(text: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(text);
}

/** Whether `text` has the form of a PIN. */
export function isPin(text: string): boolean {
  return /^[0-9]{6}$/.test(text);
}

/** What a joining phone signs with its new key. */
export function enrolMessage(code: string, publicKey: string): string {
  return `fieldsync/1 enrol\n${code}\n${publicKey}`;
}

/** The phone's signature of its request to join. */
export async function signEnrolment(crypto: Crypto, key: LogKey, code: string): Promise<string> {
  return signText(crypto, key, enrolMessage(code, key.publicKey));
}

/** The word that both screens show while a supervisor confirms the phone. */
export async function enrolmentWord(crypto: Crypto, code: string, publicKey: string): Promise<string> {
  return checkWord(await crypto.sha256(utf8(`fieldsync/1 check\n${code}\n${publicKey}`)), 8);
}

/** What lets a phone check one person's PIN without a network: worthless without the phone's own key. */
export type PinVerifier = { salt: string; mac: string };

/** The verifier of a PIN that the server has just found right. */
export async function makeVerifier(
  crypto: Crypto,
  key: CryptoKey,
  salt: Bytes,
  person: string,
  pin: string,
): Promise<PinVerifier> {
  const derived = await crypto.pbkdf2(utf8(pin), salt, PIN_ROUNDS);
  const name = utf8(person);
  const message = new Uint8Array(name.length + derived.length);
  message.set(name);
  message.set(derived, name.length);
  return { salt: b64urlEncode(salt), mac: b64urlEncode(await crypto.mac(key, message)) };
}

/** Whether the PIN is the one that the verifier was made of. */
export async function checkPin(
  crypto: Crypto,
  key: CryptoKey,
  verifier: PinVerifier,
  person: string,
  pin: string,
): Promise<boolean> {
  const salt = b64urlDecode(verifier.salt, 16);
  if (!salt) return false;
  return (await makeVerifier(crypto, key, salt, person, pin)).mac === verifier.mac;
}
