/** The proof that a request comes from the phone whose log it names: signed method, path, nonce and body. */
import { b64urlEncode, sha256Hex, utf8 } from './encoding';
import type { Bytes, Crypto, LogKey } from './ports';

/** The header in which every answer hands over the nonce for the next proof. */
export const NONCE_HEADER = 'Fieldsync-Nonce';
/** The SHA-256 of a photo that the server has whole: nothing else acknowledges one. */
export const STORED_HEADER = 'Fieldsync-Stored';
/** SHA-256 of an answer's message before compression: what a middleman changed is no answer. */
export const DIGEST_HEADER = 'Fieldsync-Digest';

export type Proven = {
  method: string;
  /** Path with the query, as sent. */
  path: string;
  /** The server's proof nonce. */
  nonce: string;
  /** The body as sent, compressed if it is. */
  body: Bytes;
};

/** The text that a proof signs. */
export async function proofMessage(crypto: Crypto, request: Proven): Promise<string> {
  const digest = await sha256Hex(crypto, request.body);
  return ['fieldsync/1 proof', request.method, request.path, request.nonce, digest].join('\n');
}

/** The Authorization header that proves a request. */
export async function authorization(crypto: Crypto, key: LogKey, request: Proven): Promise<string> {
  const sig = await crypto.sign(key.privateKey, utf8(await proofMessage(crypto, request)));
  return `Fieldsync log="${key.log}", nonce="${request.nonce}", sig="${b64urlEncode(sig)}"`;
}
