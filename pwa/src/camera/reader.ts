/** The code reader as a function: a picture in, a code or nothing out. It runs in a worker of its own. */
import { CODE_READER, trustedScript } from '../shell/trusted';
import type { Found, ReadAnswer, ReadRequest } from './reader.worker';

export type { Found } from './reader.worker';

export type Reader = {
  /** Look for one code. The pixels of an `ImageData` are moved to the worker and are gone afterwards. */
  read: (image: ImageData | Blob) => Promise<Found | null>;
  close: () => void;
};

/** Start the reader. `read` rejects when the reader itself cannot run, for example without its wasm. */
export function startReader(): Reader {
  const worker = new Worker(trustedScript(CODE_READER), { type: 'module' });
  const waiting = new Map<number, { done: (found: Found | null) => void; failed: (why: Error) => void }>();
  let last = 0;

  const failAll = (why: string): void => {
    for (const { failed } of waiting.values()) failed(new Error(why));
    waiting.clear();
  };
  worker.addEventListener('error', (event) => failAll(event.message || 'the code reader did not start'));
  worker.addEventListener('message', (event: MessageEvent<ReadAnswer>) => {
    const { id, found, error } = event.data;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.done(found);
    else asked?.failed(new Error(error));
  });

  return {
    read: (image) =>
      new Promise((done, failed) => {
        last += 1;
        waiting.set(last, { done, failed });
        const request: ReadRequest = { id: last, image };
        worker.postMessage(request, image instanceof Blob ? [] : [image.data.buffer]);
      }),
    close: () => {
      worker.terminate();
      failAll('closed');
    },
  };
}
