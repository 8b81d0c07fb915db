import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256Hex, utf8 } from '../protocol/encoding';
import type { Bytes } from '../protocol/ports';
import { StoreError } from '../protocol/store';
import { GUARD, fill, freshName, joinedPhone, sealNote, testClock, testPhone, type TestClock } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';
import { seal } from '../sync/seal';
import { webCrypto } from '../sync/webcrypto';
import { openStore } from './store';

afterEach(() => vi.restoreAllMocks());

/** Make every put into these stores fail for want of room until `limit` of them have failed. */
function noRoom(stores: string[], limit = Infinity): () => number {
  let failed = 0;
  for (const method of ['put', 'add'] as const) {
    const real = IDBObjectStore.prototype[method];
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...given) {
      if (!stores.includes(this.name) || failed >= limit) return real.apply(this, given);
      failed += 1;
      throw new DOMException('no room', 'QuotaExceededError');
    });
  }
  return () => failed;
}

const photoOf = async (bytes: Bytes) => ({
  sha256: await sha256Hex(webCrypto, bytes),
  size: bytes.length,
  mime: 'image/jpeg',
  role: 'photo' as const,
  keptAt: 1_000,
});

describe('no room', () => {
  it('for a record: the ballast goes first, and the record is saved', async () => {
    const phone = await joinedPhone(await fakeServer());
    await phone.store.reserve(() => new Uint8Array(1_000));
    const failures = noRoom(['log'], 1);
    const freed = vi.spyOn(IDBObjectStore.prototype, 'delete');
    const { seq } = await sealNote(phone);
    expect(failures()).toBe(1);
    expect(freed).toHaveBeenCalledWith('ballast');
    expect((await phone.store.head())?.seq).toBe(seq);
  });

  it('for a record: a browser that notices late that the reserve is gone is waited for', async () => {
    const phone = await joinedPhone(await fakeServer());
    await phone.store.reserve(() => new Uint8Array(1_000));
    const failures = noRoom(['log'], 2);
    const saved = sealNote(phone);
    await waited(phone.clock, 7_000);
    expect((await saved).seq).toBe(2);
    expect(failures()).toBe(2);
  });

  it('for a record, whatever is freed: said loudly, and nothing is half written', async () => {
    const phone = await joinedPhone(await fakeServer());
    const before = await phone.store.head();
    noRoom(['log']);
    await expect(sealNote(phone)).rejects.toMatchObject({ kind: 'full' });
    vi.restoreAllMocks();
    expect(await phone.store.head()).toEqual(before);
    expect(await phone.store.records(9)).toHaveLength(1);
    expect((await sealNote(phone)).seq).toBe(before!.seq + 1);
  });

  it('for the head: the record that went with it is not there either', async () => {
    const phone = await joinedPhone(await fakeServer());
    noRoom(['head']);
    await expect(sealNote(phone)).rejects.toBeInstanceOf(StoreError);
    vi.restoreAllMocks();
    expect(await phone.store.records(9)).toHaveLength(1);
  });

  it('for a photo: those that the server has go, the oldest first; those that it has not stay', async () => {
    const phone = await joinedPhone(await fakeServer());
    const photos = await Promise.all(['one', 'two', 'three', 'four'].map((text) => photoOf(utf8(text))));
    for (const [i, photo] of photos.slice(0, 3).entries()) {
      await phone.store.keepPhoto(photo, utf8(['one', 'two', 'three'][i]!));
      await seal(phone, () => ({ type: 'shift.end', actor: GUARD, site: SITE, p: { reason: 'person' } }), {
        photos: [photo.sha256],
      });
    }
    await phone.store.photoSent(photos[0]!.sha256);
    await phone.store.photoSent(photos[1]!.sha256);
    noRoom(['chunks'], 1);

    await phone.store.keepPhoto(photos[3]!, utf8('four'));

    const left = await Promise.all(photos.map(async (photo) => (await phone.store.photo(photo.sha256)) !== null));
    // the fourth asks for room for two of its size: the two that were sent give it
    expect(left).toEqual([false, false, true, true]);
    expect(await phone.store.photoRow(photos[0]!.sha256)).toMatchObject({ state: 'sent' });
  });

  it('for a photo, when nothing may go: refused, and the store is as before', async () => {
    const phone = await joinedPhone(await fakeServer());
    const bytes = utf8('a photo');
    noRoom(['chunks']);
    await expect(phone.store.keepPhoto(await photoOf(bytes), bytes)).rejects.toMatchObject({ kind: 'full' });
    vi.restoreAllMocks();
    expect(await phone.store.photoRows()).toEqual([]);
  });
});

