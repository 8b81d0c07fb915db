/** The store port on IndexedDB. */
import type { Bytes, Clock, Store } from '../protocol/ports';
import type { Change, Meta } from '../protocol/store';
import { connect, type Connection } from './connection';
import { feedPart } from './feed';
import { logPart } from './log';
import { photoPart } from './photos';
import { keepBallast } from './room';

/** Tells the other tabs of this phone what changed. */
export type Channel = { post(change: Change): void; listen(listener: (change: Change) => void): void };

export type OpenStore = Store & {
  /** Keep a reserve of `fill` for records; see `db/room.ts`. */
  reserve(fill: Bytes): Promise<void>;
  close(): void;
};

/** The phone's store in the database `name`. It opens with the first step and again whenever that is needed. */
export function openStore(name: string, clock: Clock, channel?: Channel): OpenStore {
  const db = connect(name, clock);
  const listeners = new Set<(change: Change) => void>();
  const tell = (change: Change): void => {
    for (const listener of listeners) listener(change);
  };
  const announce = (change: Change): void => {
    tell(change);
    channel?.post(change);
  };
  channel?.listen(tell);
  return {
    ...logPart(db, announce),
    ...photoPart(db, announce),
    ...feedPart(db, announce),
    ...valuePart(db, announce),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reserve: (fill) => keepBallast(db, fill),
    close: () => db.close(),
  };
}

type ValuePart = Pick<
  Store,
  'get' | 'put' | 'drop' | 'verifier' | 'countTry' | 'draft' | 'putDraft' | 'dropDraft'
>;

function valuePart(db: Connection, announce: (change: Change) => void): ValuePart {
  return {
    async get<K extends keyof Meta>(key: K) {
      const row = await db.run(['meta'], 'readonly', (tx) => tx.objectStore('meta').get(key));
      return (row?.value as Meta[K] | undefined) ?? null;
    },
    async put(key, value) {
      await db.run(['meta'], 'readwrite', (tx) => tx.objectStore('meta').put({ key, value }));
      announce({ meta: [key] });
    },
    async drop(key) {
      await db.run(['meta'], 'readwrite', (tx) => tx.objectStore('meta').delete(key));
      announce({ meta: [key] });
    },
    async verifier(person) {
      return (await db.run(['verifiers'], 'readonly', (tx) => tx.objectStore('verifiers').get(person))) ?? null;
    },
    async countTry(person) {
      return db.run(['verifiers'], 'readwrite', async (tx) => {
        const row = (await tx.objectStore('verifiers').get(person)) ?? { person, salt: null, mac: null, tries: 0 };
        const counted = { ...row, tries: row.tries + 1 };
        await tx.objectStore('verifiers').put(counted);
        return counted;
      });
    },
    async draft(key) {
      return (await db.run(['drafts'], 'readonly', (tx) => tx.objectStore('drafts').get(key)))?.value ?? null;
    },
    async putDraft(key, value) {
      await db.run(['drafts'], 'readwrite', (tx) => tx.objectStore('drafts').put({ key, value }));
    },
    async dropDraft(key) {
      await db.run(['drafts'], 'readwrite', (tx) => tx.objectStore('drafts').delete(key));
    },
  };
}
