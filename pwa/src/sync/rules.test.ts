import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { utf8 } from '../protocol/encoding';
import { NetError, type Net, type NetRequest } from '../protocol/ports';
import { StoreError } from '../protocol/store';
import { CODE, GUARD, joinedPhone, nothingLost, round, sealNote, sealPhoto, testPhone, type TestPhone } from '../testing/phone';
import { SITE, fakeServer, type FakeServer } from '../testing/server';
import { backoffMs, retryAfterS } from './backoff';
import { createEngine } from './engine';
import { join } from './join';
import { ensureKey, rotate } from './logs';
import { newPace } from './state';

const MINUTE = 60_000;
const WALL = 1_795_438_800_000;
const silent = { step: () => undefined, trouble: () => undefined, inFlight: () => undefined };

/** A busy server, whatever is asked, that says `retryAfter`. */
function busy(status: number, retryAfter: string | null): Net {
  const headers: Record<string, string | null> = { 'content-type': 'text/plain', 'retry-after': retryAfter };
  return { send: async () => ({ status, header: (name) => headers[name.toLowerCase()] ?? null, body: new Uint8Array(0) }) };
}

describe('what a busy server asks for', () => {
  it.each([
    [null, null],
    ['', null],
    ['soon', null],
    ['1e9', null],
    ['7', 7],
    ['0', 0],
    ['-5', -5],
    ['3.5', 3.5],
    ['99999999999999', 99_999_999_999_999],
    ['Wed, 21 Oct 2015 07:28:00 GMT', -350_026_320],
    ['Mon, 23 Nov 2026 13:01:00 GMT', 60],
  ])('%s is %s seconds', (text, seconds) => {
    expect(retryAfterS(text, null, WALL)).toBe(seconds);
  });

  it('a date counts from the answer’s own date, not from a phone’s wrong clock', () => {
    const date = 'Mon, 23 Nov 2026 13:00:00 GMT';
    expect(retryAfterS('Mon, 23 Nov 2026 13:00:20 GMT', date, 0)).toBe(20);
  });

  it.each([null, '', 'soon', '0', '-5', '7', '99999999999', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    'Retry-After %s: the next round comes after 5 s to half an hour and its own spread, never at once for all',
    async (asked) => {
      for (const status of [429, 503]) {
        const phone = await joinedPhone(await fakeServer());
        const requests = vi.fn(busy(status, asked).send);
        const engine = createEngine({ ...phone, net: { send: requests }, random: { ...phone.random, share: () => 0.5 } }, silent);
        await engine.syncNow();
        const tries = requests.mock.calls.length;
        const seconds = retryAfterS(asked, null, phone.clock.wall());
        const least = seconds === null ? 2_500 : Math.min(Math.max(seconds, 5), 1_800) * 1_000 + 2_500;
        await phone.clock.advance(least - 1);
        expect(requests.mock.calls.length).toBe(tries);
        await phone.clock.advance(2);
        expect(requests.mock.calls.length).toBeGreaterThan(tries);
        engine.stop();
      }
    },
  );

  it('is added to the spread, and the cap comes before the spread', () => {
    expect(backoffMs(40, 0.001, null)).toBe(900);
    expect(backoffMs(1, 0.5, 99_999_999_999)).toBe(30 * MINUTE + 2_500);
  });
});

describe('a reason to compare everything', () => {
  it('outlives a round that broke off before it came to that', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await round(phone);
    await sealNote(phone);
    server.epoch = 'epoch-2';
    server.fault('sync/push', 'offline');
    expect(await round(phone)).toMatchObject({ full: false });
    server.asked = [];
    expect(await round(phone)).toEqual({ full: true });
    expect(server.asked.some((path) => path.endsWith('/have'))).toBe(true);
  });

  it('makes it ask for its photos too, for a server may have a record and not its photo', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const photo = await sealPhoto(phone, 'a photo');
    await round(phone);
    server.photos.delete(photo);
    server.epoch = 'epoch-2';
    expect(await round(phone)).toEqual({ full: true });
    expect(server.photos.has(photo)).toBe(true);
  });

  it('comes once a day, then for the photos of the last days only', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const doubted = vi.spyOn(phone.store, 'doubtPhotos');
    await round(phone);
    await round(phone);
    expect(doubted.mock.calls).toEqual([[-Infinity]]);
    await phone.clock.advance(25 * 60 * MINUTE);
    server.now += 25 * 60 * MINUTE;
    await round(phone);
    expect(doubted.mock.calls[1]).toEqual([phone.clock.wall() - 3 * 24 * 60 * MINUTE]);
  });
});