describe('photos', () => {
  it('are kept in pieces and come back as they were', async () => {
    const phone = await joinedPhone(await fakeServer());
    const bytes = phone.random.bytes(600_000);
    const photo = await photoOf(bytes);
    await phone.store.keepPhoto(photo, bytes);
    expect(await phone.store.photo(photo.sha256)).toEqual(bytes);
  });

  it('a death between photo and record leaves a photo that nobody sends and the sweep takes', async () => {
    const phone = await joinedPhone(await fakeServer());
    const bytes = utf8('never named');
    const photo = await photoOf(bytes);
    await phone.store.keepPhoto({ ...photo, keptAt: 50_000 }, bytes);
    expect(await phone.store.nextPhoto(new Set())).toBeNull();
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 0 });

    await phone.store.sweepPhotos(40_000, 60_000);
    expect(await phone.store.photo(photo.sha256)).not.toBeNull();
    await phone.store.sweepPhotos(60_000, 70_000);
    expect(await phone.store.photo(photo.sha256)).toBeNull();
    expect(await phone.store.photoRows()).toEqual([]);
  });

  it('a photo that a record names is never swept', async () => {
    const phone = await joinedPhone(await fakeServer());
    const bytes = utf8('named');
    const photo = await photoOf(bytes);
    await phone.store.keepPhoto(photo, bytes);
    await seal(phone, () => ({ type: 'shift.end', actor: GUARD, site: SITE, p: { reason: 'person' } }), {
      photos: [photo.sha256],
    });
    await phone.store.sweepPhotos(Infinity, Infinity);
    expect(await phone.store.nextPhoto(new Set())).toMatchObject({ sha256: photo.sha256 });
  });
});

/** Let exactly the wait pass that somebody waits for. */
async function waited(clock: TestClock, ms: number): Promise<void> {
  await clock.waitedFor(ms);
  clock.pass(ms);
}

/** Let time pass until it is over. */
async function until(clock: TestClock, work: Promise<unknown>): Promise<void> {
  const isOver = (): Promise<boolean> =>
    Promise.race([work.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1))]);
  while (!(await isOver())) clock.pass(1_000);
}

describe('a connection that is lost', () => {
  it('in the middle of a transaction: it is opened again and the whole is repeated', async () => {
    const phone = await joinedPhone(await fakeServer());
    const real = IDBDatabase.prototype.transaction;
    let lost = 0;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...given) {
      if (lost < 2) {
        lost += 1;
        throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
      }
      return real.apply(this, given as Parameters<typeof real>);
    });
    const saved = sealNote(phone);
    for (const wait of [200, 1_000]) await waited(phone.clock, wait);
    expect((await saved).seq).toBe(2);
  });

  it('again and again: the store says that it is gone, and nothing is shown as saved', async () => {
    const phone = await joinedPhone(await fakeServer());
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('lost', 'UnknownError');
    });
    const saved = expect(sealNote(phone)).rejects.toMatchObject({ kind: 'gone' });
    await until(phone.clock, saved);
  });

  it('just after the record was written: the repeat does not write it twice', async () => {
    const phone = await joinedPhone(await fakeServer());
    const head = (await phone.store.head())!;
    const { hash } = await sealNote(phone);
    const row = (await phone.store.record(hash))!;
    expect(await phone.store.append(head, row, {})).toBe(true);
    expect(await phone.store.records(9)).toHaveLength(2);
    // but another record in a place that is taken is told so
    expect(await phone.store.append(head, { ...row, hash: 'f'.repeat(64) }, {})).toBe(false);
  });

  it('a transaction that hangs is given up and repeated', async () => {
    const phone = await joinedPhone(await fakeServer());
    const real = IDBDatabase.prototype.transaction;
    let hung = false;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...given) {
      const tx = real.apply(this, given as Parameters<typeof real>);
      if (!hung) {
        hung = true;
        // a suspended process: whoever asked hears nothing of it any more
        const deaf = vi.spyOn(tx, 'addEventListener').mockImplementation(() => undefined);
        queueMicrotask(() => deaf.mockRestore());
      }
      return tx;
    });
    const head = phone.store.head();
    await until(phone.clock, head);
    expect(hung).toBe(true);
    expect((await head)?.seq).toBe(1);
  });
});

