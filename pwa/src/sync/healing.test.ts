import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { parseOwn } from '../protocol/records';
import { joinedPhone, nothingLost, round, sealNote, sealPhoto } from '../testing/phone';
import { fakeServer } from '../testing/server';

describe('a phone and a server that do not agree', () => {
  it('a server that was set back gets everything again, each once, photos too', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const first = await sealNote(phone);
    await round(phone);
    const backup = new Map(server.records);
    for (let i = 0; i < 2; i += 1) await sealNote(phone);
    const photo = await sealPhoto(phone, 'a photo');
    await round(phone);
    expect(server.records.size).toBe(5);

    server.photos.clear();
    server.records = backup; // nobody said that a backup was restored
    expect(await round(phone)).toEqual({ full: true });

    expect(server.records.size).toBe(5);
    expect(server.records.has(first.hash)).toBe(true);
    expect([...server.photos.keys()]).toEqual([photo]);
    await nothingLost(phone, server);
  });

  it('what marks a record later is added to it, once, and to none that is not sent', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const note = await sealNote(phone);
    await round(phone);
    const unsent = await sealNote(phone);
    const marksOf = async (hash: string) => (await phone.store.record(hash))!.marks;
    server.late = { [note.hash]: ['two_phones'], [unsent.hash]: ['two_phones'], ['0'.repeat(64)]: ['two_phones'] };
    await phone.store.addMarks(server.late);
    expect([await marksOf(note.hash), await marksOf(unsent.hash)]).toEqual([['two_phones'], []]);

    server.epoch = 'epoch-2'; // it compares all it keeps
    await round(phone);

    expect([await marksOf(note.hash), await marksOf(unsent.hash)]).toEqual([['two_phones'], ['two_phones']]);
    await nothingLost(phone, server);
  });

  it('a hole in the middle is filled', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const note = await sealNote(phone);
    await sealNote(phone);
    await round(phone);
    server.records.delete(note.hash);
    await round(phone);
    expect(server.records.has(note.hash)).toBe(true);
  });

  it('another epoch makes it compare all it keeps', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await round(phone);
    server.asked = [];
    await round(phone);
    expect(server.asked.some((path) => path.endsWith('/have'))).toBe(false);
    server.epoch = 'epoch-2';
    await round(phone);
    expect(server.asked.some((path) => path.endsWith('/have'))).toBe(true);
  });

  it('a phone that was set back opens a new log that the old key vouches for, and loses nothing', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    const old = (await phone.store.head())!;
    // its other life has gone on and has sent record 3
    const twin = await sealNote(phone, 'of the other life');
    await round(phone);
    const body = server.records.get(twin.hash)!;
    server.records.delete(twin.hash);
    server.records.set('f'.repeat(64), { ...body, hash: 'f'.repeat(64) });

    await round(phone);

    const head = (await phone.store.head())!;
    expect(head.log).not.toBe(old.log);
    expect(head.seq).toBe(1);
    const opening = (await phone.store.record(head.hash))!;
    expect(opening.sigPrev).toMatch(/^[A-Za-z0-9_-]{86}$/);
    expect(parseOwn(opening.body)).toMatchObject({ type: 'log.open', p: { previous_log: old.log, reason: 'restored' } });
    await round(phone);
    await nothingLost(phone, server);
    expect(server.records.has(twin.hash)).toBe(true);
    const next = await sealNote(phone);
    expect(next.seq).toBe(2);
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.get(next.hash)?.log).toBe(head.log);
  });

  it('a revoked phone is told so and still hands over what it has', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const note = await sealNote(phone);
    server.deviceState = 'revoked';
    expect(await round(phone)).toEqual({ full: false, why: 'revoked' });
    expect(server.records.has(note.hash)).toBe(true);
    expect((await phone.store.get('device'))?.state).toBe('revoked');
  });
});
