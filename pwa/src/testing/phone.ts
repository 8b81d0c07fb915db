/** Phones for tests: real store on a database in memory, real crypto, clocks and net in the test's hands. */
import { expect } from 'vitest';
import { openStore, type OpenStore } from '../db/store';
import type { FeedRow } from '../protocol/messages';
import type { Clock, Locks, Store } from '../protocol/ports';
import type { PullState } from '../protocol/store';
import { sha256Hex, utf8 } from '../protocol/encoding';
import { askState, join } from '../sync/join';
import type { Phone } from '../sync/phone';
import { newPace, type RoundEnd, type RoundState } from '../sync/state';
import { runRound } from '../sync/round';
import { seal, type Sealed } from '../sync/seal';
import { webCrypto, webRandom } from '../sync/webcrypto';
import { SITE, type FakeServer } from './server';

export const GUARD = '6f1e5a3e-2222-4c1a-9d8e-0a0b0c0d0e02';
export const CODE = 'AAECAwQFBgcICQoLDA0ODw';

export type TestClock = Clock & {
  set(wall: number): void;
  /** Let time pass; timers that fall due run, the oldest first. */
  advance(ms: number): Promise<void>;
  /** Let time pass without waiting for what the timers begin. */
  pass(ms: number): void;
  /** Resolves once somebody waits for this long. */
  waitedFor(ms: number): Promise<void>;
};

export function testClock(start = 1_795_438_800_000, boot = 'b7c1d2e3'): TestClock {
  let wall = start;
  let mono = 1_000;
  const timers = new Set<{ at: number; ms: number; then: () => void }>();
  return {
    boot,
    wall: () => wall,
    mono: () => mono,
    zone: () => 'Asia/Shanghai',
    after(ms, then) {
      const timer = { at: mono + ms, ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    set: (next) => (wall = next),
    async waitedFor(ms) {
      while (![...timers].some((timer) => timer.ms === ms)) await macrotask();
    },
    async advance(ms) {
      const end = mono + ms;
      do {
        nextTimer(end)?.();
        await settle();
      } while (mono < end || hasDue(end));
    },
    pass(ms) {
      const end = mono + ms;
      while (mono < end || hasDue(end)) nextTimer(end)?.();
    },
  };

  /** Moves to the next timer before `end` and gives it, or to `end` itself. */
  function nextTimer(end: number): (() => void) | null {
    const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    const step = Math.max(0, (due?.at ?? end) - mono);
    mono += step;
    wall += step;
    if (due) timers.delete(due);
    return due?.then ?? null;
  }

  function hasDue(end: number): boolean {
    return [...timers].some((timer) => timer.at <= end);
  }
}

/** How many steps of stores, nets and crypto are under way. */
let pending = 0;

/** Its functions, counted while they run. */
function counted<T extends object>(part: T): T {
  const wrap = (value: unknown): unknown => {
    if (typeof value !== 'function') return value;
    return (...given: unknown[]) => {
      const result: unknown = (value as (...given: unknown[]) => unknown)(...given);
      if (!(result instanceof Promise)) return result;
      pending += 1;
      return result.finally(() => (pending -= 1));
    };
  };
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, wrap(value)])) as T;
}

const macrotask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Let everything that is under way come to rest. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await macrotask();
    if (pending > 0) quiet = 0;
  }
}

const noLocks: Locks = { run: (_name, _patienceMs, task) => task(true) };

let databases = 0;
/** A database name that no other test uses. */
export function freshName(): string {
  return `test-${(databases += 1)}`;
}

export type TestPhone = Phone & { store: OpenStore; clock: TestClock };

export function testPhone(server: FakeServer, name = freshName(), clock = testClock()): TestPhone {
  return {
    store: counted(openStore(name, clock)),
    net: counted(server.net),
    clock,
    random: webRandom,
    crypto: counted(webCrypto),
    locks: noLocks,
    app: '0.1.0',
  };
}

/** A phone that has joined and whose log has begun. */
export async function joinedPhone(server: FakeServer, name?: string): Promise<TestPhone> {
  const phone = testPhone(server, name);
  const joined = await join(phone, CODE, 'Phone 4', { camera: true });
  if (!joined.ok) throw new Error(joined.kind);
  server.deviceState = 'active';
  await askState(phone);
  return phone;
}

/** Seal a record of no consequence. */
export function sealNote(phone: Phone, note = 'a note'): Promise<Sealed> {
  return seal(phone, () => ({
    type: 'finding',
    actor: GUARD,
    site: SITE,
    private: { note },
    p: { occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'other' },
  }));
}

/** What a round is given, with nobody watching. */
export function roundState(some: Partial<RoundState> = {}): RoundState {
  return {
    pace: newPace(),
    resets: [],
    report: { step: () => undefined, heard: () => undefined, inFlight: () => undefined },
    signal: new AbortController().signal,
    ...some,
  };
}

/** One round of the engine, without its waits. */
export function round(phone: Phone, some: Partial<RoundState> = {}): Promise<RoundEnd> {
  return runRound(phone, roundState(some));
}

/** Everything that was saved is on the server, byte for byte, or still unsent on the phone. */
export async function nothingLost(phone: Phone, server: FakeServer): Promise<void> {
  for (const row of await phone.store.records(1_000)) {
    const isThere = server.records.get(row.hash)?.wire.body === row.body;
    expect(isThere || row.unsent !== undefined).toBe(true);
    if (row.unsent === undefined) expect(isThere).toBe(true);
  }
}

/** Keep a photo and seal a record that names it; returns its hash. */
export async function sealPhoto(phone: Phone, text: string): Promise<string> {
  const bytes = utf8(text);
  const sha256 = await sha256Hex(webCrypto, bytes);
  const photo = { sha256, size: bytes.length, mime: 'image/jpeg' as const, role: 'photo' as const };
  await phone.store.keepPhoto({ ...photo, keptAt: 0 }, bytes);
  await seal(
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
  return sha256;
}

/** Put `rows` on the phone as its site stands, whole at `cursor`; false when the bookmark is no longer `mark`. */
export async function fill(store: Store, rows: readonly FeedRow[], cursor: string, mark?: PullState): Promise<boolean> {
  const expected = mark ?? (await store.pullState());
  return store.applyPage(expected, rows, { ...expected, cursor, scopes: [SITE], shown: [SITE] });
}