describe('the database itself', () => {
  it('gives way to a newer app in another tab, and opens again after it', async () => {
    const name = freshName();
    const store = openStore(name, testClock());
    await store.put('epoch', 'e1');
    const newer = indexedDB.open(name, 7);
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      newer.addEventListener('upgradeneeded', () => newer.result.createObjectStore('of-a-newer-app'));
      newer.addEventListener('success', () => resolve(newer.result));
      newer.addEventListener('blocked', () => reject(new Error('blocked')));
    });
    upgraded.close();
    // the older app goes on with what it knows
    expect(await store.get('epoch')).toBe('e1');
  });

  it('is not made anew by whoever still asks once it has ended', async () => {
    const name = freshName();
    const store = openStore(name, testClock());
    await store.put('epoch', 'e1');
    const isThere = async (): Promise<boolean> => (await indexedDB.databases()).some((one) => one.name === name);
    store.end();
    indexedDB.deleteDatabase(name);
    let wasAnswered = false;
    void store.get('epoch').finally(() => (wasAnswered = true));
    await vi.waitFor(async () => expect(await isThere()).toBe(false));
    await new Promise((next) => setTimeout(next, 50));
    expect([wasAnswered, await isThere()]).toEqual([false, false]);
  });

  it('counts tries of a PIN one by one, whoever asks at once', async () => {
    const store = openStore(freshName(), testClock());
    await Promise.all([1, 2, 3].map(() => store.countTry(GUARD)));
    expect((await store.verifier(GUARD))?.tries).toBe(3);
  });

  it('a key that cannot be kept is said to be', async () => {
    const server = await fakeServer();
    const phone = testPhone(server);
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === 'keys') throw new DOMException('no clone', 'DataCloneError');
      return real.apply(this, given);
    });
    const key = await webCrypto.newMacKey();
    const log = { log: 'a'.repeat(26), publicKey: '', privateKey: key };
    await expect(phone.store.beginJoin('code', log, key, {})).rejects.toMatchObject({ kind: 'keys' });
  });

  it('the private key never leaves it', async () => {
    const phone = await joinedPhone(await fakeServer());
    const key = (await phone.store.logKey((await phone.store.head())!.log))!;
    expect(key.privateKey.extractable).toBe(false);
    expect((await phone.store.macKey())?.extractable).toBe(false);
  });
});

describe('rows that come down', () => {
  const id = '6f1e5a3e-0000-4c1a-9d8e-000000000001';
  const other = '6f1e5a3e-9999-4c1a-9d8e-000000000009';
  const row = (version: number, scope: string, op: 'upsert' | 'leave') => ({
    kind: 'team', id, scope, version, op, body: op === 'leave' ? null : { at: `${version}` },
  }); // prettier-ignore

  it.each([
    ['leaves first', [row(2, SITE, 'leave'), row(2, other, 'upsert')]],
    ['comes first', [row(2, other, 'upsert'), row(2, SITE, 'leave')]],
  ])('what moves to another site stays, when it %s', async (_order, rows) => {
    const store = openStore(freshName(), testClock());
    await fill(store, [row(1, SITE, 'upsert')], 'c1');
    const mark = await store.pullState();
    await store.applyPage(mark, rows, { ...mark, scopes: [SITE, other], shown: [SITE, other] });
    expect((await store.rows()).map((one) => one.body)).toEqual([{ at: '2' }]);
  });

  it('an older version changes nothing', async () => {
    const store = openStore(freshName(), testClock());
    await fill(store, [row(5, SITE, 'upsert')], 'c1');
    await fill(store, [row(4, SITE, 'upsert')], 'c2');
    expect((await store.rows()).map((one) => one.body)).toEqual([{ at: '5' }]);
  });

  it('a page for another bookmark is not applied at all', async () => {
    const store = openStore(freshName(), testClock());
    const before = await store.pullState();
    expect(await fill(store, [row(1, SITE, 'upsert')], 'c1', before)).toBe(true);
    expect(await fill(store, [row(9, SITE, 'upsert')], 'c9', before)).toBe(false);
    expect((await store.pullState()).cursor).toBe('c1');
    expect((await store.rows())[0]?.version).toBe(1);
  });
});

describe('durable', () => {
  it('every write asks for the disk before it counts as done', async () => {
    const asked: [IDBTransactionMode | undefined, IDBTransactionOptions | undefined][] = [];
    const real = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, stores, mode, options) {
      asked.push([mode, options]);
      return real.call(this, stores, mode, options);
    });
    await sealNote(await joinedPhone(await fakeServer()));
    const writes = asked.filter(([mode]) => mode === 'readwrite');
    expect(writes.length).toBeGreaterThan(3);
    for (const [, options] of writes) expect(options).toEqual({ durability: 'strict' });
  });
});
