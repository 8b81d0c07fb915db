import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { freshName, joinedPhone, round, sealNote, sealPhoto, testClock, testPhone } from '../testing/phone';
import { STORES_1, databaseOf1 } from '../testing/layout1';
import { allRaw, putRaw } from '../testing/rescue';
import { fakeServer, type FakeServer } from '../testing/server';
import { openStore } from './store';

let server: FakeServer;
let name: string;

/** A phone of the first version, with work on it that was not sent. */
beforeEach(async () => {
  server = await fakeServer();
  const made = freshName();
  const phone = await joinedPhone(server, made);
  await sealNote(phone, 'from the first version');
  await sealPhoto(phone, 'a picture of then');
  const rows = Object.fromEntries(await Promise.all(STORES_1.map(async (store) => [store, await allRaw(made, store)] as const)));
  phone.store.close();
  name = freshName();
  await databaseOf1(name, rows);
});

const versionOf = async (): Promise<number | undefined> =>
  (await indexedDB.databases()).find((one) => one.name === name)?.version;

describe('a phone of the first version', () => {
  it('is opened by this app, keeps all it has, seals on in its chain and sends everything', async () => {
    const phone = testPhone(server, name);
    expect(await phone.store.counts()).toMatchObject({ unsent: 3, photosUnsent: 1 });
    expect((await sealNote(phone, 'from this version')).seq).toBe(4);
    expect(await versionOf()).toBe(3);
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(4);
    expect(server.photos.size).toBe(1);
  });

  it('whose upgrade is cut short works on with what it has, and is upgraded later', async () => {
    const real = IDBDatabase.prototype.createObjectStore;
    const dying = vi.spyOn(IDBDatabase.prototype, 'createObjectStore').mockImplementation(function (this: IDBDatabase, ...given) {
      if (given[0] === 'carriedPhotos') throw new DOMException('killed', 'AbortError');
      return real.apply(this, given);
    });
    const phone = testPhone(server, name);
    expect((await sealNote(phone)).seq).toBe(4);
    expect(await phone.store.carrying()).toEqual([]);
    expect(await round(phone)).toEqual({ full: true });
    expect(await versionOf()).toBe(1);
    phone.store.close();
    dying.mockRestore();

    const later = testPhone(server, name);
    expect((await sealNote(later)).seq).toBe(5);
    expect(await versionOf()).toBe(3);
  });

  it('that another tab holds open is said to be blocked, and opens when that tab is closed', async () => {
    const held = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      // a tab of an app that does not give way
      opening.addEventListener('success', () => resolve(opening.result));
    });
    const blocked = vi.fn();
    const store = openStore(name, testClock(), { onBlocked: blocked });
    const head = store.head();
    await vi.waitFor(() => expect(blocked).toHaveBeenCalled(), { timeout: 20_000 });
    held.close();
    expect((await head)?.seq).toBe(3);
  });
});

describe('an app of the first version after this one', () => {
  it('finds its stores as it left them', async () => {
    const phone = testPhone(server, name);
    await sealNote(phone);
    phone.store.close();
    const opened = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      opening.addEventListener('success', () => resolve(opening.result));
    });
    expect([...opened.objectStoreNames]).toEqual(expect.arrayContaining([...STORES_1]));
    const log = opened.transaction('log').objectStore('log');
    expect([log.keyPath, [...log.indexNames].sort()]).toEqual(['hash', ['n', 'outcome', 'place', 'unsent']]);
    opened.close();
  });
});

describe('damaged rows', () => {
  it.each([
    ['garbage', () => ({ hash: 'f'.repeat(64), unsent: 0.5 })],
    ['a row of no known layout', () => ({ hash: 'f'.repeat(64), unsent: 0.5, text: 'x', number: 7 })],
    ['a body cut short', (row: object) => ({ ...row, hash: 'f'.repeat(64), unsent: 0.5, body: '{"v":1,' })],
  ])('%s is set aside and shown, the rest is sent', async (_name, spoil) => {
    const [row] = (await allRaw(name, 'log')) as [object];
    await putRaw(name, 'log', spoil(row));
    const phone = testPhone(server, name);
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(3);
    expect(await phone.store.damaged()).toMatchObject([{ why: 'form' }]);
    expect((await phone.store.counts()).damaged).toBe(1);
  });

  it('one that looks whole but is not what was sealed is found before it is sent', async () => {
    const rows = (await allRaw(name, 'log')) as { seq: number; body: string; hash: string }[];
    const note = rows.find((row) => row.seq === 2)!;
    await putRaw(name, 'log', { ...note, body: note.body.replace('"urgency":"normal"', '"urgency":"urgent"') });
    const phone = testPhone(server, name);
    await round(phone);
    expect([...server.records.keys()]).not.toContain(note.hash);
    expect(await phone.store.damaged()).toMatchObject([{ why: 'hash', seq: 2, actor: expect.any(String) }]);
  });

  it('a damaged head is found again at the last record, and the chain goes on', async () => {
    await putRaw(name, 'head', { id: 'head', log: 7 });
    const phone = testPhone(server, name);
    expect((await sealNote(phone)).seq).toBe(4);
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(4);
  });

  it('are found without being sent, too', async () => {
    await putRaw(name, 'log', { hash: 'f'.repeat(64) });
    const phone = testPhone(server, name);
    expect(await phone.store.inspect()).toBe(1);
    expect(await phone.store.inspect()).toBe(0);
    expect(await phone.store.damaged()).toMatchObject([{ why: 'form', seq: null, actor: null }]);
  });
});
