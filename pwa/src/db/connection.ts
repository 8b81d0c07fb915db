/**
 * Transactions that survive a lost connection: iOS drops them when a page sleeps, a browser ends them under load.
 * A transaction is repeated as a whole, so each must do the same when it runs twice.
 */
import type { Clock } from '../protocol/ports';
import { StoreError } from '../protocol/store';
import { openDatabase, type Database, type StoreName, type Transaction } from './schema';

/** Waits before the second, third and fourth try, ms. */
const WAITS = [200, 1_000, 5_000];
/** A transaction or an opening that takes longer than this hangs, ms. */
const WATCHDOG_MS = 5_000;
/** Errors that another try cannot mend: they come from the code or the data, not from the connection. */
const OWN = ['DataCloneError', 'DataError', 'ConstraintError', 'NotFoundError', 'ReadOnlyError', 'SyntaxError'];

export type Connection = {
  /**
   * Run `body` in one transaction and wait until it is complete. Writes are strict: on the disk, not only on their
   * way. `body` may await nothing but its own requests. Throws `StoreError`.
   */
  run<T>(stores: StoreName[], mode: 'readonly' | 'readwrite', body: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `run`; `otherwise` where the database, of an older layout, has not got the stores. */
  runIfThere<T>(
    stores: StoreName[],
    mode: 'readonly' | 'readwrite',
    otherwise: T,
    body: (tx: Transaction) => Promise<T>,
  ): Promise<T>;
  close(): void;
  /**
   * Close for good, before the database is deleted: whoever still asks waits for ever. Each page that listens would
   * open it once more otherwise, and so make it anew.
   */
  end(): void;
};

/** `onBlocked` is called when another tab keeps the database from being upgraded. */
export function connect(name: string, clock: Clock, onBlocked: () => void = () => undefined): Connection {
  let opening: Promise<Database> | null = null;
  let hasEnded = false;

  const drop = (): void => {
    opening?.then((db) => db.close()).catch(() => undefined);
    opening = null;
  };

  async function once<T>(stores: StoreName[], mode: IDBTransactionMode, body: (tx: Transaction) => Promise<T>): Promise<T> {
    opening ??= openDatabase(name, { onLost: () => (opening = null), onBlocked });
    const db = await watched(clock, opening);
    const tx = db.transaction(stores, mode as 'readwrite', { durability: 'strict' }) as Transaction;
    // a body that fails must not leave its first half behind
    const work = (async () => body(tx))().catch((error: unknown) => {
      try {
        tx.abort();
      } catch {
        // it has ended by itself
      }
      throw tx.error ?? error;
    });
    const done = tx.done.catch((error: unknown) => {
      throw tx.error ?? error;
    });
    const [result] = await watched(clock, Promise.all([work, done]));
    return result;
  }

  const connection: Connection = {
    async run(stores, mode, body) {
      for (let attempt = 0; ; attempt += 1) {
        if (hasEnded) return new Promise<never>(() => undefined);
        try {
          return await once(stores, mode, body);
        } catch (error) {
          if (isQuota(error)) throw new StoreError('full', { cause: error });
          if (error instanceof DOMException && error.name === 'DataCloneError') throw new StoreError('keys', { cause: error });
          if (!mayPass(error)) throw error;
          const wait = WAITS[attempt];
          drop();
          if (wait === undefined) throw new StoreError('gone', { cause: error });
          await new Promise<void>((resolve) => clock.after(wait, resolve));
        }
      }
    },
    async runIfThere(stores, mode, otherwise, body) {
      try {
        return await connection.run(stores, mode, body);
      } catch (error) {
        if (error instanceof DOMException && error.name === 'NotFoundError') return otherwise;
        throw error;
      }
    },
    close: drop,
    end() {
      hasEnded = true;
      drop();
    },
  };
  return connection;
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function mayPass(error: unknown): boolean {
  return error instanceof Hung || (error instanceof DOMException && !OWN.includes(error.name));
}

class Hung extends Error {}

function watched<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const off = clock.after(WATCHDOG_MS, () => reject(new Hung()));
    work.then(resolve, reject).finally(off);
  });
}
