import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { LeftBehind } from '../protocol/leaving';
import { freshName, joinedPhone, nothingLost, round, sealNote, sealPhoto, type TestPhone } from '../testing/phone';
import { fakeServer } from '../testing/server';
import { DEVICE, type Leaving } from '../testing/leaving';
import { openStore } from '../db/store';
import { ensureOpened } from './logs';

const NOTHING: LeftBehind = { records: 0, photos: 0 };

/** Have a person save something in the very moment in which the phone has asked what is wanted of it. */
function savingMeanwhile(phone: TestPhone): void {
  const { wipe } = phone.store;
  phone.store.wipe = async (may) => {
    phone.store.wipe = wipe;
    await sealPhoto(phone, 'at the last moment');
    return wipe(may);
  };
}

describe('a phone that leaves', () => {
  it('hands over what it has when it drains, and pulls nothing', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    const photo = await sealPhoto(phone, 'a photo');
    server.deviceState = 'draining';
    expect(await round(phone)).toEqual({ full: true });
    expect((await phone.store.get('device'))?.state).toBe('draining');
    expect([...server.photos.keys()]).toEqual([photo]);
    expect(server.asked.some((path) => path.endsWith('/pull') || path.endsWith('/snapshot'))).toBe(false);
    await nothingLost(phone, server);

    server.deviceState = 'active';
    expect(await round(phone)).toEqual({ full: true });
    expect((await phone.store.get('device'))?.state).toBe('active');
  });

  it('shows nobody what is on it once it is revoked, and still sends it', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await phone.store.put('session', { person: DEVICE, since: 0 });
    await sealNote(phone);
    server.deviceState = 'revoked';
    expect(await round(phone)).toEqual({ full: false, why: 'revoked' });
    expect(await phone.store.get('session')).toBeNull();
    await nothingLost(phone, server);
  });

  it.each(['draining', 'revoked'] as const)('empties itself when it is %s, told to, and has nothing left', async (state) => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    let isForgotten = false;
    phone.forget = async () => {
      isForgotten = true;
    };
    await sealPhoto(phone, 'a photo');
    server.deviceState = state;
    server.wipe = NOTHING;
    expect(await round(phone)).toEqual({ full: false, why: 'wiped' });
    expect(server.records.size).toBe(2);
    expect(server.photos.size).toBe(1);
    expect(server.wiped).toEqual([NOTHING]);
    expect(isForgotten).toBe(true);
    const left = openStore(name, phone.clock);
    expect([await left.head(), await left.get('device'), await left.macKey(), await left.records(9)]).toEqual([null, null, null, []]);
  });

  it.each([
    ['draining', 'set back'],
    ['revoked', 'set back'],
    ['revoked', 'epoch-1'], // nobody said that it was
  ] as const)('sends again what a server lost that was set back after it was %s (its history is %s), and then empties itself', async (state, epoch) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealPhoto(phone, 'a photo');
    server.deviceState = state;
    await round(phone);
    expect([server.records.size, server.photos.size]).toEqual([2, 1]);
    server.records.clear();
    server.photos.clear();
    server.epoch = epoch;
    server.wipe = NOTHING;
    expect(await round(phone)).toEqual({ full: false, why: 'wiped' });
    expect([server.records.size, server.photos.size]).toEqual([2, 1]);
  });

  it('keeps everything while more is unsent than may be lost: what is saved as the order travels counts', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.deviceState = 'revoked';
    server.wipe = NOTHING;
    await ensureOpened(phone);
    savingMeanwhile(phone);
    expect(await round(phone)).toEqual({ full: false, why: 'revoked' });
    expect(await phone.store.leftBehind()).toEqual({ records: 1, photos: 1 });
    expect(server.wiped).toEqual([]);
    // once that has gone up too
    expect(await round(phone)).toEqual({ full: false, why: 'wiped' });
    expect(server.records.size).toBe(2);
    expect(server.photos.size).toBe(1);
  });

  it('loses what a person said may be lost, and says how much', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.deviceState = 'revoked';
    server.wipe = { records: 1, photos: 1 };
    savingMeanwhile(phone);
    expect(await round(phone)).toEqual({ full: false, why: 'wiped' });
    expect(server.wiped).toEqual([{ records: 1, photos: 1 }]);
  });

  it.each<[string, Leaving['wipe']]>([
    ['signed by another key', { ...NOTHING, forged: true }],
    ['for another phone', { ...NOTHING, device: '6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09' }],
  ])('takes an order %s for none', async (_name, order) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.deviceState = 'revoked';
    server.wipe = order;
    expect(await round(phone)).toEqual({ full: false, why: 'revoked' });
    expect(await phone.store.get('device')).not.toBeNull();
  });

  it('counts what is damaged and what it carries for others among what would be lost', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const { hash } = await sealNote(phone);
    await phone.store.setAside(hash, 'hash');
    const log = 'a'.repeat(26);
    await phone.store.carry({ log, publicKey: '', alg: 'ES256', device: null, at: 0 }, [
      { hash: 'f'.repeat(64), log, seq: 1, body: '{}', sig: '', alg: 'ES256', sigPrev: null, private: {}, unsent: [log, 1] },
    ]);
    expect(await phone.store.leftBehind()).toEqual({ records: 3, photos: 0 }); // its log.open is not sent either
    expect(await phone.store.wipe((left) => left.records < 3)).toBeNull();
    expect((await phone.store.records(9)).length).toBe(1);
  });
});
