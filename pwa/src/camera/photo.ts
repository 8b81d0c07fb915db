/** Pictures made small enough for a phone's store and a mobile network, as JPEG without the camera's notes. */

/** A picture's longer side in pixels: a dial stays readable, a photo stays near 300 KB. */
const LONG_SIDE = 1600;
const QUALITY = 0.82;

export type Photo = { bytes: Uint8Array; mime: 'image/jpeg' };

/**
 * Make a photo out of a file that the camera or the gallery gave.
 *
 * @param stamp lines that are drawn onto its foot: when, where, who
 * @throws when the browser cannot read the picture
 */
export async function takePhoto(file: Blob, stamp: readonly string[] = []): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const to = canvas.getContext('2d')!;
  to.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  if (stamp.length > 0) drawStamp(to, canvas, stamp);
  const bytes = await jpegOf(canvas);
  if (!bytes) throw new Error('the picture could not be made');
  return { bytes, mime: 'image/jpeg' };
}

/** The canvas as JPEG bytes, or null when the browser cannot. */
export async function jpegOf(canvas: HTMLCanvasElement): Promise<Uint8Array | null> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
}

/** White on a dark foot, readable on any picture; a line that is too long is made narrower, never cut. */
function drawStamp(to: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement, lines: readonly string[]): void {
  const size = Math.max(16, Math.round(Math.max(width, height) / 40));
  const line = Math.round(size * 1.35);
  const foot = line * lines.length + size * 0.6;
  to.fillStyle = 'rgba(5, 10, 9, .78)';
  to.fillRect(0, height - foot, width, foot);
  to.fillStyle = '#ffffff';
  to.font = `600 ${size}px system-ui, sans-serif`;
  to.textBaseline = 'top';
  lines.forEach((text, i) => to.fillText(text, size * 0.6, height - foot + size * 0.4 + i * line, width - size * 1.2));
}
