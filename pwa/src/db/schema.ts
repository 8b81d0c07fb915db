/**
 * The layout of the phone's database. Upgrades only ever add: an old tab may still run, and `upgradeneeded` never
 * rewrites data. The stores `keys`, `head` and `log` keep their layout from version 1.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type {
  EntityRow, Head, Meta, PhotoRow, ReceiptRow, RecordRow, VerifierRow,
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
}
export type StoreName =
  | 'keys' | 'head' | 'log' | 'photos' | 'chunks' | 'rows' | 'meta' | 'receipts' | 'verifiers' | 'drafts' | 'damaged'; // prettier-ignore
export type Database = IDBPDatabase<Schema>;
export type Transaction = IDBPTransaction<Schema, StoreName[], 'readwrite'>;

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
];

/** Open the database; `onLost` is called when the connection is no longer to be used. */
export async function openDatabase(name: string, onLost: () => void): Promise<Database> {
  const callbacks = {
    upgrade(db: Database, oldVersion: number) {
      for (const step of UPGRADES.slice(oldVersion)) step(db);
    },
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
    // an older app after a newer one: the layout only grew, so what it knows is all there
    if (error instanceof DOMException && error.name === 'VersionError') return openDB<Schema>(name, undefined, callbacks);
    throw error;
  }
}
