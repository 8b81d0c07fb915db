import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import succession from '../../../tests/vectors/succession.json';
import { joinedPhone, type TestPhone } from '../testing/phone';
import { fakeServer } from '../testing/server';
import { followKey } from './phone';

type Case = { name: string; known: string; changes: { body: string; sig: string; kid: string }[]; newest: string };
const cases: Case[] = succession.changes;

let phone: TestPhone;
const known = async () => (await phone.store.get('device'))!.serverKey;

beforeEach(async () => {
  phone = await joinedPhone(await fakeServer());
});

it.each(cases)('believes the key that the known one vouches for, and no other: $name', async ({ known: before, changes, newest }) => {
  await phone.store.put('device', { ...(await phone.store.get('device'))!, serverKey: { kid: 'before', public_key: before } });
  await followKey(phone, changes);
  const key = await known();
  expect(key.public_key).toBe(newest);
  // the key and its name change together: a receipt is looked up by its name
  expect(key.kid === 'before').toBe(newest === before);
});
