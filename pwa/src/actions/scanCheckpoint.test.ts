import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOwn, type Body } from '../protocol/records';
import { StoreError } from '../protocol/store';
import { tagProof } from '../protocol/tags';
import { session } from '../state/data';
import { today } from '../state/today';
import { log } from '../state/log';
import { webCrypto } from '../sync/webcrypto';
import { CHECKPOINT, HOUR, OCCURRENCE, OTHER, STOP, TOKENS, estate, printed } from '../testing/estate';
import { PIN, pass, scene, type Scene } from '../testing/acting';
import { GUARD } from '../testing/phone';
import { scanCheckpoint, type ScanInput } from './scanCheckpoint';
import { proveSecond, signIn, signOut } from './signIn';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const NOW = OCCURRENCE(1);

let at: Scene;

beforeEach(async () => {
  at = await scene(await estate());
  await signIn(GUARD, PIN);
});

const input = (some: Partial<ScanInput> = {}): ScanInput => ({
  text: printed(TOKENS[0]!),
  method: 'camera',
  occurrence: NOW,
  expectedStop: null,
  frame: null,
  ...some,
});
const scan = (some?: Partial<ScanInput>) => scanCheckpoint(input(some));
const sealed = async (hash: string): Promise<Body<'scan'>> =>
  parseOwn((await at.phone.store.record(hash))!.body) as Body<'scan'>;

describe('a scan', () => {
  it('of the next stop is saved with its proof, and the round goes on', async () => {
    const result = await scan();

    expect(result).toMatchObject({
      result: 'known',
      occurrence: NOW,
      stop: { id: STOP(1), number: 1 },
      place: { number: '01' },
      needsForm: false,
      outOfOrder: false,
      already: false,
      frameKept: true,
    });
    const body = await sealed(result.hash);
    expect(body).toMatchObject({ type: 'scan', actor: GUARD, seq: result.seq });
    expect(body.p).toMatchObject({
      occurrence: NOW,
      stop: STOP(1),
      target: { kind: 'checkpoint', id: CHECKPOINT(1), version: 4 },
      walk_on: true,
      out_of_order: false,
    });
    expect(body.p.tag?.proof).toBe(await tagProof(webCrypto, body.log, body.seq, TOKENS[0]!));
    expect(JSON.stringify(body)).not.toContain(TOKENS[0]);
    expect(today.value.current).toMatchObject({ occurrence: NOW, state: 'progress', done: 1 });
    expect(today.value.current?.stops.map((stop) => stop.state)).toEqual(['done', 'next', 'todo', 'todo']);
    expect(log.value[0]).toMatchObject({ hash: result.hash, state: 'saved', title: { key: 'kind.scan.place' } });
  });

  it('of a stop with required fields asks for its form and leaves the stop open', async () => {
    await scan();
    const result = await scan({ text: printed(TOKENS[1]!) });
    expect(result).toMatchObject({ needsForm: true, stop: { form: { edition: 3 } } });
    expect((await sealed(result.hash)).p.walk_on).toBe(false);
    expect(today.value.current?.stops[1]).toMatchObject({ state: 'next', records: [result.hash] });
  });

  it('out of the advised order says so; on a free route nothing is out of order', async () => {
    expect(await scan({ text: printed(TOKENS[2]!) })).toMatchObject({ outOfOrder: true });
    at = await scene(await estate({ order: 'free' }));
    await signIn(GUARD, PIN);
    expect(await scan({ text: printed(TOKENS[2]!) })).toMatchObject({ outOfOrder: false });
  });

  it('of a stop that was done is saved too, and is not out of order', async () => {
    await scan();
    expect(await scan()).toMatchObject({ already: true, outOfOrder: false, result: 'known' });
    expect(log.value.filter((entry) => entry.type === 'scan')).toHaveLength(2);
  });

  it('without a round finds the open one that it fits', async () => {
    expect(await scan({ occurrence: null })).toMatchObject({ occurrence: NOW, stop: { id: STOP(1) } });
    await pass(at.phone, 1.75 * HOUR);
    expect(await scan({ occurrence: null })).toMatchObject({ result: 'known', occurrence: null, stop: null });
  });

  it('of a known tag that is no stop of the round is “not here”; without a round it is just known', async () => {
    expect(await scan({ text: printed(TOKENS[4]!) })).toMatchObject({ result: 'not_here', occurrence: NOW, stop: null });
    const alone = await scan({ text: printed(TOKENS[4]!), occurrence: null });
    expect(alone).toMatchObject({ result: 'known', occurrence: null, place: { number: '05' } });
    expect((await sealed(alone.hash)).p.walk_on).toBe(false);
  });

  it('of a retired tag does not do the stop', async () => {
    const result = await scan({ text: printed(TOKENS[3]!) });
    expect(result).toMatchObject({ result: 'retired', needsForm: false });
    expect(today.value.current?.done).toBe(0);
  });

  it.each([
    ['a tag of somebody else', printed('0000000000000000'), 'unknown'],
    ['some other code', 'WIFI:S:guest;T:WPA;;', 'no_tag'],
    ['half a surrogate pair', 'x\ud800\0y', 'no_tag'],
  ])('%s is kept as what it was', async (_what, text, expected) => {
    const result = await scan({ text });
    expect(result.result).toBe(expected);
    const row = (await at.phone.store.record(result.hash))!;
    expect(row.private['raw']?.value).toBe(text.replace(/[\ud800\0]/g, '\ufffd'));
    expect(parseOwn(row.body)).toMatchObject({ p: { tag: null, target: null } });
    expect(Object.keys(parseOwn(row.body).private ?? {})).toEqual(['raw']);
  });

  it('keeps at most a thousand characters of what it was', async () => {
    const result = await scan({ text: '𠮷'.repeat(1_500) });
    expect([...(await at.phone.store.record(result.hash))!.private['raw']!.value]).toHaveLength(1_000);
  });

  it('before its window is saved, but does not count for the round', async () => {
    const early = await scan({ occurrence: OCCURRENCE(2) });
    expect(early).toMatchObject({ occurrence: OCCURRENCE(2), stop: { id: STOP(1) } });
    expect(today.value.next.find((round) => round.occurrence === OCCURRENCE(2))).toMatchObject({ done: 0 });
  });

  it('on a locked phone is refused', async () => {
    await signOut('person');
    await expect(scan()).rejects.toMatchObject({ slug: 'locked' });
  });
});

