/** A map of the site as an address that an image element takes. Whoever asked for it revokes it. */
import { running } from '../state/running';

/** Null while the phone has not got the picture. */
export async function pictureUrl(sha256: string): Promise<string | null> {
  const bytes = await running().phone.store.picture(sha256);
  return bytes && URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'image/jpeg' }));
}
