/** What the phone's side of the protocol is given: the six ports and the version of the app. */
import { parseAnchor, verifyAnchor, type Anchor } from '../protocol/anchors';
import { bestNow } from '../protocol/clocks';
import type { ClockReading } from '../protocol/messages';
import type { Clock, LogKey, Ports, Store } from '../protocol/ports';
import { keyName, newestKey, type SignedChange } from '../protocol/succession';

export type Phone = Ports & {
  /** The version of the app, at most 32 characters. */
  app: string;
  /** Drop what the browser keeps of this phone besides the store: the database itself, caches, small stores. */
  forget?: () => Promise<void>;
  /** What the browser says of the phone's store, bytes; absent where it says nothing. */
  storage?: () => Promise<{ persisted: boolean | null; usage: number | null; quota: number | null }>;
};

/** The clocks at this moment, as records and requests state them. */
export function readClock(clock: Clock): ClockReading {
  const zone = clock.zone();
  return {
    wall: Math.trunc(clock.wall()),
    mono: Math.max(0, Math.trunc(clock.mono())),
    boot: clock.boot,
    tz: /^[A-Za-z0-9_+\-/]{1,64}$/.test(zone) ? zone : 'UTC',
  };
}

/** The last anchor that was heard, or null. It was verified before it was kept. */
export async function lastAnchor(store: Store): Promise<{ token: string; anchor: Anchor } | null> {
  const token = await store.get('anchor');
  const anchor = token === null ? null : parseAnchor(token);
  return token !== null && anchor ? { token, anchor } : null;
}

/** The true time as this phone knows it best, ms. */
export async function bestTime(phone: Phone): Promise<number> {
  return bestNow((await lastAnchor(phone.store))?.anchor ?? null, readClock(phone.clock));
}

/** Believe the server's newer key, when the one that is known vouches for it. */
export async function followKey(phone: Phone, changes: readonly SignedChange[]): Promise<void> {
  const device = await phone.store.get('device');
  if (!device || changes.length === 0) return;
  const key = await newestKey(phone.crypto, device.serverKey.public_key, changes);
  const kid = key === device.serverKey.public_key ? null : await keyName(phone.crypto, key);
  if (kid !== null) await phone.store.put('device', { ...device, serverKey: { kid, public_key: key } });
}

/** Keep an anchor when it is the server's word for this log and these very clocks, and not an older one; null when the server gave none. */
export async function keepAnchor(phone: Phone, key: LogKey, sent: ClockReading, token: string | null): Promise<void> {
  const device = await phone.store.get('device');
  if (!device || token === null) return;
  const anchor = await verifyAnchor(phone.crypto, device.serverKey.public_key, key.log, token);
  const isOurs = anchor?.wall === sent.wall && anchor.mono === sent.mono && anchor.boot === sent.boot;
  if (!anchor || !isOurs) return;
  const last = await lastAnchor(phone.store);
  const isOvertaken = last?.anchor.boot === anchor.boot && last.anchor.mono > anchor.mono;
  if (!isOvertaken) await phone.store.put('anchor', token);
}
