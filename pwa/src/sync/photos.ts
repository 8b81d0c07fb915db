/** Photos: one by one, piece by piece, after the records that name them. */
import { sha256Hex } from '../protocol/encoding';
import type { LogKey } from '../protocol/ports';
import type { PhotoRow } from '../protocol/store';
import type { Answer, NoAnswer, UploadSaid } from './api';
import { inTurn } from './locks';
import type { Phone } from './phone';
import { underProof } from './prover';
import { push } from './push';
import { seal } from './seal';
import { disbelieved, refused, stopped, type Pace, type RoundEnd, type RoundState } from './state';
import { ask, sendPiece, type Upload } from './tus';

/** After so many pieces new records go first. */
const BETWEEN = 3;
/** A piece has at most and at least so many bytes; on a slow network it shrinks, so that some progress is always kept. */
const MOST_PIECE = 262_144;
const LEAST_PIECE = 16_384;
/** How often within one round a piece is repeated or an upload begun anew. */
const AGAIN = 3;
/** The server looked at the bytes and will never take them. */
const HOPELESS = ['blob-type', 'blob-too-large'];

export async function sendPhotos(phone: Phone, state: RoundState): Promise<RoundEnd> {
  const skip = new Set<string>();
  let stuck: Extract<RoundEnd, { full: false }> | null = null;
  for (;;) {
    if (state.signal.aborted) return { full: false, why: 'stopped' };
    const photo = await phone.store.nextPhoto(skip);
    if (!photo) break;
    const sent = await sendPhoto(phone, state, photo);
    if (!sent.ok) {
      if (state.signal.aborted) return { full: false, why: 'stopped' };
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
async function sendPhoto(phone: Phone, state: RoundState, photo: PhotoRow): Promise<Answer<unknown>> {
  const { store } = phone;
  const { log } = photo;
  const bytes = await store.photo(photo.sha256);
  if (log === null || !bytes) return damaged(phone, photo, 'missing');
  if ((await sha256Hex(phone.crypto, bytes)) !== photo.sha256) return damaged(phone, photo, 'hash');
  const sent = await underProof(phone, log, (key) => {
    return sendBytes(phone, state, key, { log, sha256: photo.sha256, mime: photo.mime, bytes });
  });
  if (!sent.ok && HOPELESS.includes(sent.slug)) return damaged(phone, photo, 'unreadable');
  if (!sent.ok) return sent;
  await store.photoSent(photo.sha256);
  return sent;
}

/** Photos whose upload began and did not come to its end, as far as this page knows. */
const begun = new WeakMap<Phone, Set<string>>();
/** How many pieces were sent. */
const pieces = new WeakMap<RoundState, number>();

/**
 * Send a photo to the address of the log that names it, under the proof of `key`: ok when the server has it whole. It
 * goes on from where the server stands, and no piece is larger than the network bears.
 */
export async function sendBytes(phone: Phone, state: RoundState, key: LogKey, photo: Upload): Promise<Answer<unknown>> {
  const known = begun.get(phone) ?? new Set();
  begun.set(phone, known);
  // one that fits into a piece is one request; only what may be there in part is asked for first
  const isAsked = photo.bytes.length > state.pace.piece || known.has(photo.sha256);
  known.add(photo.sha256);
  const sent = await sendPieces(phone, state, key, photo, isAsked);
  if (sent.ok || HOPELESS.includes(sent.slug)) known.delete(photo.sha256);
  return sent;
}

async function sendPieces(
  phone: Phone,
  state: RoundState,
  key: LogKey,
  photo: Upload,
  isAsked: boolean,
): Promise<Answer<unknown>> {
  const { pace, signal } = state;
  let tries = AGAIN;
  let asks = isAsked;
  /** Where the server stands; null when it has nothing of the photo. */
  let offset: number | null = null;
  for (;;) {
    if (signal.aborted) return stopped();
    const over = asks ? null : await letRecordsPass(phone, state);
    if (over) return over;
    const size = pace.piece;
    const from: number | null = offset;
    const sent: Answer<UploadSaid> = await inTurn(phone, () => {
      return asks ? ask(phone, key, photo) : sendPiece(phone, key, photo, from, size);
    });
    if (!sent.ok) {
      if (asks || !mayBeThePiece(sent) || size <= LEAST_PIECE) return sent;
      pace.piece = Math.max(LEAST_PIECE, Math.floor(size / 2));
      // perhaps it was only the answer that did not come
      asks = true;
      continue;
    }
    const { slug, status, stored, offset: there }: UploadSaid = sent.value;
    if (stored === photo.sha256) return sent;
    // that it has every byte is not yet that it has the photo
    if (there !== null && there >= photo.bytes.length) return disbelieved();
    if (asks) {
      asks = false;
      offset = there;
      continue;
    }
    if (status >= 300) {
      if (tries === 0) return refused(status, slug);
      tries -= 1;
      // it stands elsewhere; the piece was damaged on its way; the whole was, or it is gone: then it is begun anew
      offset = slug === 'blob-offset' ? there : slug === 'blob-checksum' ? offset : null;
    } else {
      if (there === null || there <= (offset ?? -1)) return disbelieved();
      offset = there;
      grow(pace);
    }
  }
}

/** Before every fourth piece: new records wait for no photo. */
async function letRecordsPass(phone: Phone, state: RoundState): Promise<NoAnswer | null> {
  const count = pieces.get(state) ?? 0;
  pieces.set(state, count + 1);
  if (count === 0 || count % BETWEEN !== 0) return null;
  const pushed = await push(phone, state);
  state.report.step('photos');
  // a record that stays behind holds up no photo either
  if (pushed.full || typeof pushed.why === 'string' || pushed.why.kind === 'refused') return null;
  return pushed.why;
}

/** Whether a smaller piece may get through where this one did not. */
function mayBeThePiece({ kind, status }: NoAnswer): boolean {
  return kind === 'timeout' || status === 413;
}

function grow(pace: Pace): void {
  pace.piece = Math.min(MOST_PIECE, pace.piece + LEAST_PIECE);
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
