import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { joinedPhone, round, sealNote } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';
import type { Phone } from './phone';

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
});
