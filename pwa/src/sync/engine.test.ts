import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { StoreError } from '../protocol/store';
import { sharedLocks } from '../testing/locks';
import { joinedPhone, roundState, sealNote, settle, testClock, testPhone, type TestPhone } from '../testing/phone';
import { fakeServer, type FakeServer } from '../testing/server';
import { backoffMs } from './backoff';
import { createEngine, type Engine, type Trouble, type Watcher } from './engine';
import { runRound } from './round';
import { AFTER_SAVE_MS, watchPage, type Page } from './triggers';

const MINUTE = 60_000;

type Seen = { troubles: Trouble[]; steps: string[]; watcher: Watcher };

function watcher(): Seen {
  const seen: Seen = {
    troubles: [],
    steps: [],
    watcher: {
      step: (step) => seen.steps.push(step),
      trouble: (trouble) => seen.troubles.push(trouble),
      inFlight: () => undefined,
    },
  };
  return seen;
}

/** An engine on a joined phone whose jitter is always the whole of it. */
async function running(server: FakeServer): Promise<{ phone: TestPhone; engine: Engine; seen: Seen }> {
  const phone = await joinedPhone(server);
  const certain = { ...phone, random: { ...phone.random, share: () => 0.999 } };
  const seen = watcher();
  return { phone, engine: createEngine(certain, seen.watcher), seen };
}

const hellos = (server: FakeServer): number => server.asked.filter((path) => path.endsWith('/hello')).length;

describe('back-off', () => {
  it('spreads over the whole of a wait that doubles up to a quarter of an hour', () => {
    expect(backoffMs(1, 0, null)).toBe(0);
    expect(backoffMs(1, 0.999, null)).toBe(4_995);
    expect(backoffMs(3, 0.5, null)).toBe(10_000);
    expect(backoffMs(99, 0.999, null)).toBeLessThan(15 * MINUTE);
    expect(backoffMs(99, 0.999, null)).toBeGreaterThan(14 * MINUTE);
  });
  it('keeps what a server asks for within five seconds and half an hour', () => {
    expect(backoffMs(1, 0, 0)).toBe(5_000);
    expect(backoffMs(1, 0, 60)).toBe(60_000);
    expect(backoffMs(1, 0, 999_999)).toBe(30 * MINUTE);
  });
});

describe('the engine', () => {
  it('waits longer after each failure, and a full round forgives all', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    server.fault('hello', 'offline', 'offline', 'offline');
    await engine.syncNow();
    expect(seen.troubles).toEqual(['offline']);

    await phone.clock.advance(5_000);
    expect(seen.troubles).toEqual(['offline', 'offline']);
    await phone.clock.advance(5_000);
    expect(seen.troubles).toHaveLength(2);
    await phone.clock.advance(5_000);
    expect(seen.troubles).toHaveLength(3);
    await phone.clock.advance(20_000);
    expect(seen.troubles.at(-1)).toBeNull();
    expect(seen.steps.at(-1)).toBe('idle');
    engine.stop();
  });

  it('takes back that there is no network as soon as the server is heard, not when all is sent', async () => {
    const server = await fakeServer();
    const { engine, seen } = await running(server);
    server.fault('hello', 'offline');
    await engine.syncNow();
    server.fault('pull', 503);
    await engine.syncNow();
    expect(seen.troubles).toEqual(['offline', null, 'server']);
    engine.stop();
  });

  it('says that the server resets again and again, and goes on sending meanwhile', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    await engine.syncNow();
    for (let i = 0; i < 3; i += 1) {
      server.pullReset = 'chain';
      await engine.syncNow();
    }
    expect(seen.troubles.filter((trouble) => trouble !== null)).toEqual([]);
    server.pullReset = 'chain';
    const note = await sealNote(phone);
    await engine.syncNow();
    expect(seen.troubles.at(-1)).toBe('reset');
    expect(server.records.has(note.hash)).toBe(true);
    // the server is well again: the next answer that is none of these resets takes it back
    await engine.syncNow();
    expect(seen.troubles.at(-1)).toBeNull();
    engine.stop();
  });

  it('says of a log whose key is lost that the phone must join again, not that the server is ill', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    await engine.syncNow();
    phone.store.logKey = () => Promise.resolve(null); // the browser dropped the key, and keeps no other
    await engine.syncNow();
    expect(seen.troubles.at(-1)).toBe('unknown');
    engine.stop();
  });

  it('does not ask a server that is not well before it said, whatever wakes it, but for a person', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    server.fault('hello', 503);
    await engine.syncNow();
    expect(seen.troubles).toEqual(['server']);
    const asked = hellos(server);

    for (const reason of ['online', 'visible', 'saved', 'timer', 'opened'] as const) engine.wake(reason);
    await settle();
    expect(hellos(server)).toBe(asked);
    engine.wake('press');
    await settle();
    expect(hellos(server)).toBe(asked + 1);
    expect(seen.troubles.at(-1)).toBeNull();
    await phone.clock.advance(MINUTE);
    engine.stop();
  });

  it('goes at once when a network is found, but spreads over two minutes after a long outage', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    server.fault('hello', 'offline');
    await engine.syncNow();
    engine.wake('online');
    await settle();
    expect(seen.troubles).toEqual(['offline', null]);

    server.fault('hello', ...Array<'offline'>(9).fill('offline'));
    await engine.syncNow();
    // 5, 10, 20 … 320 s later it failed again, and the next turn is ten minutes away
    await phone.clock.advance(11 * MINUTE);
    const failed = seen.troubles.length;
    engine.wake('online');
    await settle();
    expect(seen.troubles).toHaveLength(failed);
    await phone.clock.advance(2 * MINUTE);
    expect(seen.troubles.length).toBeGreaterThan(failed);
    engine.stop();
  });

  it('runs once more when it was woken while it ran, and never two at once', async () => {
    const server = await fakeServer();
    const { phone, engine } = await running(server);
    let inside = 0;
    let most = 0;
    server.during = async (path) => {
      if (!path.endsWith('/hello')) return;
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    engine.wake('opened');
    engine.wake('saved');
    engine.wake('visible');
    await engine.syncNow();
    expect(hellos(server)).toBe(2);
    expect(most).toBe(1);
    await phone.clock.advance(1_000);
    engine.stop();
  });

  it('waits half a minute for a tab that is frozen in the middle of a push, and then goes on without it', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server, 'frozen-tab');
    const tab = testPhone(server, 'frozen-tab');
    const locks = sharedLocks();
    let isFirst = true;
    server.during = (path) => {
      const isFrozen = isFirst && path.endsWith('/push');
      if (isFrozen) isFirst = false;
      return isFrozen ? new Promise(() => undefined) : Promise.resolve();
    };
    // not through the counted ports: what is frozen never comes to rest
    void runRound({ ...phone, net: server.net, locks: locks.of(testClock()) }, roundState());
    await vi.waitUntil(() => !isFirst, { timeout: 20_000 });
    const engine = createEngine({ ...tab, net: server.net, locks: locks.of(tab.clock) }, watcher().watcher);
    void engine.syncNow();
    let waited = 0;
    while (server.records.size === 0 && waited < 300_000) {
      await tab.clock.advance(1_000);
      waited += 1_000;
      await new Promise((resolve) => setTimeout(resolve, 5)); // the uncounted network takes its time
    }
    expect(waited).toBeGreaterThanOrEqual(30_000);
    expect(server.records.size).toBe(1);
    engine.stop();
  });

  it('says that the store is in trouble and tries again later', async () => {
    const server = await fakeServer();
    const { phone, engine, seen } = await running(server);
    vi.spyOn(phone.store, 'counts').mockRejectedValueOnce(new StoreError('gone'));
    await engine.syncNow();
    expect(seen.troubles).toEqual(['store']);
    await phone.clock.advance(5_000);
    expect(seen.troubles).toEqual(['store', null]);
    engine.stop();
  });

  it('asks nothing before a supervisor has confirmed the phone', async () => {
    const server = await fakeServer();
    const phone = testPhone(server);
    const engine = createEngine(phone, watcher().watcher);
    await engine.syncNow();
    expect(server.asked).toEqual([]);
    engine.stop();
  });

  it('stops in the middle when it is told to', async () => {
    const server = await fakeServer();
    const { phone, engine } = await running(server);
    await sealNote(phone);
    server.during = async (path) => {
      if (path.endsWith('/hello')) engine.stop();
    };
    await engine.syncNow();
    expect(server.pushes).toEqual([]);
  });
});

