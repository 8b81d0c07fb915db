/** The store port on IndexedDB. */
import { parseAnchor } from '../protocol/anchors';
import { bestNow } from '../protocol/clocks';
import type { Clock, Store } from '../protocol/ports';
import type { Change, Meta } from '../protocol/store';
import { carriedPart } from './carried';
import { connect, type Connection } from './connection';
import { feedPart } from './feed';
import { keyPart } from './keys';
import { leavingPart } from './leaving';
import { logPart } from './log';
import { photoPart } from './photos';
import { freePictures, picturePart } from './pictures';
import { retentionPart } from './retention';
import { freeReference, freeSentPhotos, keepBallast, type Time } from './room';
import { soundPart } from './sound';

/** Tells the other tabs of this phone what changed. */
export type Channel = { post(change: Change): void; listen(listener: (change: Change) => void): void };

export type OpenStore = Store & { close(): void; end(): void };
export type StoreOptions = {
  channel?: Channel;
  /** Another tab keeps the database from being upgraded. */
  onBlocked?: () => void;
};

/** What is freed at once before a phone refuses to record, bytes. */
const ENOUGH = 20_971_520;

/** The phone's store in the database `name`. It opens with the first step and again whenever that is needed. */
export function openStore(name: string, clock: Clock, { channel, onBlocked }: StoreOptions = {}): OpenStore {
  const db = connect(name, clock, onBlocked);
  const now = (): Promise<number> => bestTime(db, clock);
  const time: Time = { now, pause: (ms) => new Promise((resolve) => clock.after(ms, resolve)) };
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
    ...keyPart(db, announce),
    ...logPart(db, time, announce),
    ...soundPart(db, announce),
    ...retentionPart(db, announce),
    ...photoPart(db, time, announce),
    ...picturePart(db, announce),
    ...carriedPart(db, announce),
    ...leavingPart(db, announce),
    ...feedPart(db, announce),
    ...valuePart(db, announce),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reserve: (fill) => keepBallast(db, fill),
    async makeRoom() {
      const pictures = await freePictures(db);
      const rows = await freeReference(db, await now());
      const bytes = await freeSentPhotos(db, ENOUGH);
      if (rows > 0) announce({ rows: true });
      if (bytes > 0) announce({ photos: true });
      if (pictures > 0) announce({ pictures: true });
      return rows + bytes + pictures > 0;
    },
    close: () => db.close(),
    end: () => db.end(),
  };
}

/** The true time as the phone knows it best, ms: a clock that is off must not make today's work look old. */
async function bestTime(db: Connection, clock: Clock): Promise<number> {
  const token = await db.run(['meta'], 'readonly', async (tx) => (await tx.objectStore('meta').get('anchor'))?.value);
  const anchor = typeof token === 'string' ? parseAnchor(token) : null;
  return bestNow(anchor, { wall: clock.wall(), mono: clock.mono(), boot: clock.boot });
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
