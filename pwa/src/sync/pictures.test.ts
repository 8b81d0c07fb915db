import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { sha256Hex, utf8 } from '../protocol/encoding';
import type { FeedRow } from '../protocol/messages';
import { joinedPhone, round } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';

const row = (n: number, sha256: string, version = 1): FeedRow => ({
  kind: 'map',
  id: `6f1e5a3e-0000-4c1a-9d8e-0000000000${String(n).padStart(2, '0')}`,
  scope: SITE,
  version,
  op: 'upsert',
  body: { id: `6f1e5a3e-0000-4c1a-9d8e-0000000000${String(n).padStart(2, '0')}`, number: n, name: { zh: '图', en: '' }, image: { sha256, size: 9, width: 4, height: 3 }, pins: [] },
});

describe('pictures of the site', () => {
  it('come after the rows that name them, once, and go with the last row that does', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const [one, two] = [utf8('a plan'), utf8('a better one')];
    const [first, second] = [await sha256Hex(phone.crypto, one), await sha256Hex(phone.crypto, two)];
    server.pictures.set(first, one).set(second, two);
    server.rows = [row(1, first)];

    expect(await round(phone)).toEqual({ full: true });
    expect(await phone.store.picture(first)).toEqual(one);
    await round(phone);
    expect(server.asked.filter((path) => path.endsWith('/picture'))).toHaveLength(1);

    server.rows.push(row(1, second, 2));
    await round(phone);
    expect((await phone.store.pictures()).map((kept) => kept.sha256)).toEqual([second]);
  });

  it('that are not what their name says are not kept, and hold up nothing', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const good = utf8('a plan');
    const [named, missing] = [await sha256Hex(phone.crypto, good), 'ab'.repeat(32)];
    server.pictures.set('cd'.repeat(32), utf8('something else')).set(named, good);
    server.rows = [row(1, 'cd'.repeat(32)), row(2, missing), row(3, named)];

    expect(await round(phone)).toEqual({ full: true });

    expect((await phone.store.pictures()).map((kept) => kept.sha256)).toEqual([named]);
  });

  it('are given up first when there is no room, and asked for again', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const map = utf8('a plan');
    const name = await sha256Hex(phone.crypto, map);
    server.pictures.set(name, map);
    server.rows = [row(1, name)];
    await round(phone);

    expect(await phone.store.makeRoom()).toBe(true);
    expect(await phone.store.picture(name)).toBeNull();
    await round(phone);
    expect(await phone.store.picture(name)).toEqual(map);
  });
});