describe('what wakes the engine', () => {
  type Woken = { reasons: string[]; visible: boolean; online: () => void; seen: () => void };
  function page(woken: Woken): Page {
    return {
      isVisible: () => woken.visible,
      onVisible: (then) => ((woken.seen = then), () => undefined),
      onOnline: (then) => ((woken.online = then), () => undefined),
    };
  }

  it('the opened app, the page that comes to the front, a network, a save a moment ago, and time in front', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const clock = testClock();
    const woken: Woken = { reasons: [], visible: true, online: () => undefined, seen: () => undefined };
    const engine: Engine = { wake: (reason) => woken.reasons.push(reason), syncNow: async () => undefined, stop: () => undefined };
    const even = { ...phone.random, share: () => 0.5 };
    const end = watchPage(engine, { page: page(woken), clock, random: even, store: phone.store });
    expect(woken.reasons).toEqual(['opened']);

    woken.seen();
    woken.online();
    expect(woken.reasons).toEqual(['opened', 'visible', 'online']);

    await sealNote(phone);
    await clock.advance(AFTER_SAVE_MS - 1_000);
    await sealNote(phone);
    await clock.advance(AFTER_SAVE_MS - 1_000);
    expect(woken.reasons).not.toContain('saved');
    await clock.advance(1_000);
    expect(woken.reasons.filter((reason) => reason === 'saved')).toHaveLength(1);

    await clock.advance(5 * MINUTE);
    expect(woken.reasons.filter((reason) => reason === 'timer')).toHaveLength(1);
    woken.visible = false;
    await clock.advance(10 * MINUTE);
    expect(woken.reasons.filter((reason) => reason === 'timer')).toHaveLength(1);
    end();
  });

  it('a settled record is no save', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    const clock = testClock();
    const { hash } = await sealNote(phone);
    const woken: Woken = { reasons: [], visible: true, online: () => undefined, seen: () => undefined };
    const engine: Engine = { wake: (reason) => woken.reasons.push(reason), syncNow: async () => undefined, stop: () => undefined };
    watchPage(engine, { page: page(woken), clock, random: phone.random, store: phone.store });
    await phone.store.settle([{ hash, outcome: 'applied' }], null);
    await clock.advance(AFTER_SAVE_MS);
    expect(woken.reasons).toEqual(['opened']);
  });
});
