/** Rescue files as a phone writes them, for tests. */
import type { Bytes } from '../protocol/ports';
import { openSource } from '../rescue/raw';
import { lines } from '../rescue/write';

export const MADE_MS = 1_795_438_800_000;

/** The file of the phone whose database is `name`. */
export async function rescued(name: string): Promise<Blob> {
  const source = await openSource(name, indexedDB);
  if (!source) throw new Error('no such database');
  const parts: Bytes[] = [];
  for await (const line of lines(source, { app: '0.1.0', madeMs: MADE_MS })) parts.push(line);
  source.close();
  return new Blob(parts);
}

export type Line = Record<string, Record<string, unknown>>;

/** Its lines as objects. */
export async function linesOf(file: Blob): Promise<Line[]> {
  return (await file.text()).trimEnd().split('\n').map((line) => JSON.parse(line) as Line);
}

/** Put a row into a store of a database as it lies there, past the app. */
export async function putRaw(name: string, store: string, row: unknown): Promise<void> {
  await raw(name, (db) => db.transaction(store, 'readwrite').objectStore(store).put(row));
}

/** The rows of a store as they lie there. */
export async function allRaw(name: string, store: string): Promise<Record<string, unknown>[]> {
  return (await raw(name, (db) => db.transaction(store).objectStore(store).getAll())) as Record<string, unknown>[];
}

function raw(name: string, ask: (db: IDBDatabase) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.addEventListener('error', () => reject(opening.error!));
    opening.addEventListener('success', () => {
      const request = ask(opening.result);
      const end = (): void => opening.result.close();
      request.addEventListener('success', () => {
        end();
        resolve(request.result);
      });
      request.addEventListener('error', () => {
        end();
        reject(request.error!);
      });
    });
  });
}
