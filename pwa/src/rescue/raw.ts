/**
 * What a phone keeps, read without the app: the database as it lies there, of whatever layout, with nothing believed.
 * The rescue file is made of it, by the safe page and by the app alike.
 */
import { b64urlEncode } from '../protocol/encoding';
import type { Bytes } from '../protocol/ports';

/** A record line without its line: what a push would send. */
export type Wire = { body: string; sig: string; alg: string; private?: Record<string, unknown>; sig_prev?: string };
export type LogLine = { log: string; public_key: string; alg: string };
export type PieceLine = { sha256: string; mime: string; size: number; i: number; of: number; data: string };
export type Source = {
  device: { id: string; name: string } | null;
  logs: LogLine[];
  /** Where the records are, those first that the server has not confirmed. */
  records: Place[];
  photos: Photo[];
  record(place: Place): Promise<Wire | null>;
  /** The pieces of a photo, one after the other; none when its bytes are not all here. */
  pieces(photo: Photo): AsyncGenerator<PieceLine>;
  close(): void;
};
export type Place = { store: string; key: IDBValidKey; log: string; seq: number; isUnsent: boolean };
export type Photo = { chunks: string; sha256: string; mime: string; isUnsent: boolean; order: number };

const PIECE_BYTES = 262_144;

/** Open what is there; null when there is no such database. Throws when the browser cannot open it. */
export async function openSource(name: string, indexedDB: IDBFactory): Promise<Source | null> {
  const db = await openRaw(name, indexedDB);
  if (!db) return null;
  const has = (store: string): boolean => db.objectStoreNames.contains(store);
  const meta = new Map<string, unknown>();
  // one by one by name: the reserve in this store is megabytes of nothing
  for (const key of ['device', 'weak', 'archived']) {
    const row = has('meta') ? await get(db, 'meta', key) : undefined;
    meta.set(key, objectOf(row)['value']);
  }
  const logs = new Map<string, LogLine>();
  const records: Place[] = [];
  for (const store of ['log', 'damaged', 'carried']) {
    if (has(store)) await scan(db, store, (key, value) => note(store, key, value, objectOf(meta.get('archived')), logs, records));
  }
  await nameKeys(db, has, meta.get('weak'), logs);
  return {
    device: deviceOf(meta.get('device')),
    logs: [...logs.values()],
    records: records.sort(byNeed),
    photos: await photosOf(db, has),
    record: async ({ store, key }) => wireOf(recordIn(store, await get(db, store, key))),
    pieces: (photo) => piecesOf(db, photo),
    close: () => db.close(),
  };
}

function openRaw(name: string, indexedDB: IDBFactory): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    // without a number: whatever layout is there
    const opening = indexedDB.open(name);
    let isNew = false;
    opening.addEventListener('upgradeneeded', () => {
      isNew = true;
      opening.transaction?.abort();
    });
    opening.addEventListener('success', () => {
      const db = opening.result;
      // an app that upgrades must not wait for this page
      db.addEventListener('versionchange', () => db.close());
      resolve(db);
    });
    opening.addEventListener('error', () => (isNew ? resolve(null) : reject(opening.error ?? new Error('not opened'))));
  });
}

function get(db: IDBDatabase, store: string, key: IDBValidKey): Promise<unknown> {
  return asked(() => db.transaction(store).objectStore(store).get(key)).catch(() => undefined);
}

function asked<T>(ask: () => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = ask();
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('not read')));
  });
}

/** Every row of a store, one at a time; a row that cannot be read ends it, and what came before counts. */
function scan(db: IDBDatabase, store: string, see: (key: IDBValidKey, value: unknown) => void): Promise<void> {
  return new Promise((resolve) => {
    const request = db.transaction(store).objectStore(store).openCursor();
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (!cursor) return resolve();
      see(cursor.primaryKey, cursor.value);
      cursor.continue();
    });
    request.addEventListener('error', () => resolve());
  });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A record that was set aside stands inside the row that says why. */
function recordIn(store: string, value: unknown): Record<string, unknown> {
  const row = objectOf(value);
  return store === 'damaged' ? objectOf(row['row']) : row;
}

