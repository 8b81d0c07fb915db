/** Whose key proves a request that is about a log: its own, or the current one's that carries for it. */
import type { LogKey } from '../protocol/ports';
import type { Answer } from './api';
import type { Phone } from './phone';
import { keyless } from './state';

/**
 * Send something of `log`. Where its key is gone, or the server does not know the log any more, the current log's key
 * proves the request: what is sent vouches for itself.
 */
export async function underProof<T>(phone: Phone, log: string, send: (key: LogKey) => Promise<Answer<T>>): Promise<Answer<T>> {
  const own = await phone.store.logKey(log);
  const sent = own && (await send(own));
  // the answer to a HEAD has no words, only its status
  if (sent && (sent.ok || sent.status !== 401)) return sent;
  const head = await phone.store.head();
  const current = head && head.log !== log ? await phone.store.logKey(head.log) : null;
  return current ? send(current) : (sent ?? keyless());
}
