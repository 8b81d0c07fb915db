import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { parseAnchor } from '../protocol/anchors';
import { firstBreak } from '../protocol/chain';
import { parseOwn } from '../protocol/records';
import { joinedPhone, round, sealNote, testPhone } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';

describe('a round', () => {
  it('sends every record in its order, once, and keeps the receipt', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 3; i += 1) await sealNote(phone);

    expect(await round(phone)).toEqual({ full: true });

    expect(server.pushes).toHaveLength(1);
    const links = server.pushes[0]!.map((hash) => {
      const { body } = server.records.get(hash)!.wire;
      return { seq: parseOwn(body).seq, prev: parseOwn(body).prev, hash };
    });
    expect(links.map((link) => link.seq)).toEqual([1, 2, 3, 4]);
    expect(firstBreak(links)).toBeNull();
    const counts = await phone.store.counts();
    expect(counts).toMatchObject({ unsent: 0, receivedUpTo: 4, refused: 0 });
    const row = (await phone.store.records(1))[0]!;
    expect((await phone.store.receipt(row.receipt!))?.checkWord).toMatch(/^([2-9A-Z]{4}-){2}[2-9A-Z]{4}$/);
    expect(parseAnchor((await phone.store.get('anchor'))!)?.server_ms).toBe(server.now);

    await round(phone);
    expect(server.pushes).toHaveLength(1);
  });

  it('begins a log with its opening, whatever is saved first', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const rows = await phone.store.records(10);
    expect(rows.map((row) => parseOwn(row.body).type)).toEqual(['log.open']);
    expect(rows[0]).toMatchObject({ seq: 1, unsent: 1 });
  });

  it('names its last anchor in the next record', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await round(phone);
    const { hash } = await sealNote(phone);
    const { t } = parseOwn((await phone.store.record(hash))!.body);
    expect(t.anchor).toBe(await phone.store.get('anchor'));
  });
});

describe('anchors', () => {
  it('one that another key signed is not kept', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/hello', 'forged');
    server.fault('sync/push', 'offline');
    await round(phone);
    expect(await phone.store.get('anchor')).toBeNull();
  });

  it('one for clocks that this phone did not state is not kept', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/push', 'offline');
    server.clockSkew = 5;
    await round(phone);
    expect(await phone.store.get('anchor')).toBeNull();
  });
});

describe('two at once', () => {
  it('two engines on one store send each record, and each page is applied once', async () => {
    const server = await fakeServer();
    const name = 'two-engines';
    const phone = await joinedPhone(server, name);
    const tab = testPhone(server, name);
    for (let i = 0; i < 5; i += 1) await sealNote(phone);
    server.rows = [1, 2, 3, 4, 5].map((i) => ({
      kind: 'team',
      id: `6f1e5a3e-0000-4c1a-9d8e-00000000000${i}`,
      scope: SITE,
      version: 1,
      op: 'upsert' as const,
      body: { i },
    }));

    await Promise.all([round(phone), round(tab)]);

    expect(server.records.size).toBe(6);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, receivedUpTo: 6 });
    expect(await tab.store.rows()).toHaveLength(5);
    expect((await tab.store.pullState()).cursor).toBe('5');
    expect((await phone.store.head())?.log).toBe((await phone.store.records(1))[0]?.log);
  });

  it('saves that race never take the same place', async () => {
    const server = await fakeServer();
    const name = 'racing-saves';
    const phone = await joinedPhone(server, name);
    const tab = testPhone(server, name);

    await Promise.all([...Array(8).keys()].map((i) => sealNote(i % 2 === 0 ? phone : tab, `note ${i}`)));

    const rows = (await phone.store.records(99)).toReversed();
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const links = rows.map((row) => ({ seq: row.seq, prev: parseOwn(row.body).prev, hash: row.hash }));
    expect(firstBreak(links)).toBeNull();
  });

  it('what is saved while a push is under way is not taken for sent', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    let late: string | null = null;
    server.during = async (path) => {
      if (!path.endsWith('/push') || late !== null) return;
      late = '';
      late = (await sealNote(phone, 'late')).hash;
    };
    await round(phone);
    expect(server.records.has(late!)).toBe(true);
    expect(server.pushes).toHaveLength(2);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0 });
  });
});
