/** Reads codes out of pictures, off the page's thread. One message in, one answer out, in order. */
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** What the page asks: a frame as pixels, or a picture as a file. `id` comes back. */
export type ReadRequest = { id: number; image: ImageData | Blob };
/** A code that was read: its text and its four corners in pixels of the picture. */
export type Found = { text: string; corners: readonly (readonly [number, number])[] };
/** The answer; `found` is null where there is no code, `error` says that the reader itself cannot run. */
export type ReadAnswer = { id: number; found: Found | null; error?: string };

const ready = prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasmUrl : prefix + path) },
  fireImmediately: true,
});

self.addEventListener('message', (event: MessageEvent<ReadRequest>) => {
  const { id, image } = event.data;
  void read(image).then(
    (found) => postMessage({ id, found } satisfies ReadAnswer),
    (error: unknown) => postMessage({ id, found: null, error: String(error) } satisfies ReadAnswer),
  );
});

async function read(image: ImageData | Blob): Promise<Found | null> {
  await ready;
  const [code] = await readBarcodes(image, { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 1 });
  if (!code?.isValid) return null;
  const { topLeft, topRight, bottomRight, bottomLeft } = code.position;
  return { text: code.text, corners: [topLeft, topRight, bottomRight, bottomLeft].map((p) => [p.x, p.y] as const) };
}
