/** Photos: whole, one by one, after the records that name them. */
import { sha256Hex } from '../protocol/encoding';
import type { Bytes, LogKey } from '../protocol/ports';
import type { PhotoRow } from '../protocol/store';
import { apiOf, type Answer } from './api';
import type { Phone } from './phone';
import { push } from './push';
import { seal } from './seal';
import type { RoundEnd, RoundState } from './state';

/** After so many photos new records go first. */
const BETWEEN = 3;

export async function sendPhotos(phone: Phone, state: RoundState): Promise<RoundEnd> {
  const skip = new Set<string>();
  let stuck: Extract<RoundEnd, { full: false }> | null = null;
  for (let count = 0; ; count += 1) {
    if (state.signal.aborted) return { full: false, why: 'stopped' };
    if (count > 0 && count % BETWEEN === 0) {
      const pushed = await push(phone, state);
      if (!pushed.full) return pushed;
      state.report.step('photos');
    }
    const photo = await phone.store.nextPhoto(skip);
    if (!photo) break;
    const sent = await sendPhoto(phone, photo);
    if (!sent.ok) {
      // without a network, or when the disk over there is full, the next one fares no better
      if (sent.kind !== 'refused') return { full: false, why: sent };
      stuck = { full: false, why: sent };
      skip.add(photo.sha256);
    }
  }
  if (stuck) return stuck;
  // a damaged photo has left a record behind that says so
  const { unsent } = await phone.store.counts();
  return unsent > 0 ? pushRest(phone, state) : { full: true };
}

async function pushRest(phone: Phone, state: RoundState): Promise<RoundEnd> {
  const pushed = await push(phone, state);
  return pushed.full ? { full: true } : pushed;
}

/** Send one photo. It counts as sent by the server's word for its hash only; a damaged one is said to be. */
async function sendPhoto(phone: Phone, photo: PhotoRow): Promise<Answer<unknown>> {
  const { store } = phone;
  const key = photo.log === null ? null : await store.logKey(photo.log);
  const bytes = await store.photo(photo.sha256);
  if (!key || !bytes) return damaged(phone, photo, 'missing');
  if ((await sha256Hex(phone.crypto, bytes)) !== photo.sha256) return damaged(phone, photo, 'hash');
  const sent = await sendBytes(phone, key, { log: key.log, sha256: photo.sha256, mime: photo.mime, bytes });
  // the server has looked at the bytes: they are no picture
  if (!sent.ok && sent.slug === 'blob-type') return damaged(phone, photo, 'unreadable');
  if (!sent.ok) return sent;
  await store.photoSent(photo.sha256);
  return sent;
}

/** Send a photo to the address of the log that names it, under the proof of `key`: ok when the server has it whole. */
export async function sendBytes(
  phone: Phone,
  key: LogKey,
  { log, sha256, mime, bytes }: { log: string; sha256: string; mime: string; bytes: Bytes },
): Promise<Answer<unknown>> {
  const path = `/api/v1/blobs/${log}/${sha256}`;
  const there = await apiOf(phone).blob('HEAD', path, null, mime, key);
  return there.ok && there.value !== 200 ? apiOf(phone).blob('PUT', path, bytes, mime, key) : there;
}

async function damaged(phone: Phone, photo: PhotoRow, why: 'hash' | 'missing' | 'unreadable'): Promise<Answer<unknown>> {
  const device = await phone.store.get('device');
  const session = await phone.store.get('session');
  if (device) {
    await seal(phone, () => ({
      type: 'photo.corrupt',
      actor: session?.person ?? null,
      site: device.site.id,
      p: { sha256: photo.sha256, why },
    }));
  }
  await phone.store.photoLost(photo.sha256);
  return { ok: true, value: null };
}
