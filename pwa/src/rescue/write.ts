/** The rescue file, line by line, and where it goes. Its format is docs/protocol/rescue.md. */
import { utf8 } from '../protocol/encoding';
import type { Bytes } from '../protocol/ports';
import { sha256 } from '../protocol/sha256';
import type { Source } from './raw';

/** How far the file has come. */
export type Progress = { records: number; photos: number };

/** Every line of the file with its end, in order. Nothing is held but the line at hand. */
export async function* lines(
  source: Source,
  { app, madeMs }: { app: string; madeMs: number },
  progress: (so: Progress) => void = () => undefined,
): AsyncGenerator<Bytes> {
  const hasher = sha256();
  const line = (member: object): Bytes => {
    const bytes = utf8(`${JSON.stringify(member)}\n`);
    hasher.add(bytes);
    return bytes;
  };
  const { device, logs } = source;
  yield line({ rescue: 1, made_ms: madeMs, app, device, logs });
  const so = { records: 0, photos: 0 };
  for (const place of source.records) {
    const record = await source.record(place);
    if (!record) continue;
    yield line({ record });
    so.records += 1;
    progress({ ...so });
  }
  for (const photo of source.photos) {
    let isThere = false;
    for await (const piece of source.pieces(photo)) {
      yield line({ photo: piece });
      isThere = true;
    }
    if (!isThere) continue;
    so.photos += 1;
    progress({ ...so });
  }
  yield utf8(`${JSON.stringify({ end: { ...so, sha256: hasher.end() } })}\n`);
}

/** `roundsman-4号手机-20261123-0214.rescue`: a name that fits every file system. */
export function fileName(device: Source['device'], madeMs: number): string {
  const name = (device?.name ?? '').replace(/[^\p{L}\p{N}]+/gu, '');
  const time = new Date(madeMs).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return ['roundsman', ...(name === '' ? [] : [name]), time].join('-') + '.rescue';
}

/** Bytes that are gathered before they leave the memory of the page. */
const PART_BYTES = 1_048_576;

type Picker = (options: object) => Promise<{ createWritable(): Promise<Sink> }>;
type Sink = { write(data: Bytes): Promise<void>; close(): Promise<void>; abort?(): Promise<void> };

/**
 * Put the file where the person says: straight onto the disk where the browser can, else as a file of parts that the
 * browser keeps outside the page's memory, shared or downloaded. `written` false: the person called it off.
 */
export async function save(file: AsyncGenerator<Bytes>, name: string, page: Window = window): Promise<'written' | 'called-off'> {
  const picker = (page as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker;
  if (picker) {
    try {
      const handle = await picker.call(page, { suggestedName: name });
      const sink = await handle.createWritable();
      try {
        for await (const part of parts(file)) await sink.write(part);
        await sink.close();
      } catch (error) {
        await sink.abort?.();
        throw error;
      }
      return 'written';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'called-off';
      // a browser that shows the picker and then refuses still can download
      if (!(error instanceof DOMException && ['SecurityError', 'NotAllowedError'].includes(error.name))) throw error;
    }
  }
  const blobs: Blob[] = [];
  for await (const part of parts(file)) blobs.push(new Blob([part]));
  return hand(new File(blobs, name, { type: 'application/octet-stream' }), page);
}

async function* parts(file: AsyncGenerator<Bytes>): AsyncGenerator<Bytes> {
  let waiting: Bytes[] = [];
  let size = 0;
  for await (const line of file) {
    waiting.push(line);
    size += line.length;
    if (size < PART_BYTES) continue;
    yield together(waiting, size);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield together(waiting, size);
}

function together(lines: Bytes[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const line of lines) {
    whole.set(line, at);
    at += line.length;
  }
  return whole;
}

/** On a phone the share sheet leads to a colleague's chat; where there is none, to the downloads. */
async function hand(file: File, page: Window): Promise<'written' | 'called-off'> {
  const { navigator, document } = page;
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return 'written';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'called-off';
    }
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  // the download has begun; the browser holds the file
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return 'written';
}
