/** Keys and signatures as texts: ECDSA P-256 with SHA-256. */
import { b64urlDecode, b64urlEncode, logId, utf8 } from './encoding';
import type { Crypto, LogKey } from './ports';

const SPKI_BYTES = 91;

/** A new key for a new log. */
export async function newLogKey(crypto: Crypto): Promise<LogKey> {
  const { privateKey, spki } = await crypto.newSigningKey();
  return { log: await logId(crypto, spki), publicKey: b64urlEncode(spki), privateKey };
}

/** A new key for a log in the declared weak mode: it proves requests, but signs no record. */
export async function newWeakLogKey(crypto: Crypto): Promise<LogKey> {
  const { privateKey, spki, jwk } = await crypto.newWeakKey();
  return { log: await logId(crypto, spki), publicKey: b64urlEncode(spki), privateKey, weak: jwk };
}

/** The key's signature of a text, base64url. */
export async function signText(crypto: Crypto, key: LogKey, text: string): Promise<string> {
  return b64urlEncode(await crypto.sign(key.privateKey, utf8(text)));
}

/** Whether `signature` is the key's over the text; junk is simply false. */
export async function verifyText(crypto: Crypto, publicKey: string, text: string, signature: string): Promise<boolean> {
  const spki = b64urlDecode(publicKey, SPKI_BYTES);
  const sig = b64urlDecode(signature, 64);
  return spki !== null && sig !== null && crypto.verify(spki, utf8(text), sig);
}
