import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { noteArchived, retire } from '../sync/retention';
import type { FeedRow } from '../protocol/messages';
import { GUARD, fill, joinedPhone, round, sealNote, sealPhoto, type TestPhone } from '../testing/phone';
import { SITE, fakeServer, type FakeServer } from '../testing/server';

const DAY = 86_400_000;
let server: FakeServer;
let phone: TestPhone;
let log: string;

/** Days pass on the phone and on the server alike. */
async function pass(days: number): Promise<void> {
  phone.clock.pass(days * DAY);
  server.now += days * DAY;
}

const kept = async (): Promise<number[]> => (await phone.store.records(99)).map((row) => row.seq).sort((a, b) => a - b);

beforeEach(async () => {
  server = await fakeServer();
  phone = await joinedPhone(server);
  log = (await phone.store.head())!.log;
});

describe('when a person was erased', () => {
  const erase = (person: string): FeedRow => ({
    kind: 'erasure', id: person, scope: SITE, version: 1, op: 'upsert', body: { id: person, at_ms: 1 },
  }); // prettier-ignore

  it('the private parts and photos of their records go, once the server has them; others keep theirs', async () => {
    await sealNote(phone);
    const photo = await sealPhoto(phone, 'a leak');
    await round(phone);
    await sealNote(phone);
    expect(await texts()).toBe(2);
    await fill(phone.store, [erase('6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e99')], 'c1');
    expect(await phone.store.forgetErased()).toBe(0);
    expect(await texts()).toBe(2);

    await fill(phone.store, [erase(GUARD)], 'c2');
    expect(await phone.store.forgetErased()).toBe(2);

    expect(await texts()).toBe(1);
    expect(await phone.store.photo(photo)).toBeNull();
    expect(await phone.store.forgetErased()).toBe(0);
    await round(phone);
    expect(await texts()).toBe(0);
  });

  /** How many records still have a private part. */
  const texts = async (): Promise<number> =>
    (await phone.store.records(99)).filter((row) => Object.keys(row.private).length > 0).length;
});

describe('after a full round', () => {
  it('what the server has had for 90 days goes; the opening, the last one and what is younger stay', async () => {
    await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    await pass(50);
    await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    expect(await kept()).toEqual([1, 2, 3, 4, 5]);
    await pass(41);
    await round(phone);
    expect(await kept()).toEqual([1, 4, 5]);
    expect(await phone.store.oldest(log)).toBe(4);
    await pass(200);
    await round(phone);
    expect(await kept()).toEqual([1, 5]);
    // the chain goes on, and the server misses nothing
    expect((await sealNote(phone)).seq).toBe(6);
    expect(await round(phone)).toEqual({ full: true });
  });

  it('what a backup holds goes after a week, what it does not hold stays', async () => {
    for (let i = 0; i < 4; i += 1) await sealNote(phone);
    await round(phone);
    await noteArchived(phone, log, 3);
    await retire(phone);
    expect(await kept()).toEqual([1, 2, 3, 4, 5]);
    await pass(8);
    await retire(phone);
    expect(await kept()).toEqual([1, 4, 5]);
  });

  it('nothing unsent ever goes, nor what follows it', async () => {
    await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    await phone.store.resend([(await phone.store.hashAt(log, 2))!]);
    await pass(400);
    await noteArchived(phone, log, 99);
    await retire(phone);
    expect(await kept()).toEqual([1, 2, 3]);
  });

  it('a photo goes with its record, and one that was not sent holds its record', async () => {
    const sent = await sealPhoto(phone, 'sent');
    await round(phone);
    const waiting = await sealPhoto(phone, 'waiting');
    server.fault('/api/v1/blobs', ...Array<'offline'>(9).fill('offline'));
    await round(phone);
    await sealNote(phone);
    await pass(100);
    await retire(phone);
    expect(await phone.store.photo(sent)).toBeNull();
    expect(await phone.store.photo(waiting)).not.toBeNull();
    expect(await kept()).toEqual([1, 3, 4]);
    server.fault('nothing');
  });

  it('a clock that jumps ahead drops nothing: the server’s time counts', async () => {
    await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    phone.clock.set(phone.clock.wall() + 4_000 * DAY);
    await round(phone);
    expect(await kept()).toEqual([1, 2, 3]);
  });

  it('a record that stands beside the chain is not taken for archived', async () => {
    await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    const hash = (await phone.store.hashAt(log, 2))!;
    await phone.store.settle([{ hash, outcome: 'forked' }], null);
    await pass(8);
    await noteArchived(phone, log, 99);
    await retire(phone);
    expect(await kept()).toEqual([1, 2, 3]);
  });
});