describe('the frame', () => {
  it('is kept before the record, and the record names it', async () => {
    const result = await scan({ frame: JPEG });
    const body = await sealed(result.hash);
    expect(body.blobs).toMatchObject([{ role: 'frame', mime: 'image/jpeg', size: 7 }]);
    expect(await at.phone.store.nextPhoto(new Set())).toMatchObject({ sha256: body.blobs![0]!.sha256 });
    expect(log.value[0]?.photos).toMatchObject([{ state: 'saved' }]);
  });

  it('without room is named as lost, and the scan is saved', async () => {
    vi.spyOn(at.phone.store, 'keepPhoto').mockRejectedValue(new StoreError('full'));
    const result = await scan({ frame: JPEG });
    expect(result.frameKept).toBe(false);
    expect((await sealed(result.hash)).blobs).toMatchObject([{ lost: true }]);
    expect(await at.phone.store.counts()).toMatchObject({ photosUnsent: 0 });
    expect(log.value[0]?.photos).toMatchObject([{ state: 'lost' }]);
  });

  it('that comes back otherwise than it was kept is not taken for kept', async () => {
    vi.spyOn(at.phone.store, 'photo').mockResolvedValue(new Uint8Array([1]));
    expect((await scan({ frame: JPEG })).frameKept).toBe(false);
  });

  it('that is no picture is passed over', async () => {
    const result = await scan({ frame: new Uint8Array([1, 2, 3]) });
    expect(result.frameKept).toBe(false);
    expect((await sealed(result.hash)).blobs).toBeUndefined();
  });
});

describe('a store that fails', () => {
  it.each([
    ['full', 'store-full'],
    ['gone', 'store'],
  ] as const)('%s is said, and nothing is shown as saved', async (kind, slug) => {
    const before = log.value.length;
    vi.spyOn(at.phone.store, 'append').mockRejectedValue(new StoreError(kind));
    await expect(scan()).rejects.toMatchObject({ slug });
    expect(log.value).toHaveLength(before);
    expect(today.value.current?.done).toBe(0);
  });
});

describe('the other one of a crew, on the same phone', () => {
  const second = async () => {
    at.server.pins.set(OTHER, '135790');
    return proveSecond(OTHER, '135790');
  };

  it('signs with the own PIN and a scan of the own, and the shift stays whose it was', async () => {
    await scan();
    expect(await second()).toEqual({ ok: true });
    const theirs = await sealed((await scan({ second: OTHER, expectedStop: STOP(1) })).hash);
    expect(theirs.actor).toBe(OTHER);
    expect(theirs.p.tag?.proof).toBe(await tagProof(webCrypto, theirs.log, theirs.seq, TOKENS[0]!));
    expect(log.value.filter((entry) => entry.type.startsWith('shift.'))).toHaveLength(1);
    expect(session.value?.person).toBe(GUARD);
    expect(today.value.current?.stops[0]?.signed).toEqual([GUARD, OTHER]);
    expect(await sealed((await scan({ text: printed(TOKENS[2]!) })).hash)).toMatchObject({ actor: GUARD });
  });

  it('scans once for each PIN, and not at all without one', async () => {
    await expect(scan({ second: OTHER })).rejects.toMatchObject({ slug: 'locked' });
    await second();
    await scan({ second: OTHER });
    await expect(scan({ second: OTHER })).rejects.toMatchObject({ slug: 'locked' });
  });

  it('is somebody else: the one who is signed in cannot stand for two, and a wrong PIN is none', async () => {
    expect(await proveSecond(GUARD, PIN)).toMatchObject({ ok: false });
    at.server.pins.set(OTHER, '135790');
    expect(await proveSecond(OTHER, '000000')).toMatchObject({ ok: false });
    await expect(scan({ second: OTHER })).rejects.toMatchObject({ slug: 'locked' });
  });
});
