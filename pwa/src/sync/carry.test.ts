import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { importRescue } from '../actions/rescue';
import { setRunning } from '../state/running';
import { freshName, joinedPhone, round, sealNote, sealPhoto, type TestPhone } from '../testing/phone';
import { linesOf, putRaw, rescued } from '../testing/rescue';
import { fakeServer, type FakeServer } from '../testing/server';
import { createEngine } from './engine';

let server: FakeServer;
let stranded: TestPhone;
let colleague: TestPhone;
let file: Blob;

beforeEach(async () => {
  server = await fakeServer();
  const name = freshName();
  stranded = await joinedPhone(server, name);
  await sealNote(stranded, 'one');
  await sealNote(stranded, 'two');
  await sealPhoto(stranded, 'a picture of it');
  file = await rescued(name);
  colleague = await joinedPhone(server);
  await round(colleague);
  const engine = createEngine(colleague, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
  engine.stop();
  setRunning({ phone: colleague, engine });
});

const bodiesThere = (): string[] => [...server.records.values()].map((one) => one.wire.body);

describe('a colleague carries the outbox', () => {
  it('the server gets every record and photo of the stranded phone, byte for byte', async () => {
    const taken = await importRescue(file);
    expect(taken).toMatchObject({ device: '4 号手机', added: 4, records: 4, photos: 1, bad: 0, cut: false });
    await round(colleague);
    for (const row of await stranded.store.records(9)) expect(bodiesThere()).toContain(row.body);
    expect([...server.photos.values()].map((bytes) => new TextDecoder().decode(bytes))).toEqual(['a picture of it']);
  });

  it('they stand apart from the carrier’s own, and are gone when all is stored', async () => {
    await importRescue(file);
    const log = (await stranded.store.head())!.log;
    expect(await colleague.store.carrying()).toMatchObject([{ log, device: { name: '4 号手机' }, records: 4, photos: 1 }]);
    expect(await colleague.store.records(9)).toHaveLength(1);
    expect(await colleague.store.counts()).toMatchObject({ unsent: 0, photosUnsent: 0 });
    await round(colleague);
    expect(await colleague.store.carrying()).toEqual([]);
    expect(await colleague.store.carriedUnsent(9, new Set())).toEqual([]);
  });

  it('twice, and while the phone itself sends, changes nothing', async () => {
    await importRescue(file);
    await importRescue(file);
    await round(stranded);
    const before = bodiesThere().length;
    await round(colleague);
    await importRescue(file);
    await round(colleague);
    expect(bodiesThere()).toHaveLength(before);
    expect(await colleague.store.carrying()).toEqual([]);
  });

  it('what goes wrong with them does not hold up the carrier’s own round', async () => {
    await importRescue(file);
    await sealNote(colleague, 'my own');
    for (const row of await stranded.store.records(9)) server.poison.add(row.body);
    expect(await round(colleague)).toEqual({ full: true });
    expect(await colleague.store.counts()).toMatchObject({ unsent: 0 });
    expect(await colleague.store.carrying()).toMatchObject([{ records: 4 }]);
  });

  it('one poison record stops none of the others', async () => {
    await importRescue(file);
    const rows = await stranded.store.records(9);
    server.poison.add(rows[1]!.body);
    await round(colleague);
    expect(await colleague.store.carrying()).toMatchObject([{ records: 1 }]);
    server.poison.clear();
    await round(colleague);
    expect(await colleague.store.carrying()).toEqual([]);
  });

  it.each(['forged', 'short', 'lost', 'html200', 'nonce'] as const)('an answer that is %s stores nothing', async (fault) => {
    await importRescue(file);
    server.fault('sync/push', fault, fault, fault, fault);
    await round(colleague);
    expect(await colleague.store.carrying()).toMatchObject([{ records: 4 }]);
  });

  it('a photo that no record names, or whose bytes are others, is not taken', async () => {
    const lines = await linesOf(file);
    const photo = lines.find((line) => line['photo'])!['photo']!;
    const foreign = { photo: { ...photo, sha256: 'ab'.repeat(32) } };
    const altered = { photo: { ...photo, data: 'AAAA', size: 3 } };
    for (const line of [foreign, altered]) {
      const without = lines.filter((one) => !one['photo']);
      const text = [...without.slice(0, -1), line].map((one) => `${JSON.stringify(one)}\n`);
      expect(await importRescue(new Blob(text))).toMatchObject({ photos: 0 });
    }
    expect(await colleague.store.nextCarriedPhoto(new Set())).toBeNull();
  });

  it('a damaged row is not sent, and reading the file again heals it', async () => {
    const name = freshName();
    const phone = await joinedPhone(server, name);
    const engine = createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
    engine.stop();
    setRunning({ phone, engine });
    await importRescue(file);
    const [row] = await phone.store.carriedUnsent(1, new Set());
    await putRaw(name, 'carried', { ...row!, body: row!.body.replace('"v":1', '"v":2') });
    await round(phone);
    expect(await phone.store.carrying()).toMatchObject([{ records: 1 }]);
    await importRescue(file);
    await round(phone);
    expect(await phone.store.carrying()).toEqual([]);
  });

  it('nonsense is refused with its name', async () => {
    await expect(importRescue(new Blob(['a shopping list']))).rejects.toMatchObject({ slug: 'rescue-other' });
  });
});
