import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { badgeHash } from '../protocol/badges';
import type { FeedRow } from '../protocol/messages';
import { upToDate } from '../state/refresh';
import { webCrypto } from '../sync/webcrypto';
import { scene, type Scene } from '../testing/acting';
import { estate, id } from '../testing/estate';
import { GUARD, fill } from '../testing/phone';
import { personOfBadge } from './badge';

const TOKEN = 'AAAABBBBCCCCDDD5';
const BADGE = `ROUNDSMAN.BADGE:${TOKEN}`;

let at: Scene;
let rows: FeedRow[];

/** The guard's row as the next pull brings it, with the badge printed last or with none. */
async function comesDown(badge: string | null, version: number): Promise<void> {
  const row = rows.find((one) => one.id === GUARD)!;
  await fill(at.phone.store, [{ ...row, version, body: { ...row.body!, ...(badge === null ? {} : { badge }) } }], `c${version}`);
  await upToDate();
}

beforeEach(async () => {
  rows = await estate();
  at = await scene(rows);
});

it('a badge says who somebody is', async () => {
  expect(await personOfBadge(BADGE)).toBeNull();
  await comesDown(await badgeHash(webCrypto, TOKEN), 5);
  expect(await personOfBadge(BADGE)).toBe(GUARD);
  expect(await personOfBadge(BADGE.toLowerCase())).toBe(GUARD);
  expect(await personOfBadge('ROUNDSMAN.BADGE:AAAABBBBCCCCDDD6')).toBeNull();
  expect(await personOfBadge(`https://patrol.example.org/T/${TOKEN}`)).toBeNull();
});

it.each([['printed again', 'FFFFBBBBCCCCDDD5'], ['retired', null]])('a badge that was %s is known no more once the phone has pulled', async (_how, next) => {
  await comesDown(await badgeHash(webCrypto, TOKEN), 5);
  await comesDown(next === null ? null : await badgeHash(webCrypto, next), 6);
  expect(await personOfBadge(BADGE)).toBeNull();
  if (next !== null) expect(await personOfBadge(`ROUNDSMAN.BADGE:${next}`)).toBe(GUARD);
});

it('the badge of somebody who is not of this site is nobody’s', async () => {
  const stranger: FeedRow = { ...rows.find((one) => one.id === GUARD)!, id: id(2, 9), version: 5, op: 'leave', body: null };
  await fill(at.phone.store, [stranger], 'c5');
  await upToDate();
  expect(await personOfBadge(BADGE)).toBeNull();
});
