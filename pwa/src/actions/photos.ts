/** Photos of a record: kept, read back and compared before the record names them. */
import { sha256Hex } from '../protocol/encoding';
import type { Bytes } from '../protocol/ports';
import type { BlobMime, BlobRef, PhotoMime, VoiceMime } from '../protocol/records';
import { StoreError } from '../protocol/store';
import type { Phone } from '../sync/phone';
import { shrink } from './shrink';

/** What the protocol takes, bytes; a voice note has its own bound. */
const MOST_BYTES = 12_582_912;
const MOST_VOICE_BYTES = 524_288;
/** A record names at most this many. */
export const MOST_PHOTOS = 32;

/** Makes a picture smaller; null when it cannot. */
export type Shrink = (bytes: Bytes, mime: string) => Promise<Bytes | null>;
export type Picture = {
  bytes: Uint8Array;
  role: BlobRef['role'];
  field: string | null;
  /** What others call it by in `of`. */
  key?: string;
  /** This is the original of the picture with that key, which was drawn on. */
  of?: string;
};

/**
 * Keep pictures for a record and say how it names them. One that there is no room for is kept smaller; one that does
 * not fit even so is named as `lost`: the record goes on without it and says so. Bytes that are neither picture nor
 * voice note are passed over. Originals come last: they may be done without.
 */
export async function keepPictures(
  phone: Phone,
  pictures: readonly Picture[],
  smaller: Shrink = shrink,
): Promise<{ blobs: BlobRef[]; kept: boolean }> {
  const blobs: BlobRef[] = [];
  let kept = true;
  const named = new Map<string, string>();
  const inOrder = [...pictures.filter(({ of }) => of === undefined), ...pictures.filter(({ of }) => of !== undefined)];
  for (const { bytes: given, role, field, key, of } of inOrder.slice(0, MOST_PHOTOS)) {
    const bytes = new Uint8Array(given);
    const mime = role === 'voice' ? voiceMimeOf(bytes) : mimeOf(bytes);
    if (!mime || bytes.length > (role === 'voice' ? MOST_VOICE_BYTES : MOST_BYTES)) {
      kept = false;
      continue;
    }
    const drawn = of === undefined ? undefined : named.get(of);
    const about = { role, ...(field === null ? {} : { field }), ...(drawn === undefined ? {} : { of: drawn }) };
    const blob = await refTo(phone, bytes, { mime, ...about });
    const isKept = (await keep(phone, blob, bytes)) ? blob : await keepSmaller(phone, bytes, blob, smaller);
    kept &&= isKept !== null;
    blobs.push(isKept ?? { ...blob, lost: true });
    if (key !== undefined) named.set(key, (isKept ?? blob).sha256);
  }
  return { blobs, kept: kept && pictures.length <= MOST_PHOTOS };
}

/** What a record says of its pictures; nothing where there are none. */
export function withBlobs(blobs: BlobRef[]): { blobs?: BlobRef[] } {
  return blobs.length > 0 ? { blobs } : {};
}

/** The pictures of a record that are on the phone. */
export function keptOf(blobs: readonly BlobRef[]): string[] {
  return blobs.filter((blob) => !blob.lost).map((blob) => blob.sha256);
}

async function refTo(phone: Phone, bytes: Bytes, about: Omit<BlobRef, 'sha256' | 'size'>): Promise<BlobRef> {
  return { sha256: await sha256Hex(phone.crypto, bytes), size: bytes.length, ...about };
}

/** What the record names when the picture fits only as a smaller one; null when it does not fit at all. */
async function keepSmaller(phone: Phone, bytes: Bytes, { role, field, of }: BlobRef, smaller: Shrink): Promise<BlobRef | null> {
  if (role === 'voice') return null;
  const less = await smaller(bytes, mimeOf(bytes) ?? '');
  if (!less || less.length >= bytes.length || mimeOf(less) !== 'image/jpeg') return null;
  const blob = await refTo(phone, less, { mime: 'image/jpeg', role, ...(field === undefined ? {} : { field }), ...(of === undefined ? {} : { of }) });
  return (await keep(phone, blob, less)) ? blob : null;
}

async function keep(phone: Phone, { sha256, size, mime, role }: BlobRef, bytes: Bytes): Promise<boolean> {
  const { store, crypto, clock } = phone;
  try {
    await store.keepPhoto({ sha256, size, mime, role, keptAt: clock.wall() }, bytes);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'full') return false;
    throw error;
  }
  const back = await store.photo(sha256);
  return back !== null && (await sha256Hex(crypto, back)) === sha256;
}

/** What the bytes are, by their first ones; null for no picture that the server takes. */
export function mimeOf(bytes: Uint8Array): PhotoMime | null {
  const starts = (at: number, ...wanted: number[]): boolean => wanted.every((byte, i) => bytes[at + i] === byte);
  if (starts(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0, 0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  return starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50) ? 'image/webp' : null;
}

/** What a voice note is, by its first bytes; null for no sound that the server takes. */
export function voiceMimeOf(bytes: Uint8Array): VoiceMime | null {
  const starts = (at: number, ...wanted: number[]): boolean => wanted.every((byte, i) => bytes[at + i] === byte);
  if (starts(0, 0x1a, 0x45, 0xdf, 0xa3)) return 'audio/webm';
  return starts(4, 0x66, 0x74, 0x79, 0x70) ? 'audio/mp4' : null;
}

/** What a kept blob is, whatever its role. */
export function blobMimeOf(bytes: Uint8Array): BlobMime | null {
  return mimeOf(bytes) ?? voiceMimeOf(bytes);
}
