/**
 * The phone's database in memory, with what goes wrong with databases: a connection that is gone, a transaction that is
 * broken off at any of its requests, no room, and one that is written but never says so.
 */
import {
  IDBDatabase as FakeDatabase, IDBFactory as FakeFactory, IDBKeyRange as FakeKeyRange, IDBObjectStore as FakeObjectStore,
} from 'fake-indexeddb'; // prettier-ignore
import 'fake-indexeddb/auto';

/**
 * `lost`: no transaction begins, as on a page that slept · `broken`: it is aborted at its `at`-th write · `full`: as
 * many writes as `at` find no room · `mute`: it is written, and nobody is told.
 */
export type DiskFault = { kind: 'lost' | 'broken' | 'full' | 'mute'; at: number };

/** What is under way in all databases. */
let active = 0;
let fault: DiskFault | null = null;

/** Let this happen to the next transaction, once; null calls it off. */
export function failNext(next: DiskFault | null): void {
  fault = next;
}

/** Whether a transaction or an opening is under way. */
export function diskIsBusy(): boolean {
  return active > 0;
}

/** All databases are new and empty. */
export function newDisk(): void {
  active = 0;
  fault = null;
  globalThis.indexedDB = new FakeFactory();
}

type Row = unknown;
export type Image = { version: number; stores: { name: string; rows: Row[] }[] };

/** A copy of a whole database, as a backup of the phone holds it. */
export async function imageOf(name: string): Promise<Image> {
  const db = await opened(name);
  const stores: Image['stores'] = [];
  for (const store of db.objectStoreNames) {
    const tx = db.transaction(store, 'readonly');
    stores.push({ name: store, rows: await result(tx.objectStore(store).getAll()) });
  }
  const { version } = db;
  db.close();
  return { version, stores };
}

/** Put a copy into a database that has its layout already. */
export async function restoreImage(name: string, image: Image): Promise<void> {
  const db = await opened(name);
  for (const { name: store, rows } of image.stores) {
    const tx = db.transaction(store, 'readwrite');
    for (const row of rows) tx.objectStore(store).put(row);
    await new Promise((resolve) => tx.addEventListener('complete', resolve));
  }
  db.close();
}

/** Empty some stores, as a browser does that clears a part; returns what they held. */
export async function deleteFrom(name: string, stores: string[]): Promise<Row[]> {
  const db = await opened(name);
  const gone: Row[] = [];
  for (const store of stores) {
    const tx = db.transaction(store, 'readwrite');
    gone.push(...(await result(tx.objectStore(store).getAll())));
    await result(tx.objectStore(store).clear());
  }
  db.close();
  return gone;
}

async function opened(name: string): Promise<IDBDatabase> {
  return result(indexedDB.open(name));
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

// -- how the faults come about ---------------------------------------------------------------

const { transaction } = FakeDatabase.prototype;
FakeDatabase.prototype.transaction = function begin(this: IDBDatabase, ...given: Parameters<typeof transaction>) {
  const armed = fault;
  if (armed?.kind === 'lost') {
    fault = null;
    throw new DOMException('the connection is gone', 'InvalidStateError');
  }
  const tx = transaction.apply(this, given);
  active += 1;
  let isOver = false;
  const over = (): void => {
    if (!isOver) active -= 1;
    isOver = true;
  };
  const { dispatchEvent } = tx;
  tx.dispatchEvent = (event: Event) => {
    if (event.type === 'complete' || event.type === 'abort') over();
    if (event.type === 'complete' && armed?.kind === 'mute' && fault === armed) {
      fault = null;
      return true;
    }
    return dispatchEvent.call(tx, event);
  };
  return tx;
};

const { put } = FakeObjectStore.prototype;
for (const name of ['put', 'add'] as const) {
  const write = FakeObjectStore.prototype[name] as typeof put;
  FakeObjectStore.prototype[name] = function keep(this: IDBObjectStore, ...given: Parameters<typeof put>) {
    if (fault?.kind === 'full') {
      fault = fault.at > 1 ? { kind: 'full', at: fault.at - 1 } : null;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    if (fault?.kind === 'broken') {
      if (fault.at <= 1) {
        fault = null;
        this.transaction.abort();
        throw new DOMException('broken off', 'AbortError');
      }
      fault = { kind: 'broken', at: fault.at - 1 };
    }
    return write.apply(this, given);
  };
}

const { open } = FakeFactory.prototype;
FakeFactory.prototype.open = function begin(this: IDBFactory, ...given: Parameters<typeof open>) {
  const request = open.apply(this, given);
  active += 1;
  let isOver = false;
  const over = (): void => {
    if (!isOver) active -= 1;
    isOver = true;
  };
  for (const end of ['success', 'error', 'blocked']) request.addEventListener(end, over);
  return request;
};

/** Ranges under their global name, for code that runs without a browser. */
globalThis.IDBKeyRange ??= FakeKeyRange;
