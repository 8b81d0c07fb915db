/** The database as the first version laid it out, word for word: what phones in the field have. It never changes. */
export const STORES_1 = [
  'keys', 'head', 'log', 'photos', 'chunks', 'rows', 'meta', 'receipts', 'verifiers', 'drafts', 'damaged',
] as const; // prettier-ignore

function layOut(db: IDBDatabase): void {
  db.createObjectStore('keys', { keyPath: 'id' });
  db.createObjectStore('head', { keyPath: 'id' });
  const log = db.createObjectStore('log', { keyPath: 'hash' });
  log.createIndex('place', ['log', 'seq']);
  log.createIndex('n', 'n');
  log.createIndex('unsent', 'unsent');
  log.createIndex('outcome', 'outcome');
  const photos = db.createObjectStore('photos', { keyPath: 'sha256' });
  photos.createIndex('unsent', 'unsent');
  photos.createIndex('sent', 'sent');
  db.createObjectStore('chunks', { keyPath: ['sha256', 'i'] });
  db.createObjectStore('rows', { keyPath: ['kind', 'id'] }).createIndex('generation', 'generation');
  db.createObjectStore('meta', { keyPath: 'key' });
  db.createObjectStore('receipts', { keyPath: 'key' }).createIndex('to', ['log', 'to']);
  db.createObjectStore('verifiers', { keyPath: 'person' });
  db.createObjectStore('drafts', { keyPath: 'key' });
  db.createObjectStore('damaged', { keyPath: 'id', autoIncrement: true });
}

/** Make a database of the first version with these rows, by store. */
export function databaseOf1(name: string, rows: Partial<Record<(typeof STORES_1)[number], unknown[]>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.addEventListener('upgradeneeded', () => layOut(opening.result));
    opening.addEventListener('error', () => reject(opening.error!));
    opening.addEventListener('success', () => {
      const db = opening.result;
      const tx = db.transaction(STORES_1 as unknown as string[], 'readwrite');
      for (const [store, some] of Object.entries(rows)) for (const row of some) tx.objectStore(store).put(row);
      tx.addEventListener('complete', () => {
        db.close();
        resolve();
      });
      tx.addEventListener('abort', () => reject(tx.error!));
    });
  });
}
