/** What must hold when the storm is over. */
import { sha256Hex, utf8 } from '../../protocol/encoding';
import { verifyReceipt } from '../../protocol/receipts';
import type { Handset, World } from './world';

/** So many rounds a phone may need to send and hear all, when nothing is in its way any more. */
const ROUNDS = 8;
const HOUR_MS = 3_600_000;

/** Everything is well again, and every phone has had time. */
export async function heal(world: World): Promise<void> {
  const { scheduler, weather, server } = world;
  Object.assign(weather, { isDown: false, isPortal: false, share: 0 });
  world.diskShare = 0;
  server.pullReset = null;
  for (const handset of world.phones) if (handset.tabs.length === 0) world.openTab(handset);
  // what was under way comes to its end
  for (let i = 0; i < 50; i += 1) await scheduler.step();
  for (let i = 0; i < ROUNDS; i += 1) {
    // a day, so that what is asked once a day is asked
    await scheduler.pass(i === 1 ? 25 * HOUR_MS : 2 * HOUR_MS);
    for (const handset of world.phones) for (const tab of handset.tabs) await world.until(world.sync(tab));
  }
}

/** I1, at any moment: what a phone holds as stored that the server has not got. */
export async function falselyStored(world: World): Promise<string[]> {
  const found: string[] = [];
  const { server } = world;
  for (const { name, tabs } of world.phones) {
    const { store } = tabs[0]!.phone;
    for (const row of await world.until(store.records(10_000))) {
      const isThere = server.records.get(row.hash)?.wire.body === row.body;
      if (row.unsent === undefined && !isThere) found.push(`I1 ${name} holds ${row.hash} as stored`);
    }
    for (const photo of await world.until(store.photoRows())) {
      if (photo.state === 'sent' && !server.photos.has(photo.sha256)) found.push(`I1 ${name} holds the photo ${photo.sha256} as sent`);
    }
  }
  return found;
}

/** All that is wrong; nothing when all is well. */
export async function wrongs(world: World): Promise<string[]> {
  const found = [...world.faults, ...(await falselyStored(world))];
  const { server, saved, destroyed } = world;
  for (const handset of world.phones) found.push(...(await wrongsOf(world, handset)));
  for (const [hash, body] of saved) {
    if (destroyed.has(hash)) continue;
    const there = server.records.get(hash);
    if (!there) found.push(`I3 ${hash} was shown as saved and is lost`);
    else if (there.wire.body !== body) found.push(`I4 ${hash} has changed`);
  }
  for (const [sha256, { bytes, record }] of world.photos) {
    const there = server.photos.get(sha256);
    if (!there && !destroyed.has(sha256) && !destroyed.has(record)) found.push(`I3 the photo ${sha256} is lost`);
    if (there && Buffer.compare(there, bytes) !== 0) found.push(`I4 the photo ${sha256} has changed`);
  }
  for (const [hash, record] of server.records) {
    if ((await sha256Hex(world.server.crypto, utf8(record.wire.body))) !== hash) found.push(`I4 ${hash} is not its bytes`);
    if (record.log === 'fork' && !world.wasCopied) found.push(`I7 ${hash} forked though no phone was copied`);
  }
  for (const [hash, times] of server.effects) if (times !== 1) found.push(`I2 ${hash} had its effect ${times} times`);
  return found;
}

async function wrongsOf(world: World, handset: Handset): Promise<string[]> {
  const found: string[] = [];
  const { server } = world;
  const { phone } = handset.tabs[0]!;
  const look = <T>(work: Promise<T>): Promise<T> => world.until(work);
  const device = await look(phone.store.get('device'));
  for (const row of await look(phone.store.records(10_000))) {
    if (row.unsent !== undefined) found.push(`I8 ${handset.name} has not sent ${row.hash}`);
    const receipt = row.receipt === null ? null : await look(phone.store.receipt(row.receipt));
    const isSigned = receipt && (await verifyReceipt(server.crypto, device!.serverKey.public_key, receipt.body, receipt.sig));
    if (receipt && !isSigned) found.push(`I1 ${handset.name} believes a receipt that the server never gave`);
  }
  for (const photo of await look(phone.store.photoRows())) {
    if (photo.unsent !== undefined) found.push(`I8 ${handset.name} has not sent the photo ${photo.sha256}`);
  }
  const newest = new Map(server.rows.filter((row) => row.scope === server.site).map((row) => [row.id, row]));
  const expected = [...newest.values()].filter((row) => row.op === 'upsert').map((row) => [row.id, row.body]);
  const rows = (await look(phone.store.rows())).filter((row) => row.body !== null).map((row) => [row.id, row.body]);
  const order = (some: unknown[]): string => JSON.stringify(some.map((one) => JSON.stringify(one)).sort());
  if (order(rows) !== order(expected)) found.push(`I5 ${handset.name} holds other rows than the server`);
  return found;
}

export type Equation = Record<'captured' | 'applied' | 'held' | 'forked' | 'quarantined' | 'pending' | 'destroyed', number>;

/** What was captured, and where it is now. */
export async function equation(world: World): Promise<Equation> {
  const { server } = world;
  const captured = new Set([...world.saved.keys(), ...server.records.keys()]);
  const sum: Equation = { captured: 0, applied: 0, held: 0, forked: 0, quarantined: 0, pending: 0, destroyed: 0 };
  for (const handset of world.phones) {
    for (const row of await world.until(handset.tabs[0]!.phone.store.records(10_000))) {
      captured.add(row.hash);
      if (row.unsent !== undefined && !server.records.has(row.hash)) sum.pending += 1;
    }
  }
  for (const [hash, { log, wire }] of server.records) {
    if (server.effects.has(hash)) sum.applied += 1;
    else if (log === 'fork') sum.forked += 1;
    else if (log === 'raw' || !server.logs.has(log) || wire.sig === '') sum.quarantined += 1;
    else sum.held += 1;
  }
  for (const hash of world.destroyed) if (world.saved.has(hash) && !server.records.has(hash)) sum.destroyed += 1;
  sum.captured = captured.size;
  return sum;
}

export function balances(sum: Equation): boolean {
  return sum.captured === sum.applied + sum.held + sum.forked + sum.quarantined + sum.pending + sum.destroyed;
}

export function told(sum: Equation): string {
  const { captured, applied, held, forked, quarantined, pending, destroyed } = sum;
  return `${captured} captured = ${applied} applied + ${held} held + ${forked} forked + ${quarantined} quarantined + ${pending} pending on the phone (+ ${destroyed} destroyed with a phone)`;
}
