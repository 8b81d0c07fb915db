import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOwn } from '../protocol/records';
import { StoreError } from '../protocol/store';
import * as data from '../state/data';
import { log } from '../state/log';
import { lookAtRoom } from '../state/room';
import { upToDate } from '../state/refresh';
import { createEngine } from '../sync/engine';
import { setRunning } from '../state/running';
import { PIN, scene, show, type Scene } from '../testing/acting';
import { HOUR, OTHER, PLAN, START, estate, id } from '../testing/estate';
import { CODE, GUARD, round, testPhone } from '../testing/phone';
import { SITE, fakeServer } from '../testing/server';
import { saveDraft } from './drafts';
import { enrol, pollEnrolment } from './enrol';
import { keepPictures } from './photos';
import { reportFinding, type FindingInput } from './reportFinding';
import { signIn, signOut } from './signIn';

const JPEG = (n: number, size = 300_000): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size);
  bytes.set([0xff, 0xd8, 0xff, n]);
  return bytes;
};
const FINDING: FindingInput = { occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'dirt', note: 'wet', photos: [] };

/** A store that takes `bytes` of photos, and no record while `records` is false. */
function smallStore(limit: { photos: number; records: boolean }): void {
  for (const method of ['put', 'add'] as const) {
    const real = IDBObjectStore.prototype[method];
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...given) {
      const { bytes } = given[0] as { bytes?: ArrayBuffer };
      if (this.name === 'chunks' && bytes && bytes.byteLength > limit.photos) throw new DOMException('no room', 'QuotaExceededError');
      const isForRecords = this.name === 'log' || (this.name === 'meta' && (given[0] as { key?: string }).key === 'ballast');
      if (isForRecords && !limit.records) throw new DOMException('no room', 'QuotaExceededError');
      return real.apply(this, given);
    });
  }
}

let at: Scene;
beforeEach(async () => {
  at = await scene(await estate());
});
afterEach(() => vi.restoreAllMocks());

describe('no room for a photo', () => {
  it('it is made smaller, and the record names the smaller one', async () => {
    smallStore({ photos: 200_000, records: true });
    const small = JPEG(2, 100_000);
    const { blobs, kept } = await keepPictures(at.phone, [{ bytes: JPEG(1), role: 'photo', field: 'gauge' }], async () => small);
    expect(kept).toBe(true);
    expect(blobs).toMatchObject([{ size: 100_000, mime: 'image/jpeg', field: 'gauge' }]);
    expect(await at.phone.store.photo(blobs[0]!.sha256)).toEqual(small);
  });

  it.each([
    ['the browser cannot', async () => null],
    ['what comes of it is larger', async () => JPEG(3, 400_000)],
    ['even that has no room', async () => JPEG(3, 250_000)],
  ])('and it cannot be made smaller, for %s: the record says so and is kept', async (_why, smaller) => {
    smallStore({ photos: 200_000, records: true });
    const { blobs, kept } = await keepPictures(at.phone, [{ bytes: JPEG(1), role: 'photo', field: null }], smaller);
    expect(kept).toBe(false);
    expect(blobs).toMatchObject([{ size: 300_000, lost: true }]);
  });

  it('rounds of other days go before any photo, and never those of today', async () => {
    await signIn(GUARD, PIN);
    const far = (n: number, from: number) => ({
      kind: 'occurrence', id: id(6, n), scope: SITE, version: 9, op: 'upsert' as const,
      body: { id: id(6, n), plan: PLAN, from_ms: from, to_ms: from + HOUR, grace_ms: 0, excused: null },
    }); // prettier-ignore
    const bookmark = await at.phone.store.pullState();
    const rows = [far(50, START - 72 * HOUR), far(51, START + 20 * 24 * HOUR), far(52, START + 20 * HOUR)];
    await at.phone.store.applyPage(bookmark, rows, { ...bookmark, cursor: 'c2' });
    const before = (await at.phone.store.rows()).length;
    let failures = 0;
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === 'chunks' && failures < 1) {
        failures += 1;
        throw new DOMException('no room', 'QuotaExceededError');
      }
      return real.apply(this, given);
    });
    const freed = await reportFinding({ ...FINDING, photos: [{ field: null, bytes: JPEG(1), mime: 'image/jpeg' }] });
    vi.restoreAllMocks();
    expect(freed.photosKept).toBe(true);
    const left = (await at.phone.store.rows()).map((row) => row.id);
    expect(left).toHaveLength(before - 2);
    expect(left).toContain(id(6, 52));
    expect(left).toContain(id(6, 1));
    // with room again they are asked for again
    at.phone.storage = async () => ({ persisted: true, usage: 1e6, quota: 1e9 });
    await lookAtRoom(at.phone);
    expect((await at.phone.store.pullState()).cursor).toBeNull();
  });
});

