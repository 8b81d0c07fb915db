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

const order = (n: number, more: object, version = 1): FeedRow => {
  const id = `6f1e5a3e-0000-4c1a-9d8e-0000000001${String(n).padStart(2, '0')}`;
  const body = {
    id, number: `W-${n}`, kind: 'request', class: 'leak', urgency: 'normal', state: 'open', title: null, note: null, target: null, place: null,
    source: { kind: 'request', id, name: 'R-0001' }, assignee: null, holder: null, form: null, opened_ms: 1, due_ms: null, deadlines: [], next_due_ms: null,
    paused: null, done: null, returned: null, conflicts: 0, asks_signature: false, ...more,
  }; // prettier-ignore
  return { kind: 'order', id, scope: SITE, version, op: 'upsert', body };
};

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

  it('of who asked for an order come small first, the large ones while there is work, and go with the order', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const named = new Map<string, string>();
    for (const name of ['large', 'small', 'old large', 'old small']) {
      const bytes = utf8(name);
      const sha256 = await sha256Hex(phone.crypto, bytes);
      server.pictures.set(sha256, bytes);
      named.set(name, sha256);
    }
    const of = (large: string, small: string) => [{ sha256: named.get(large)!, width: 8, height: 6, thumb: named.get(small)! }];
    server.rows = [order(1, { photos: of('large', 'small') }), order(2, { state: 'done', photos: of('old large', 'old small') })];

    await round(phone);

    const kept = async (): Promise<string[]> => (await phone.store.pictures()).map((one) => one.sha256).sort();
    expect(await kept()).toEqual(['large', 'small', 'old small'].map((name) => named.get(name)!).sort());
    expect(server.asked.filter((path) => path.endsWith('/picture'))).toHaveLength(3);

    server.rows.push(order(1, { photos: [] }, 2));
    await round(phone);
    expect(await kept()).toEqual([named.get('old small')!]);
  });
});
