import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../protocol/encoding';
import { parseOwn } from '../protocol/records';
import { joinedPhone, round, sealNote, sealPhoto } from '../testing/phone';
import { fakeServer } from '../testing/server';

describe('photos', () => {
  it('go after the records that name them, once', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const sha256 = await sealPhoto(phone, 'a photo');
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });

    expect(await round(phone)).toEqual({ full: true });

    expect([...server.photos.keys()]).toEqual([sha256]);
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'sent' });
    expect(await phone.store.photo(sha256)).toEqual(utf8('a photo'));
    await round(phone);
    expect(server.asked.filter((path) => path.startsWith('PUT'))).toHaveLength(1);
  });

  it('an answer that was lost: the photo is found there and not sent again', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealPhoto(phone, 'a photo');
    server.fault('PUT', 'lost');
    expect(await round(phone)).toMatchObject({ full: false });
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });
    expect(await round(phone)).toEqual({ full: true });
    expect(server.asked.filter((path) => path.startsWith('PUT'))).toHaveLength(1);
  });

  it('a portal that says 200 to everything has received no photo', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealPhoto(phone, 'a photo');
    server.fault('HEAD', 'html200');
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'portal' } });
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });
  });

  it('new records go between photos, not after all of them', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 5; i += 1) await sealPhoto(phone, `photo ${i}`);
    let sealed = false;
    server.during = async (path) => {
      if (!path.includes('blobs') || sealed) return;
      sealed = true;
      await sealNote(phone, 'made while photos went');
    };
    expect(await round(phone)).toEqual({ full: true });
    const puts = server.asked.map((path) => path.slice(0, 17));
    const push = puts.lastIndexOf('POST /api/v1/sync');
    expect(puts.slice(push).filter((path) => path.startsWith('PUT'))).toHaveLength(2);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, photosUnsent: 0 });
  });

  it('a damaged photo is said to be damaged, and stops nothing', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const sha256 = await sealPhoto(phone, 'a photo');
    const other = await sealPhoto(phone, 'another');
    await phone.store.keepPhoto({ sha256, size: 7, mime: 'image/jpeg', role: 'photo', keptAt: 0 }, utf8('flipped'));

    expect(await round(phone)).toEqual({ full: true });

    expect([...server.photos.keys()]).toEqual([other]);
    const said = [...server.records.values()].map((one) => parseOwn(one.wire.body)).find((b) => b.type === 'photo.corrupt');
    expect(said?.p).toEqual({ sha256, why: 'hash' });
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'lost' });
  });
});