function note(
  store: string,
  key: IDBValidKey,
  value: unknown,
  archived: Record<string, unknown>,
  logs: Map<string, LogLine>,
  records: Place[],
): void {
  const row = recordIn(store, value);
  const wire = wireOf(row);
  if (!wire) return;
  const body = bodyOf(wire.body);
  const log = textOr(body['log'], textOr(row['log'], ''));
  const seq = numberOr(body['seq'], numberOr(row['seq'], 0));
  if (log !== '' && !logs.has(log)) logs.set(log, { log, public_key: '', alg: wire.alg });
  const payload = objectOf(body['p']);
  const known = logs.get(log);
  if (known && body['type'] === 'log.open') known.public_key = textOr(payload['public_key'], '');
  const isUnsent = store === 'damaged' || row['unsent'] !== undefined;
  // only what the server took in its place is known to be in its backups
  const isPlain = row['outcome'] === 'applied' || (row['outcome'] === 'duplicate' && row['code'] === null);
  if (!isUnsent && isPlain && seq <= numberOr(archived[log], 0)) return;
  records.push({ store, key, log, seq, isUnsent });
}

/** Unsent before confirmed, own before carried, then by log and number. */
function byNeed(a: Place, b: Place): number {
  const order = (place: Place): number => (place.isUnsent ? 0 : 2) + (place.store === 'carried' ? 1 : 0);
  return order(a) - order(b) || (a.log < b.log ? -1 : a.log > b.log ? 1 : a.seq - b.seq);
}

function wireOf(row: Record<string, unknown>): Wire | null {
  const { body, sig, alg, sigPrev } = row;
  if (typeof body !== 'string' || body === '') return null;
  const parts = objectOf(row['private']);
  return {
    body,
    sig: textOr(sig, ''),
    alg: textOr(alg, 'ES256'),
    ...(Object.keys(parts).length > 0 ? { private: parts } : {}),
    ...(typeof sigPrev === 'string' ? { sig_prev: sigPrev } : {}),
  };
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The public halves, where the openings of the logs are no longer here. */
async function nameKeys(
  db: IDBDatabase,
  has: (store: string) => boolean,
  weak: unknown,
  logs: Map<string, LogLine>,
): Promise<void> {
  for (const line of logs.values()) {
    if (line.public_key !== '') continue;
    const kept = has('keys') ? objectOf(await get(db, 'keys', line.log)) : {};
    const carried = has('carriedLogs') ? objectOf(await get(db, 'carriedLogs', line.log)) : {};
    const found = [kept['publicKey'], carried['publicKey'], objectOf(objectOf(weak)[line.log])['publicKey']];
    line.public_key = found.find((key): key is string => typeof key === 'string' && key !== '') ?? '';
  }
}

function deviceOf(value: unknown): Source['device'] {
  const { id, name } = objectOf(value);
  return typeof id === 'string' ? { id, name: textOr(name, '') } : null;
}

async function photosOf(db: IDBDatabase, has: (store: string) => boolean): Promise<Photo[]> {
  const found: Photo[] = [];
  for (const [store, chunks] of [['photos', 'chunks'], ['carriedPhotos', 'carriedChunks']] as const) {
    if (!has(store) || !has(chunks)) continue;
    await scan(db, store, (key, value) => {
      const row = objectOf(value);
      const isUnsent = typeof row['unsent'] === 'number';
      if (typeof key !== 'string' || (!isUnsent && row['log'] === null)) return;
      const order = numberOr(row['unsent'], numberOr(row['sent'], 0));
      found.push({ chunks, sha256: key, mime: textOr(row['mime'], 'image/jpeg'), isUnsent, order });
    });
  }
  return found.sort((a, b) => Number(b.isUnsent) - Number(a.isUnsent) || a.order - b.order);
}

async function* piecesOf(db: IDBDatabase, { chunks, sha256, mime }: Photo): AsyncGenerator<PieceLine> {
  const range = IDBKeyRange.bound([sha256, 0], [sha256, Infinity]);
  const keys = await asked(() => db.transaction(chunks).objectStore(chunks).getAllKeys(range)).catch(() => []);
  if (keys.length === 0) return;
  let size = 0;
  for (const key of keys) size += (await bytesAt(db, chunks, key)).length;
  if (Math.ceil(size / PIECE_BYTES) !== keys.length) return;
  for (const [i, key] of keys.entries()) {
    yield { sha256, mime, size, i, of: keys.length, data: b64urlEncode(await bytesAt(db, chunks, key)) };
  }
}

async function bytesAt(db: IDBDatabase, store: string, key: IDBValidKey): Promise<Bytes> {
  const { bytes } = objectOf(await get(db, store, key));
  return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(0);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
