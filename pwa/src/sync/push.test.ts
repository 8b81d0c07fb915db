import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { joinedPhone, nothingLost, round, sealNote, testPhone } from '../testing/phone';
import { fakeServer, type Fault } from '../testing/server';

describe('an answer that is none changes nothing', () => {
  const faults: [Fault, string][] = [
    ['offline', 'offline'],
    ['timeout', 'timeout'],
    ['truncated', 'server'],
    ['html200', 'portal'],
    ['redirect', 'portal'],
    ['nonce', 'server'],
    ['short', 'server'],
    ['forged', 'server'],
    [500, 'server'],
    [502, 'server'],
    [413, 'server'],
    [503, 'server'],
  ];
  it.each(faults)('%s to a push: nothing is taken for received, and the next round mends it', async (fault, kind) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    // a batch of two is halved once, then the lone record fails, then the other one
    server.fault('sync/push', fault, fault, fault, fault);

    const end = await round(phone);

    expect(end).toMatchObject({ full: false, why: { kind } });
    expect(await phone.store.counts()).toMatchObject({ unsent: 2, receivedUpTo: null });
    expect((await phone.store.records(9)).every((row) => row.receipt === null)).toBe(true);
    server.fault('sync/push'); // no more
    while ((await round(phone)).full === false);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, receivedUpTo: 2 });
    await nothingLost(phone, server);
  });

  it.each(['hello', 'pull', 'have'])('%s answered by a portal is no answer', async (name) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault(`sync/${name}`, 'html200');
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'portal' } });
    expect(await phone.store.get('lastFullRound')).toBeNull();
  });

  it('an answer that was lost: the repeat is a duplicate, and there is one of each', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    server.fault('sync/push', 'lost');

    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'offline' } });
    expect(server.records.size).toBe(2);
    expect(await phone.store.counts()).toMatchObject({ unsent: 2 });

    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(2);
    expect((await phone.store.records(9)).map((row) => row.outcome)).toEqual(['duplicate', 'duplicate']);
  });

  it('a request that arrives twice leaves one of each', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/push', 'twice');
    expect(await round(phone)).toEqual({ full: true });
    expect(server.records.size).toBe(1);
  });

  it('what the server puts off stays unsent', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/push', 'later');
    expect(await round(phone)).toMatchObject({ full: false, why: { slug: 'later' } });
    expect(await phone.store.counts()).toMatchObject({ unsent: 1 });
  });
});

describe('proof', () => {
  it('that is stale is repeated once, at once, with the fresh nonce', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    server.fault('sync/hello', 'stale');
    expect(await round(phone)).toEqual({ full: true });
    server.fault('sync/hello', 'stale', 'stale');
    expect(await round(phone)).toMatchObject({ full: false, why: { slug: 'proof-stale' } });
  });

  it('asks for a nonce once and lives on what the answers hand over', async () => {
    const server = await fakeServer();
    await round(await joinedPhone(server, 'nonces'));
    // the answer to the request to join has handed over the first one
    expect(server.asked.filter((path) => path.endsWith('/nonce'))).toHaveLength(0);
    const reopened = testPhone(server, 'nonces');
    await round(reopened);
    await round(reopened);
    expect(server.asked.filter((path) => path.endsWith('/nonce'))).toHaveLength(1);
  });
});

describe('receipts', () => {
  it.each(['to', 'from', 'head_hash', 'log', 'count'])('one that says another %s is not this batch’s', async (member) => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    await sealNote(phone);
    server.bend = (receipt) => ({
      ...receipt,
      [member]: { to: 9, from: 9, head_hash: 'a'.repeat(64), log: 'a'.repeat(26), count: 1 }[member],
    });
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'server' } });
    expect(await phone.store.counts()).toMatchObject({ unsent: 2, receivedUpTo: null });
    server.bend = null;
    expect(await round(phone)).toEqual({ full: true });
  });

  it('one that covers less is kept for what it covers', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const opening = (await phone.store.records(1))[0]!;
    const { hash } = await sealNote(phone);
    server.bend = (receipt) => ({ ...receipt, to: 1, head_hash: opening.hash });
    expect(await round(phone)).toEqual({ full: true });
    expect((await phone.store.record(opening.hash))?.receipt).not.toBeNull();
    expect((await phone.store.record(hash))?.receipt).toBeNull();
    expect((await phone.store.counts()).receivedUpTo).toBe(1);
  });
});
