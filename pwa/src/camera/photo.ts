/** Pictures made small enough for a phone's store and a mobile network, as JPEG without the camera's notes. */

/** A picture's longer side in pixels: a dial stays readable, a photo stays near 300 KB. */
const LONG_SIDE = 1600;
const QUALITY = 0.82;

export type Photo = { bytes: Uint8Array; mime: 'image/jpeg' };

/**
 * Make a photo out of a file that the camera or the gallery gave.
 *
 * @throws when the browser cannot read the picture
 */
export async function takePhoto(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const bytes = await jpegOf(canvas);
  if (!bytes) throw new Error('the picture could not be made');
  return { bytes, mime: 'image/jpeg' };
}

/** The canvas as JPEG bytes, or null when the browser cannot. */
export async function jpegOf(canvas: HTMLCanvasElement): Promise<Uint8Array | null> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
}
