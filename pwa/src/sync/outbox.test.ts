import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinedPhone, round, sealNote } from '../testing/phone';
import { fakeServer } from '../testing/server';

describe('records that do not get through', () => {
  it('a poison record stops nobody, and after eight lone failures goes by raw', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const before = await sealNote(phone);
    const bad = await sealNote(phone);
    const after = await sealNote(phone);
    server.poison.add((await phone.store.record(bad.hash))!.body);

    const end = await round(phone);

    expect(end).toMatchObject({ full: false, why: { status: 500 } });
    expect(server.records.has(before.hash) && server.records.has(after.hash)).toBe(true);
    expect((await phone.store.record(bad.hash))?.failed).toBe(1);
    for (let i = 2; i < 8; i += 1) await round(phone);
    expect(server.raw).toEqual([]);
    await round(phone);
    expect(server.raw).toEqual([(await phone.store.record(bad.hash))!.body]);
    expect(await phone.store.record(bad.hash)).toMatchObject({ outcome: 'quarantined', code: 'schema' });
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, refused: 1 });
    expect(await round(phone)).toEqual({ full: true });
  });

  it.each([429, 503, 507])('a server that takes no raw bytes just now (%d) ends the round, and the bytes stay', async (status) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const bad = await sealNote(phone);
    const body = (await phone.store.record(bad.hash))!.body;
    server.poison.add(body);
    for (let i = 1; i < 8; i += 1) await round(phone);
    server.fault('sync/raw', status);

    expect(await round(phone)).toMatchObject({ full: false, why: { status } });
    expect(server.raw).toEqual([]);
    expect(await phone.store.record(bad.hash)).toMatchObject({ body, unsent: expect.anything() });

    expect(await round(phone)).toEqual({ full: true });
    expect(server.raw).toEqual([body]);
  });

  it('a busy server is not taken for a bad batch', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/push', 503);
    await round(phone);
    expect((await phone.store.records(1))[0]?.failed).toBe(0);
  });

  it('a record whose bytes changed in the store is set aside, and the rest goes on', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const bad = await sealNote(phone);
    const good = await sealNote(phone);
    await tamper(bad.hash, (row) => ({ ...row, body: String(row['body']).replace('"kind":"other"', '"kind":"dirt"') }));

    await round(phone);

    expect(server.records.has(good.hash)).toBe(true);
    expect(server.records.has(bad.hash)).toBe(false);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, damaged: 1 });
  });

  it.each([
    ['garbage', () => ({ body: 7 })],
    ['no text', (row: Row) => ({ ...row, body: undefined })],
    ['a text that is no body', (row: Row) => ({ ...row, body: '[]' })],
  ])('a row that is %s is set aside, and the rest goes on', async (_what, damage) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const bad = await sealNote(phone);
    const good = await sealNote(phone);
    await tamper(bad.hash, damage);

    await round(phone);

    expect(server.records.has(good.hash)).toBe(true);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, damaged: 1 });
    expect(await phone.store.record(bad.hash)).toBeNull();
  });

  it('every row of the corpus is set aside, and the rest goes on', async () => {
    const cases = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../tests/corpus/bad/rows.json'), 'utf8'),
    ) as DamagedCase[];
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const bad: string[] = [];
    for (const damage of cases) {
      const { hash } = await sealNote(phone);
      await tamper(hash, (row) => damaged(row, damage));
      bad.push(hash);
    }
    const good = await sealNote(phone);

    await round(phone);

    expect(cases.length).toBeGreaterThan(50);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, damaged: cases.length });
    expect(server.records.has(good.hash)).toBe(true);
    expect(bad.filter((hash) => server.records.has(hash))).toEqual([]);
  });
});

type Row = Record<string, unknown>;

/** A member of a saved record's row, and what becomes of it; without any of the three it is gone. */
type DamagedCase = { name: string; member: string; value?: unknown; append?: string; cut?: number };

function damaged(row: Row, { member, value, append, cut }: DamagedCase): Row {
  const was = String(row[member]);
  if (append !== undefined) return { ...row, [member]: was + append };
  if (cut !== undefined) return { ...row, [member]: was.slice(0, Math.floor(was.length * cut)) };
  const { [member]: _gone, ...rest } = row;
  return value === undefined ? rest : { ...rest, [member]: value };
}

/** Change a row behind the store's back. */
async function tamper(hash: string, change: (row: Row) => Row): Promise<void> {
  const open = indexedDB.open((await indexedDB.databases()).at(-1)!.name!);
  const db = await new Promise<IDBDatabase>((resolve) => {
    open.addEventListener('success', () => resolve(open.result));
  });
  const tx = db.transaction('log', 'readwrite');
  const store = tx.objectStore('log');
  await new Promise<void>((resolve) => {
    const get = store.get(hash) as IDBRequest<Row>;
    get.addEventListener('success', () => store.put({ ...change(get.result), hash, unsent: get.result['unsent'] }));
    tx.addEventListener('complete', () => resolve());
  });
  db.close();
}
