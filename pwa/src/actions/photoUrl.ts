/** A kept photo for the screen. */
import { running } from '../state/running';
import { blobMimeOf } from './photos';

const urls = new Map<string, string>();

/** An address of the photo within this page, or null when its bytes are no longer on the phone. */
export async function photoUrl(sha256: string): Promise<string | null> {
  const made = urls.get(sha256);
  if (made !== undefined) return made;
  const bytes = await running().phone.store.photo(sha256);
  const type = bytes && blobMimeOf(bytes);
  if (!bytes || !type) return null;
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  urls.set(sha256, url);
  return url;
}
