/** Keeps the signals of `data.ts` equal to the store: all of it once, then what each step changed. */
import { batch } from '@preact/signals';
import { parseAnchor } from '../protocol/anchors';
import { bestNow } from '../protocol/clocks';
import type { Clock, Store } from '../protocol/ports';
import { parseOwn } from '../protocol/records';
import type { Change, ReceiptRow, RecordRow } from '../protocol/store';
import * as data from './data';
import type { Entry } from './data';
import { worldOf } from './world';

/** How many records are looked at: weeks of work, and still read at once. */
const MOST = 2_000;

let queue: Promise<void> = Promise.resolve();

/** Resolves when the signals show everything that was saved before. */
export function upToDate(): Promise<void> {
  return queue;
}

/** One after the other, so that what was read earlier never replaces what was read later. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = queue.then(work);
  // what fails here shows at the next change; the store itself has it
  queue = done.catch(() => undefined);
  return done;
}

/** Read everything, and follow the store from now on; returns what ends that. */
export async function follow(store: Store, clock: Clock): Promise<() => void> {
  const end = store.watch((change) => void inTurn(() => show(store, clock, change)).catch(() => undefined));
  await inTurn(async () => {
    const rows = await store.records(MOST);
    data.entries.value = new Map(rows.map((row) => [row.hash, entryOf(row)]));
    data.receipts.value = await receiptsOf(store, rows, new Map());
    await show(store, clock, {
      rows: true,
      photos: true,
      carried: true,
      records: [],
      meta: ['device', 'session', 'expected', 'anchor', 'lastFullRound', 'weak', 'lost', 'advice', 'consents'],
    });
  });
  return end;
}

/** The time moves on. */
export function tick(clock: Clock): void {
  data.clockNow.value = bestNow(data.anchor.value, { wall: clock.wall(), mono: clock.mono(), boot: clock.boot });
}

async function show(store: Store, clock: Clock, change: Change): Promise<void> {
  const updates: (() => void)[] = [];
  if (change.rows) {
    const world = worldOf(await store.rows());
    updates.push(() => (data.world.value = world));
  }
  if (change.records) {
    const changed = await Promise.all(change.records.map(async (hash) => [hash, await store.record(hash)] as const));
    const entries = new Map(data.entries.value);
    for (const [hash, row] of changed) {
      if (row) entries.set(hash, entryOf(row));
      else entries.delete(hash);
    }
    const rows = changed.map(([, row]) => row).filter((row) => row !== null);
    const receipts = await receiptsOf(store, rows, data.receipts.value);
    updates.push(() => {
      data.entries.value = entries;
      data.receipts.value = receipts;
    });
  }
  if (change.photos) {
    const states = new Map((await store.photoRows()).map((row) => [row.sha256, row.state]));
    updates.push(() => (data.photoStates.value = states));
  }
  if (change.records || change.photos) {
    const counts = await store.counts();
    updates.push(() => (data.counts.value = counts));
    if (counts.damaged !== data.damaged.value.length) {
      const damaged = await store.damaged();
      updates.push(() => (data.damaged.value = damaged));
    }
  }
  if (change.carried) {
    const carrying = await store.carrying();
    updates.push(() => (data.carrying.value = carrying));
  }
  updates.push(...(await metaUpdates(store, change)));
  batch(() => {
    for (const update of updates) update();
    tick(clock);
  });
}

async function metaUpdates(store: Store, { meta = [], records }: Change): Promise<(() => void)[]> {
  const updates: (() => void)[] = [];
  if (records || meta.includes('device')) {
    const head = await store.head();
    updates.push(() => (data.head.value = head));
  }
  if (meta.includes('device')) {
    const device = await store.get('device');
    updates.push(() => (data.deviceRow.value = device));
  }
  if (meta.includes('session')) {
    const session = await store.get('session');
    updates.push(() => (data.session.value = session));
  }
  if (meta.includes('consents')) {
    const consents = await store.get('consents');
    updates.push(() => (data.consents.value = consents ?? {}));
  }
  if (meta.includes('expected')) {
    const expected = await store.get('expected');
    updates.push(() => (data.expected.value = expected));
  }
  if (meta.includes('anchor')) {
    const token = await store.get('anchor');
    updates.push(() => (data.anchor.value = token === null ? null : parseAnchor(token)));
  }
  if (records || meta.includes('weak')) {
    const head = await store.head();
    const keys = await store.get('weak');
    updates.push(() => (data.weak.value = head !== null && keys !== null && Object.hasOwn(keys, head.log)));
  }
  if (meta.includes('advice')) {
    const advice = await store.get('advice');
    updates.push(() => (data.advice.value = advice));
  }
  if (meta.includes('lost')) {
    const lost = await store.get('lost');
    updates.push(() => (data.lost.value = lost));
  }
  if (meta.includes('lastFullRound')) {
    const last = await store.get('lastFullRound');
    updates.push(() => (data.lastFullRound.value = last));
  }
  return updates;
}

function entryOf(row: RecordRow): Entry {
  return { row, body: parseOwn(row.body) };
}

async function receiptsOf(
  store: Store,
  rows: readonly RecordRow[],
  known: ReadonlyMap<string, ReceiptRow>,
): Promise<ReadonlyMap<string, ReceiptRow>> {
  const wanted = new Set(rows.map((row) => row.receipt).filter((key) => key !== null && !known.has(key)));
  const found = await Promise.all([...wanted].map((key) => (key === null ? null : store.receipt(key))));
  return new Map([...known, ...found.filter((row) => row !== null).map((row) => [row.key, row] as const)]);
}