/** As if the browser had dropped the keys of the logs so far. */
async function dropKeys(phone: TestPhone): Promise<string> {
  const { log } = (await phone.store.head())!;
  const { logKey } = phone.store;
  phone.store.logKey = (name) => (name === log ? Promise.resolve(null) : logKey(name));
  return log;
}

describe('a key that is gone', () => {
  it('does not keep a person from saving, and the current log carries what the lost key had signed', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const before = await sealNote(phone, 'before');
    const photo = await sealPhoto(phone, 'a photo');
    const old = await dropKeys(phone);

    const after = await sealNote(phone, 'after');
    expect(await round(phone)).toEqual({ full: true });

    const head = (await phone.store.head())!;
    expect(head.log).not.toBe(old);
    expect(server.records.get(before.hash)).toMatchObject({ log: old });
    expect(server.records.get(after.hash)).toMatchObject({ log: head.log });
    expect(server.photos.has(photo)).toBe(true);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, photosUnsent: 0 });
    await nothingLost(phone, server);
  });

  it('where the browser keeps keys no longer, goes on in a weak log', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await dropKeys(phone);
    const { rotate } = phone.store;
    phone.store.rotate = (expected, key, first) => {
      return key.weak ? rotate(expected, key, first) : Promise.reject(new StoreError('keys'));
    };
    await ensureKey(phone);
    const { hash } = await sealNote(phone);
    expect(await phone.store.record(hash)).toMatchObject({ alg: 'none', sig: '' });
  });

  it('joins again with the key of the log that nobody vouches for', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await dropKeys(phone);
    await sealNote(phone);
    const { log } = (await phone.store.head())!;
    const opening = (await phone.store.hashAt(log, 1))!;
    await phone.store.settle([{ hash: opening, outcome: 'quarantined', code: 'unknown_log' }], null);
    expect(await join(phone, `${CODE.slice(0, -1)}x`, 'Phone 4', {})).toEqual({ ok: true });
    expect(await phone.store.head()).toMatchObject({ log, seq: 2 });
  });

  it('a log that the server has forgotten is carried by the current one', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await round(phone);
    const { hash } = await sealNote(phone);
    const old = (await phone.store.head())!.log;
    await rotate(phone);
    server.logs.delete(old);
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.has(hash)).toBe(true);
    expect((await phone.store.record(hash))?.unsent).toBeUndefined();
  });
});

describe('batches', () => {
  /** How many records each push brought, while `fails` says what becomes of it. */
  async function pushed(server: FakeServer, phone: TestPhone, fails: (request: NetRequest) => void, rounds = 1): Promise<number[]> {
    const send = (request: NetRequest): ReturnType<Net['send']> => {
      if (request.path.endsWith('/push')) fails(request);
      return server.net.send(request);
    };
    const pace = newPace();
    for (let i = 0; i < rounds; i += 1) await round({ ...phone, net: { send } }, { pace });
    return server.pushes.map((batch) => batch.length);
  }

  it('are no larger than the server takes', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 4; i += 1) await sealNote(phone);
    server.limits = { push_records: 2 };
    expect(await pushed(server, phone, () => undefined)).toEqual([2, 2, 1]);
  });

  it('shrink when they do not get through in time, down to one record, and grow again', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 7; i += 1) await sealNote(phone);
    const slow = (request: NetRequest): void => {
      if (request.body!.length > 1_500) throw new NetError('timeout');
    };
    expect(await pushed(server, phone, slow, 3)).toEqual(Array<number>(8).fill(1));
    expect(await phone.store.counts()).toMatchObject({ unsent: 0 });
  });

  it('shrink also when the connection breaks, for some middlemen break what is too long', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 7; i += 1) await sealNote(phone);
    const breaks = (request: NetRequest): void => {
      if (request.body!.length > 4_000) throw new NetError('offline');
    };
    await pushed(server, phone, breaks, 4);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0 });
  });

  it('a good record that a bad network never lets through is not handed over as raw bytes', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const timeout = (): never => {
      throw new NetError('timeout');
    };
    await pushed(server, phone, timeout, 12);
    expect(server.raw).toEqual([]);
    expect(await round(phone)).toEqual({ full: true });
    expect((await phone.store.records(9)).map((row) => row.outcome)).toEqual(['applied']);
  });
});

