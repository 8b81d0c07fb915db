/** A world to simulate: a server, phones with one or more tabs each, what was saved on them, and all that goes wrong. */
import { openStore, type OpenStore } from '../../db/store';
import { sha256Hex } from '../../protocol/encoding';
import type { FeedRow } from '../../protocol/messages';
import type { Bytes, Clock, Crypto, Net, Store } from '../../protocol/ports';
import { createEngine, type Engine } from '../../sync/engine';
import { askState, join } from '../../sync/join';
import type { Phone } from '../../sync/phone';
import { seal } from '../../sync/seal';
import { sharedLocks } from '../locks';
import { SITE, fakeServer, type FakeServer } from '../server';
import { toyCrypto } from './crypto';
import { diceOf, type Dice } from './dice';
import { deleteFrom, diskIsBusy, failNext, imageOf, newDisk, restoreImage, type DiskFault, type Image } from './disk';
import { netOf, type Weather } from './net';
import { schedulerOf, type Actor, type Scheduler } from './scheduler';

const T0 = 1_795_438_800_000;
const GUARD = '6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02';
const CODE = 'AAECAwQFBgcICQoLDA0ODw';

export type Tab = { actor: Actor; phone: Phone; engine: Engine; store: OpenStore };
export type Handset = {
  name: string;
  /** The name of its database; another one after a restore. */
  database: string;
  tabs: Tab[];
  /** How far its clock is off, ms. */
  skewMs: number;
  locks: ReturnType<typeof sharedLocks>;
};
/** A part that does not do what it should, to see that the simulation finds out. */
export type Broken = {
  store?: (store: OpenStore) => OpenStore;
  net?: (net: Net, store: Store) => Net;
  crypto?: (crypto: Crypto) => Crypto;
};

export type World = {
  seed: number;
  dice: Dice;
  scheduler: Scheduler;
  server: FakeServer;
  weather: Weather;
  phones: Handset[];
  /** The share of store steps that meet a fault of the disk. */
  diskShare: number;
  /** What was shown as saved: hash → body. */
  saved: Map<string, string>;
  /** The photos of saved records. */
  photos: Map<string, { bytes: Bytes; record: string }>;
  /** Records and photos that were only on a phone when that phone lost them: a person or a thief did that. */
  destroyed: Set<string>;
  /** What the simulation says was wrong while it ran. */
  faults: string[];
  rounds: number;
  wasSetBack: boolean;
  wasCopied: boolean;

  newPhone(): Promise<Handset>;
  openTab(handset: Handset): Tab;
  /** End a tab in the middle of whatever it does. */
  kill(handset: Handset, tab: Tab): void;
  save(tab: Tab, note?: string): Promise<string>;
  savePhoto(tab: Tab): Promise<void>;
  /** One round of a tab's engine, now. */
  sync(tab: Tab): Promise<void>;
  /** Let work go on until this has ended; throws when it never does. */
  until<T>(work: Promise<T>): Promise<T>;
  publish(): void;
  backup(handset: Handset): Promise<Image>;
  restore(handset: Handset, image: Image): Promise<void>;
  clone(image: Image): Promise<Handset>;
  loseKeys(handset: Handset): Promise<void>;
  /** Set the server back to a backup of it; what no phone has any more is gone for good. */
  setBack(restore: () => void): Promise<void>;
};

