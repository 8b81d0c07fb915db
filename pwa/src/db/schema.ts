/**
 * The layout of the phone's database. Upgrades only ever add: an old tab may still run, and `upgradeneeded` never
 * rewrites data. The stores `keys`, `head` and `log` keep their layout from version 1.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type {
  CarriedLog, CarriedPhoto, CarriedRow, EntityRow, Head, Meta, PhotoRow, PictureRow, ReceiptRow, RecordRow, VerifierRow,
} from '../protocol/store'; // prettier-ignore

/** One key, alone in its store: a log's pair under the log's name, or the HMAC key under `mac`. */
export type KeyRow = { id: string; publicKey: string; key: CryptoKey };
export type ChunkRow = { sha256: string; i: number; bytes: ArrayBuffer };
export type MetaRow = { key: keyof Meta | 'ballast'; value: unknown };
export type DamagedRow = { id?: number; store: string; key: unknown; why: string; row: unknown };

export interface Schema extends DBSchema {
  keys: { key: string; value: KeyRow };
  head: { key: string; value: Head & { id: 'head' } };
  log: {
    key: string;
    value: RecordRow;
    indexes: { place: [string, number]; n: number; unsent: number; outcome: string };
  };
  photos: { key: string; value: PhotoRow; indexes: { unsent: number; sent: number } };
  chunks: { key: [string, number]; value: ChunkRow };
  rows: { key: [string, string]; value: EntityRow; indexes: { generation: number } };
  meta: { key: string; value: MetaRow };
  receipts: { key: string; value: ReceiptRow; indexes: { to: [string, number] } };
  verifiers: { key: string; value: VerifierRow };
  drafts: { key: string; value: { key: string; value: unknown } };
  damaged: { key: number; value: DamagedRow };
  carriedLogs: { key: string; value: CarriedLog };
  carried: { key: string; value: CarriedRow; indexes: { unsent: [string, number]; log: string } };
  carriedPhotos: { key: string; value: CarriedPhoto; indexes: { unsent: number; log: string } };
  carriedChunks: { key: [string, number]; value: ChunkRow };
  pictures: { key: string; value: PictureRow };
}
export type StoreName =
  | 'keys' | 'head' | 'log' | 'photos' | 'chunks' | 'rows' | 'meta' | 'receipts' | 'verifiers' | 'drafts' | 'damaged'
  | 'carriedLogs' | 'carried' | 'carriedPhotos' | 'carriedChunks' | 'pictures'; // prettier-ignore
export type Database = IDBPDatabase<Schema>;
export type Transaction = IDBPTransaction<Schema, StoreName[], 'readwrite'>;
type Upgrading = IDBPTransaction<Schema, StoreName[], 'versionchange'>;

/** Step i brings a database of version i to version i + 1. Never change a step that was released. */
const UPGRADES: ((db: Database) => void)[] = [
  (db) => {
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
  },
  // what this phone carries for another one, apart from its own
  (db) => {
    db.createObjectStore('carriedLogs', { keyPath: 'log' });
    const carried = db.createObjectStore('carried', { keyPath: 'hash' });
    carried.createIndex('unsent', 'unsent');
    carried.createIndex('log', 'log');
    const photos = db.createObjectStore('carriedPhotos', { keyPath: 'sha256' });
    photos.createIndex('unsent', 'unsent');
    photos.createIndex('log', 'log');
    db.createObjectStore('carriedChunks', { keyPath: ['sha256', 'i'] });
  },
  // plans of the site, which can come down again
  (db) => {
    db.createObjectStore('pictures', { keyPath: 'sha256' });
  },
];

/** What the database tells of its connection. */
export type Lines = {
  /** The connection is no longer to be used. */
  onLost: () => void;
  /** Another tab with an older app does not let go of the database. */
  onBlocked: () => void;
};

/**
 * Open the database. A layout that is newer than this app is used as it is, for layouts only grow; so is an older one
 * whose upgrade does not succeed: what it has not got is left out until the next opening.
 */
export async function openDatabase(name: string, { onLost, onBlocked }: Lines): Promise<Database> {
  const callbacks = {
    upgrade(db: Database, oldVersion: number, _newVersion: number | null, tx: Upgrading) {
      // the opening itself tells when it does not succeed
      tx.done.catch(() => undefined);
      for (const step of UPGRADES.slice(oldVersion)) step(db);
    },
    blocked: onBlocked,
    // another tab wants to upgrade: give way at once
    blocking(_current: number, _wanted: number | null, event: IDBVersionChangeEvent) {
      (event.target as IDBDatabase).close();
      onLost();
    },
    terminated: onLost,
  };
  try {
    return await openDB<Schema>(name, UPGRADES.length, callbacks);
  } catch (error) {
    return openAsItIs(name, callbacks, error);
  }
}

async function openAsItIs(name: string, callbacks: object, why: unknown): Promise<Database> {
  return openDB<Schema>(name, undefined, {
    ...callbacks,
    // there is no database yet: it must not come into being without its stores
    upgrade(_db, _old, _new, tx) {
      tx.done.catch(() => undefined);
      tx.abort();
    },
  }).catch(() => {
    throw why;
  });
}
