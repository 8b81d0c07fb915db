/** A picture made smaller, for a phone that has little room left. */
import type { Bytes } from '../protocol/ports';

const LONG_SIDE = 1_024;
const QUALITY = 0.5;

/** The picture as a smaller JPEG, or null when the browser cannot make one. */
export async function shrink(bytes: Bytes, mime: string): Promise<Bytes | null> {
  try {
    const picture = await createImageBitmap(new Blob([bytes], { type: mime }));
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return blob && new Uint8Array(await blob.arrayBuffer());
  } catch {
    return null;
  }
}