describe('a newer server', () => {
  it('whose advice this app does not know in full is understood, and what it advises is kept', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    server.advice = { min_app: '99.0', colour: 'blue' };
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(2);
    expect(await phone.store.get('advice')).toMatchObject({ advice: { min_app: '99.0', colour: 'blue' } });
  });

  it('may have reasons for a quarantine that this app has no words for', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await round(phone);
    const { hash } = await sealNote(phone);
    const send: Net['send'] = async (request) => {
      const answer = await server.net.send(request);
      if (!request.path.endsWith('/push')) return answer;
      const text = new TextDecoder().decode(answer.body).replace('"applied"', '"quarantined","code":"too_beautiful"');
      const header = (name: string): string | null => (name === 'Fieldsync-Digest' ? null : answer.header(name));
      return { ...answer, header, body: utf8(text) };
    };
    expect(await round({ ...phone, net: { send } })).toEqual({ full: true });
    expect(await phone.store.record(hash)).toMatchObject({ outcome: 'quarantined', code: 'too_beautiful' });
  });
});

describe('an answer that a middleman changed', () => {
  it('is none, though it is whole and says the nonce', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.rows = [{ kind: 'team', id: GUARD, scope: SITE, version: 1, op: 'upsert', body: { id: GUARD, name: 'early' } }];
    const send: Net['send'] = async (request) => {
      const answer = await server.net.send(request);
      const text = new TextDecoder().decode(answer.body).replace('"early"', '"eARLy"');
      return { ...answer, body: utf8(text) };
    };
    expect(await round({ ...phone, net: { send } })).toMatchObject({ full: false, why: { kind: 'server' } });
    expect(await phone.store.rows()).toEqual([]);
    expect(await round(phone)).toEqual({ full: true });
    expect((await phone.store.rows()).map((row) => row.body)).toEqual([{ id: GUARD, name: 'early' }]);
  });
});

describe('nothing that comes down keeps back what goes up', () => {
  it('a feed that resets for ever stops the pull, not the records and the photos', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const photo = await sealPhoto(phone, 'a photo');
    const send: Net['send'] = async (request) => {
      if (/pull|snapshot/.test(request.path)) server.pullReset = 'horizon';
      if (request.path.endsWith('/snapshot')) server.site = `${server.site.slice(0, -1)}${server.asked.length % 10}`;
      return server.net.send(request);
    };
    server.fault('sync/pull', 500);
    expect(await round({ ...phone, net: { send } })).toMatchObject({ full: false });
    expect(server.photos.has(photo)).toBe(true);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, photosUnsent: 0 });
    expect(await phone.store.get('lastFullRound')).toBeNull();
  });

  it('a revoked phone hands over its photos too', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const photo = await sealPhoto(phone, 'a photo');
    server.deviceState = 'revoked';
    expect(await round(phone)).toEqual({ full: false, why: 'revoked' });
    expect(server.photos.has(photo)).toBe(true);
  });

  it('a browser that never says how much room it has holds nothing up', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const asked = round({ ...phone, storage: () => new Promise(() => undefined) });
    await phone.clock.waitedFor(2_000);
    await phone.clock.advance(2_000);
    expect(await asked).toEqual({ full: true });
  });

  it('another tab that has gone on in a new log in the meantime is no reason for a third one', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server, 'two-tabs-one-rotation');
    const tab = testPhone(server, 'two-tabs-one-rotation');
    for (let i = 0; i < 3; i += 1) await sealNote(phone);
    await round(phone);
    const last = (await phone.store.head())!;
    const taken = server.records.get(last.hash)!;
    server.records.delete(last.hash);
    server.records.set('f'.repeat(64), { ...taken, hash: 'f'.repeat(64) });
    let isFirst = true;
    server.during = async (path) => {
      if (!path.endsWith('/hello') || !isFirst) return;
      isFirst = false;
      await round(tab);
    };
    await round(phone);
    const logs = new Set((await phone.store.records(99)).map((row) => row.log));
    expect(logs.size).toBe(2);
  });
});
