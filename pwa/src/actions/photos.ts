/** Photos of a record: kept, read back and compared before the record names them. */
import { sha256Hex } from '../protocol/encoding';
import type { Bytes } from '../protocol/ports';
import type { BlobRef, PhotoMime } from '../protocol/records';
import { StoreError } from '../protocol/store';
import type { Phone } from '../sync/phone';

/** What the protocol takes, bytes. */
const MOST_BYTES = 12_582_912;
/** A record names at most this many. */
export const MOST_PHOTOS = 32;

export type Picture = { bytes: Uint8Array; role: BlobRef['role']; field: string | null };

/**
 * Keep pictures for a record and say how it names them. One that there is no room for is named as `lost`: the record
 * goes on without it and says so. Bytes that are no picture are passed over.
 */
export async function keepPictures(phone: Phone, pictures: readonly Picture[]): Promise<{ blobs: BlobRef[]; kept: boolean }> {
  const blobs: BlobRef[] = [];
  let kept = true;
  for (const { bytes: given, role, field } of pictures.slice(0, MOST_PHOTOS)) {
    const bytes = new Uint8Array(given);
    const mime = mimeOf(bytes);
    if (!mime || bytes.length > MOST_BYTES) {
      kept = false;
      continue;
    }
    const sha256 = await sha256Hex(phone.crypto, bytes);
    const blob: BlobRef = { sha256, size: bytes.length, mime, role, ...(field === null ? {} : { field }) };
    const isKept = await keep(phone, blob, bytes);
    kept &&= isKept;
    blobs.push(isKept ? blob : { ...blob, lost: true });
  }
  return { blobs, kept: kept && pictures.length <= MOST_PHOTOS };
}

/** The pictures of a record that are on the phone. */
export function keptOf(blobs: readonly BlobRef[]): string[] {
  return blobs.filter((blob) => !blob.lost).map((blob) => blob.sha256);
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