describe('no room for a record', () => {
  it('the reserve goes once; then nothing is recorded, said loudly, until the reserve is back', async () => {
    await signIn(GUARD, PIN);
    const limit = { photos: Infinity, records: true };
    await at.phone.store.reserve(() => new Uint8Array(1_000));
    const reserved = async () => at.phone.store.reserve(() => new Uint8Array(1_000));
    limit.records = false;
    smallStore(limit);
    const refused = expect(reportFinding(FINDING)).rejects.toMatchObject({ slug: 'store-full' });
    // the browser is given a while to notice that the reserve is gone
    await at.phone.clock.waitedFor(7_000);
    at.phone.clock.pass(7_000);
    await refused;
    expect(data.room.value).toMatchObject({ state: 'full', refused: true });
    expect(await reserved()).toBe(false);

    // nothing is begun while that lasts
    const sealing = vi.spyOn(at.phone.store, 'append');
    await expect(reportFinding(FINDING)).rejects.toMatchObject({ slug: 'store-full' });
    expect(sealing).not.toHaveBeenCalled();
    await lookAtRoom(at.phone);
    expect(data.room.value.state).toBe('full');

    limit.records = true;
    await lookAtRoom(at.phone);
    expect(data.room.value).toMatchObject({ state: 'ok', refused: false });
    expect((await reportFinding(FINDING)).seq).toBe(3);
  });

  it.each([
    [0.79, 'ok'],
    [0.8, 'low'],
    [0.94, 'low'],
    [0.95, 'full'],
    [1, 'full'],
  ] as const)('at %d of the quota a person is told: %s', async (share, state) => {
    await signIn(GUARD, PIN);
    at.phone.storage = async () => ({ persisted: true, usage: share * 1e9, quota: 1e9 });
    await lookAtRoom(at.phone);
    expect(data.room.value).toMatchObject({ state, percent: Math.floor(share * 100) });
    const saved = reportFinding(FINDING);
    if (state === 'full') await expect(saved).rejects.toMatchObject({ slug: 'store-full' });
    else await expect(saved).resolves.toMatchObject({ seq: 3 });
  });

  it('before it refuses, what the server has is dropped', async () => {
    await signIn(GUARD, PIN);
    await reportFinding({ ...FINDING, photos: [{ field: null, bytes: JPEG(1), mime: 'image/jpeg' }] });
    await round(at.phone);
    const [photo] = await at.phone.store.photoRows();
    at.phone.storage = async () => {
      const isHere = (await at.phone.store.photo(photo!.sha256)) !== null;
      return { persisted: true, usage: isHere ? 96e7 : 60e7, quota: 1e9 };
    };
    await lookAtRoom(at.phone);
    expect(data.room.value.state).toBe('ok');
    expect(await at.phone.store.photoRow(photo!.sha256)).toMatchObject({ state: 'sent' });
  });

  it('a draft that does not fit stops nobody: the record itself may', async () => {
    await signIn(GUARD, PIN);
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === 'drafts') throw new DOMException('no room', 'QuotaExceededError');
      return real.apply(this, given);
    });
    await expect(saveDraft('form', { photos: [JPEG(1)] })).rejects.toMatchObject({ slug: 'store-full' });
    expect(data.room.value.state).toBe('ok');
    expect((await reportFinding(FINDING)).seq).toBe(3);
  });

  it('a reserve that does not fit warns, whatever quota the browser tells', async () => {
    await signIn(GUARD, PIN);
    at.phone.storage = async () => ({ persisted: true, usage: 1e6, quota: 1e10 });
    smallStore({ photos: Infinity, records: false });
    await lookAtRoom(at.phone);
    expect(data.room.value).toMatchObject({ state: 'low', refused: false });
  });

  it('a store so full that nothing can be freed is said to be full', async () => {
    at.phone.storage = async () => ({ persisted: true, usage: 2e9, quota: 1e9 });
    vi.spyOn(at.phone.store, 'makeRoom').mockRejectedValue(new StoreError('full'));
    await lookAtRoom(at.phone);
    expect(data.room.value).toMatchObject({ state: 'full', percent: 200 });
  });

  it.each([
    [true, 1e9, null],
    [null, 1e8, null],
    [false, 1e9, 'unpersisted'],
    [false, 1e8, 'private'],
  ] as const)('a browser that says persisted %s and gives %d bytes is a risk: %s', async (persisted, quota, risk) => {
    at.phone.storage = async () => ({ persisted, usage: 0, quota });
    await lookAtRoom(at.phone);
    expect(data.risk.value).toBe(risk);
  });
});