export async function makeWorld(seed: number, broken: Broken = {}): Promise<World> {
  newDisk();
  const dice = diceOf(seed);
  const scheduler = schedulerOf(dice, diskIsBusy);
  const crypto = toyCrypto(dice);
  const server = await fakeServer(crypto);
  server.deviceState = 'active';
  const weather: Weather = { isDown: false, isPortal: false, share: 0 };
  let names = 0;

  const world: World = {
    seed, dice, scheduler, server, weather,
    phones: [],
    diskShare: 0,
    saved: new Map(),
    photos: new Map(),
    destroyed: new Set(),
    faults: [],
    rounds: 0,
    wasSetBack: false,
    wasCopied: false,
    newPhone, openTab, kill, save, savePhoto, sync, until, publish, backup, restore, clone, loseKeys, setBack,
  }; // prettier-ignore

  function clockOf(handset: Handset, actor: Actor): Clock {
    const began = scheduler.now();
    const boot = Array.from(dice.bytes(4), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return {
      boot,
      wall: () => T0 + scheduler.now() + handset.skewMs,
      mono: () => scheduler.now() - began,
      zone: () => 'Asia/Shanghai',
      after: (ms, then) => scheduler.after(actor, ms, then),
    };
  }

  /** The store, each step of which waits for its turn and may meet a fault. */
  function storeOf(actor: Actor, store: OpenStore): OpenStore {
    const step = (name: string, run: (...given: unknown[]) => Promise<unknown>) => async (...given: unknown[]) => {
      await scheduler.turn(actor, name);
      if (dice.chance(world.diskShare)) failNext(diskFault());
      try {
        return await run(...given);
      } finally {
        failNext(null);
      }
    };
    const wrapped = Object.entries(store).map(([name, part]) => {
      const isStep = name !== 'watch' && name !== 'close';
      return [name, isStep ? step(name, part as (...given: unknown[]) => Promise<unknown>) : part];
    });
    return watchCursor(Object.fromEntries(wrapped) as OpenStore);
  }

  function diskFault(): DiskFault {
    return { kind: dice.pick(['lost', 'broken', 'full', 'mute']), at: 1 + dice.below(3) };
  }

  /** I9: within one past of the feed the place only rises. */
  function watchCursor(store: OpenStore): OpenStore {
    return {
      ...store,
      async applyPage(expected, rows, next) {
        const applied = await store.applyPage(expected, rows, next);
        const [was, is] = [expected.cursor, next.cursor].map((cursor) => (cursor === null ? null : cursor.split('.').map(Number)));
        const isSamePast = was && is && (was[1] ?? 0) === (is[1] ?? 0) && expected.generation === next.generation;
        if (applied && isSamePast && is[0]! < was[0]!) world.faults.push(`the cursor went back from ${expected.cursor} to ${next.cursor}`);
        return applied;
      },
    };
  }

  function openTab(handset: Handset): Tab {
    const actor: Actor = { name: `${handset.name}${(names += 1)}`, isDead: false };
    const clock = clockOf(handset, actor);
    const opened = openStore(handset.database, clock);
    const store = (broken.store ?? ((one) => one))(storeOf(actor, opened));
    const net = netOf(actor, { scheduler, dice, weather, serve: (request) => ((server.now = T0 + scheduler.now()), server.net.send(request)) });
    const phone: Phone = {
      store,
      net: broken.net?.(net, store) ?? net,
      clock,
      random: { bytes: (count) => dice.bytes(count), share: () => dice.share() },
      crypto: broken.crypto?.(crypto) ?? crypto,
      locks: handset.locks.of(clock),
      app: '0.1.0',
    };
    const engine = createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
    const tab = { actor, phone, engine, store: { ...store, close: () => opened.close() } };
    handset.tabs.push(tab);
    return tab;
  }

  function kill(handset: Handset, tab: Tab): void {
    scheduler.kill(tab.actor);
    tab.store.close();
    handset.tabs = handset.tabs.filter((one) => one !== tab);
    // what a dead tab held is free
    if (handset.tabs.length === 0) handset.locks = sharedLocks();
  }

  function emptyHandset(): Handset {
    const name = `phone-${(names += 1)}`;
    const handset = { name, database: name, tabs: [], skewMs: dice.pick([0, 0, -3_600_000, 86_400_000_000, 7]), locks: sharedLocks() };
    world.phones.push(handset);
    return handset;
  }

  async function newPhone(): Promise<Handset> {
    const handset = emptyHandset();
    const { phone } = openTab(handset);
    const joined = await until(join(phone, CODE, handset.name, { camera: true }));
    if (!joined.ok) throw new Error(`cannot join: ${joined.kind}`);
    await until(askState(phone));
    return handset;
  }

  async function until<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const over = work.finally(() => (state.isOver = true));
    over.catch(() => undefined);
    await scheduler.rest();
    for (let steps = 0; !state.isOver; steps += 1) {
      if (steps > 200_000) throw new Error('it goes on for ever');
      const goesOn = await scheduler.step();
      if (!goesOn && !state.isOver) throw new Error('nobody can go on');
    }
    return over;
  }

  async function save({ phone }: Tab, note = 'a note'): Promise<string> {
    const { hash } = await seal(phone, () => ({
      type: 'finding',
      actor: GUARD,
      site: SITE,
      private: { note },
      p: { occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'other' },
    }));
    const row = await phone.store.record(hash);
    world.saved.set(hash, row?.body ?? '');
    return hash;
  }

  async function savePhoto({ phone }: Tab): Promise<void> {
    const bytes = dice.bytes(40 + dice.below(200));
    const sha256 = await sha256Hex(crypto, bytes);
    const photo = { sha256, size: bytes.length, mime: 'image/jpeg' as const, role: 'photo' as const };
    await phone.store.keepPhoto({ ...photo, keptAt: phone.clock.wall() }, bytes);
    const { hash } = await seal(
      phone,
      () => ({
        type: 'finding',
        actor: GUARD,
        site: SITE,
        blobs: [photo],
        p: { occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'dirt' },
      }),
      { photos: [sha256] },
    );
    const row = await phone.store.record(hash);
    world.saved.set(hash, row?.body ?? '');
    world.photos.set(sha256, { bytes, record: hash });
  }

  async function sync({ engine }: Tab): Promise<void> {
    world.rounds += 1;
    await engine.syncNow();
  }

  function publish(): void {
    const id = `6f1e5a3e-0000-4c1a-9d8e-00000000000${dice.below(6)}`;
    const last = server.rows.findLast((row) => row.id === id);
    const op: FeedRow['op'] = last && last.op === 'upsert' && dice.chance(0.2) ? 'leave' : 'upsert';
    const version = (last?.version ?? 0) + 1;
    server.rows = [...server.rows, { kind: 'team', id, scope: SITE, version, op, body: op === 'upsert' ? { id, n: dice.below(1_000) } : null }];
  }

  function backup(handset: Handset): Promise<Image> {
    return imageOf(handset.database);
  }

  async function fromImage(handset: Handset, image: Image): Promise<void> {
    handset.database = `${handset.name}-${(names += 1)}`;
    world.wasCopied = true;
    const layout = openStore(handset.database, clockOf(handset, { name: 'restore', isDead: false }));
    await layout.head();
    layout.close();
    await restoreImage(handset.database, image);
    openTab(handset);
  }

  async function restore(handset: Handset, image: Image): Promise<void> {
    for (const tab of handset.tabs) kill(handset, tab);
    const kept = new Set(keysOf(image));
    for (const key of keysOf(await imageOf(handset.database))) {
      if (!kept.has(key) && !server.records.has(key) && !server.photos.has(key)) world.destroyed.add(key);
    }
    await fromImage(handset, image);
  }

  async function clone(image: Image): Promise<Handset> {
    const handset = emptyHandset();
    await fromImage(handset, image);
    return handset;
  }

  async function setBack(giveBack: () => void): Promise<void> {
    const had = [...server.records.keys(), ...server.photos.keys()];
    giveBack();
    world.wasSetBack = true;
    const onPhones = new Set<string>();
    for (const handset of world.phones) for (const key of keysOf(await imageOf(handset.database))) onPhones.add(key);
    for (const key of had) {
      if (!onPhones.has(key) && !server.records.has(key) && !server.photos.has(key)) world.destroyed.add(key);
    }
  }

  async function loseKeys(handset: Handset): Promise<void> {
    await deleteFrom(handset.database, ['keys']);
  }

  return world;
}

/** Close everything. */
export function end(world: World): void {
  for (const handset of world.phones) while (handset.tabs[0]) world.kill(handset, handset.tabs[0]);
}

/** The hashes of the records and photos in a copy. */
function keysOf(image: Image): string[] {
  return image.stores.flatMap(({ name, rows }) => {
    if (name === 'log') return (rows as { hash: string }[]).map((row) => row.hash);
    return name === 'chunks' ? (rows as { sha256: string }[]).map((row) => row.sha256) : [];
  });
}
