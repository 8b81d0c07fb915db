/** What this phone cannot do, tried out before it joins: better said now than found out in a basement. */
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { browserStorage } from '../sync/ports-browser';

/** `secure`, `store` and `crypto` are needed; without the others the app works, and worse. */
export type Lack = 'secure' | 'store' | 'crypto' | 'keys' | 'camera' | 'persist' | 'worker' | 'install';

const NEEDED: readonly Lack[] = ['secure', 'store', 'crypto'];
/** Where the keys are tried out; it is gone afterwards. */
const TRIAL = 'roundsman-trial';

/** Whether a phone that lacks this cannot join at all. */
export const isNeeded = (lack: Lack): boolean => NEEDED.includes(lack);

/** Try everything; the gravest first. */
export async function lacks(): Promise<Lack[]> {
  // without a secure address the browser hides the rest, and that says nothing of the phone
  if (!isSecureContext) return ['secure'];
  const found: Lack[] = [];
  const kept = await keepsKeys();
  if (kept !== null) found.push(kept);
  if (!(await hasCamera())) found.push('camera');
  if (!('serviceWorker' in navigator)) found.push('worker');
  if ((await browserStorage().catch(() => null))?.persisted === false) found.push('persist');
  const { standalone } = navigator as Navigator & { standalone?: boolean };
  if (standalone !== true && !matchMedia('(display-mode: standalone)').matches) found.push('install');
  return found;
}

/** Make a key that cannot be exported, put it into a database, take it out again and sign with it. */
async function keepsKeys(): Promise<Lack | null> {
  if (!('indexedDB' in globalThis)) return 'store';
  if (!(globalThis.crypto as Crypto | undefined)?.subtle) return 'crypto';
  const db = await openTrial().catch(() => null);
  if (!db) return 'store';
  try {
    const how = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const pair = await crypto.subtle.generateKey(how, false, ['sign', 'verify']);
    await db.put('keys', pair.privateKey, 'key');
    const key = (await db.get('keys', 'key')) as CryptoKey;
    await crypto.subtle.sign(how, key, new Uint8Array(1));
    return key.extractable ? 'keys' : null;
  } catch {
    return 'keys';
  } finally {
    db.close();
    void deleteDB(TRIAL).catch(() => undefined);
  }
}

// where site data are forbidden the browser throws at once, and gives no promise that fails
async function openTrial(): Promise<IDBPDatabase> {
  return openDB(TRIAL, 1, { upgrade: (opening) => void opening.createObjectStore('keys') });
}

async function hasCamera(): Promise<boolean> {
  const devices = await (navigator.mediaDevices as MediaDevices | undefined)?.enumerateDevices().catch(() => []);
  return devices?.some(({ kind }) => kind === 'videoinput') ?? false;
}
