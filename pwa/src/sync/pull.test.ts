import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { parseOwn } from '../protocol/records';
import { GUARD, joinedPhone, round, sealNote } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';
import type { Phone } from './phone';

const NORTH = '6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09';

describe('what comes down', () => {
  const row = (id: number, version: number, op: 'upsert' | 'leave' = 'upsert') => ({
    kind: 'team',
    id: `6f1e5a3e-0000-4c1a-9d8e-0000000000${String(id).padStart(2, '0')}`,
    scope: SITE,
    version,
    op,
    body: op === 'leave' ? null : { id, name: { zh: `队 ${id} v${version}`, en: '' } },
  });
  const names = async (phone: Phone): Promise<unknown[]> =>
    (await phone.store.rows()).filter((one) => one.body).map((one) => (one.body!['name'] as { zh: string }).zh);

  it('comes page by page, and a later version wins', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [row(1, 1), row(2, 1), row(3, 1)];
    await round(phone);
    expect(await names(phone)).toEqual(['队 1 v1', '队 2 v1', '队 3 v1']);
    server.rows.push(row(1, 2), row(2, 2, 'leave'));
    await round(phone);
    expect(await names(phone)).toEqual(['队 1 v2', '队 3 v1']);
  });

  it('a reset begins a new generation and sweeps the old one; own records stay', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [row(1, 5), row(2, 5), row(3, 5)];
    await round(phone);
    // the server was set back: other rows, lower versions
    server.rows = [row(1, 2), row(4, 1)];
    server.pullReset = 'epoch';
    await sealNote(phone);
    expect(await round(phone)).toEqual({ full: true });
    expect(await names(phone)).toEqual(['队 1 v2', '队 4 v1']);
    expect(await phone.store.records(9)).toHaveLength(2);
  });

  it('a server that resets again and again is not asked any more, but records still go up', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [row(1, 1)];
    await round(phone);
    const resets: number[] = [];
    const note = await sealNote(phone);
    for (let i = 0; i < 3; i += 1) {
      server.pullReset = 'chain';
      const state = { resets };
      await round(phone, state);
      resets.push(phone.clock.mono());
    }
    server.pullReset = 'chain';
    expect(await round(phone, { resets })).toMatchObject({ full: false, why: { slug: 'reset' } });
    expect(server.records.has(note.hash)).toBe(true);
  });

  it('a site is shown when its snapshot is whole, not page by page, and goes on where it stopped', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [1, 2, 3, 4, 5].map((id) => row(id, 1));
    // the second page is lost on its way
    let pages = 0;
    server.during = async (path) => {
      if (path.endsWith('/snapshot') && (pages += 1) === 1) server.fault('snapshot', 'offline');
    };
    expect(await round(phone)).toMatchObject({ full: false });
    expect(await names(phone)).toEqual([]);
    // meanwhile one is renamed and one goes: both come after the snapshot, by pulling
    server.rows.push(row(1, 2), row(5, 2, 'leave'));
    expect(await round(phone)).toEqual({ full: true });
    expect(await names(phone)).toEqual(['队 1 v2', '队 2 v1', '队 3 v1', '队 4 v1']);
    // it went on where it had stopped: beginning again would have taken three pages
    expect(pages).toBe(2);
  });

  it('the world before is shown while it is fetched anew, and nothing of it outlives that', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [row(1, 1), row(2, 1), row(3, 1)];
    await round(phone);
    server.rows = [row(1, 1), row(2, 1), row(4, 1)];
    server.pullReset = 'horizon';
    server.fault('snapshot', 'offline');
    expect(await round(phone)).toMatchObject({ full: false });
    expect(await names(phone)).toEqual(['队 1 v1', '队 2 v1', '队 3 v1']);
    expect(await round(phone)).toEqual({ full: true });
    expect(await names(phone)).toEqual(['队 1 v1', '队 2 v1', '队 4 v1']);
  });

  it('a phone that moves shows the new site, locks, and keeps and sends what was recorded at the old one', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [row(1, 1), { ...row(2, 1), scope: NORTH }];
    await round(phone);
    expect(await names(phone)).toEqual(['队 1 v1']);
    await phone.store.put('session', { person: GUARD, since: 0 });
    const note = await sealNote(phone);
    server.site = NORTH;
    expect(await round(phone)).toEqual({ full: true });
    expect(await names(phone)).toEqual(['队 2 v1']);
    expect(await phone.store.get('session')).toBeNull();
    expect((await phone.store.get('device'))?.site).toEqual({ id: NORTH, name: { zh: '北区', en: 'North' } });
    const end = parseOwn((await phone.store.records(1))[0]!.body);
    expect(end).toMatchObject({ type: 'shift.end', site: SITE, actor: GUARD, p: { reason: 'moved' } });
    expect(server.records.has(note.hash)).toBe(true);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0 });
  });
});