describe('a browser that cannot keep keys', () => {
  it.each([
    ['refuses them', (store: IDBObjectStore) => store.name === 'keys'],
  ])('%s: the log is weak, says so in every record, and works', async (_how, refuses) => {
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (refuses(this)) throw new DOMException('no clone', 'DataCloneError');
      return real.apply(this, given);
    });
    const server = await fakeServer();
    server.pins.set(GUARD, PIN);
    const phone = testPhone(server);
    await show(phone);
    const engine = createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
    setRunning({ phone, engine });
    await enrol(CODE, '');
    server.deviceState = 'active';
    await pollEnrolment();
    const mark = await phone.store.pullState();
    await phone.store.applyPage(mark, await estate(), { ...mark, cursor: 'c1', scopes: [SITE], shown: [SITE] });
    await signIn(GUARD, PIN);
    await reportFinding(FINDING);
    await upToDate();
    expect(data.weak.value).toBe(true);
    const rows = await phone.store.records(9);
    expect(rows.map((row) => [row.alg, row.sig])).toEqual(rows.map(() => ['none', '']));
    expect(parseOwn(rows.at(-1)!.body).p).toMatchObject({ capabilities: { keys: 'extractable' } });
    // its requests are proven all the same, also after the page is opened again
    const again = testPhone(server, undefined, phone.clock);
    expect((await round({ ...again, store: phone.store })).full).toBe(true);
    expect(server.records.size).toBe(3);
    // there is no key for a PIN either
    await signOut('person');
    server.fault('sign-in', 'offline');
    expect(await signIn(GUARD, PIN)).toMatchObject({ ok: false, needsNetwork: true });
  });
});

describe('the next person on the phone', () => {
  it('sees nothing of the one before, whose records and photos go on being sent', async () => {
    at.server.pins.set(OTHER, PIN);
    await signIn(GUARD, PIN);
    await reportFinding({ ...FINDING, photos: [{ field: null, bytes: JPEG(7), mime: 'image/jpeg' }] });
    const first = log.value.map((entry) => entry.hash);
    expect(first.length).toBeGreaterThan(0);
    await signOut('person');
    await signIn(OTHER, PIN);
    expect(log.value.map((entry) => entry.hash)).not.toEqual(expect.arrayContaining(first));
    expect(log.value.every((entry) => !first.includes(entry.hash))).toBe(true);
    expect(await round(at.phone)).toEqual({ full: true });
    for (const hash of first) expect(at.server.records.has(hash)).toBe(true);
    expect(at.server.photos.size).toBe(1);
  });
});

describe('a store that was cleared', () => {
  it('the log that begins anew says which one was lost, and where it had come to', async () => {
    const server = await fakeServer();
    const phone = testPhone(server);
    await show(phone);
    setRunning({ phone, engine: createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined }) });
    const lost = { log: 'k3v2mzq7abcdefghijklmnopqr', seq: 41, hash: 'a'.repeat(64) };
    await phone.store.put('lost', lost);
    await upToDate();
    expect(data.lost.value).toEqual(lost);
    await enrol(CODE, '');
    server.deviceState = 'active';
    await pollEnrolment();
    const [opened] = await phone.store.records(1);
    expect(parseOwn(opened!.body).p).toMatchObject({
      reason: 'lost', previous_log: lost.log, previous_head: lost.hash, previous_seq: 41,
    }); // prettier-ignore
    expect(await phone.store.get('lost')).toBeNull();
  });
});

it('a photo is read back after it was kept: one that the store changed is not named as kept', async () => {
  const real = at.phone.store.photo;
  vi.spyOn(at.phone.store, 'photo').mockImplementation(async (sha256) => {
    const bytes = await real(sha256);
    if (bytes) bytes[9]! ^= 1;
    return bytes;
  });
  const { blobs, kept } = await keepPictures(at.phone, [{ bytes: JPEG(1), role: 'photo', field: null }], async () => null);
  expect([kept, blobs[0]?.lost]).toEqual([false, true]);
});
