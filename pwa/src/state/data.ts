/** The signals behind all others: what the store holds and what the engine does. Written by `boot.ts` only. */
import { signal } from '@preact/signals';
import type { Anchor } from '../protocol/anchors';
import type { Body } from '../protocol/records';
import type {
  Carrying, Counts, DamagedRecord, DeviceRow, Head, LostLog, Meta, PhotoState, ReceiptRow, RecordRow, Session,
} from '../protocol/store'; // prettier-ignore
import { worldOf } from './world';

/** A kept record with its sealed text read once. */
export type Entry = { row: RecordRow; body: Body };
export type Activity = 'idle' | 'sending' | 'pulling' | 'photos';
export type Trouble = null | 'offline' | 'portal' | 'server' | 'revoked' | 'wiped' | 'unknown' | 'store' | 'reset';

/** How much of the store is used: `low` from 80 %, `full` from 95 % or when a record did not go in. */
export type Room = {
  state: 'ok' | 'low' | 'full';
  percent: number;
  /** A record did not go in, whatever was freed: until the reserve is back nothing more is recorded. */
  refused: boolean;
};
/** Why this browser may forget what it keeps: a private window, or a store that the phone may clear. */
export type Risk = null | 'private' | 'unpersisted';

export const opened = signal<'starting' | 'broken' | 'open'>('starting');
/** Another tab with an older app keeps the store from being opened. */
export const blocked = signal(false);
export const room = signal<Room>({ state: 'ok', percent: 0, refused: false });
export const risk = signal<Risk>(null);
/** The browser cannot keep a key: the log is not signed. */
export const weak = signal(false);
/** What the server advised and had to say with its last `hello`. */
export const advice = signal<Meta['advice'] | null>(null);
/** What this browser held before its store was cleared; `seq` is the last number that was shown as saved. */
export const lost = signal<LostLog | null>(null);
export const carrying = signal<readonly Carrying[]>([]);
export const damaged = signal<readonly DamagedRecord[]>([]);
export const deviceRow = signal<DeviceRow | null>(null);
export const head = signal<Head | null>(null);
export const session = signal<Session | null>(null);
/** Who goes on with this phone that had the one before. */
export const expected = signal<string | null>(null);
/** By person: what they said last to the text about what is recorded. */
export const consents = signal<Meta['consents']>({});
export const anchor = signal<Anchor | null>(null);
export const lastFullRound = signal<number | null>(null);
export const world = signal(worldOf([]));
/** By hash. */
export const entries = signal<ReadonlyMap<string, Entry>>(new Map());
export const receipts = signal<ReadonlyMap<string, ReceiptRow>>(new Map());
export const photoStates = signal<ReadonlyMap<string, PhotoState>>(new Map());
export const counts = signal<Counts>({
  unsent: 0,
  photosUnsent: 0,
  oldestWall: null,
  refused: 0,
  receivedUpTo: null,
  damaged: 0,
});
export const activity = signal<Activity>('idle');
export const trouble = signal<Trouble>(null);
/** Hashes of the records that are on their way at this moment. */
export const inFlight = signal<ReadonlySet<string>>(new Set());
/** The best estimate of the true time, ms; moves every ten seconds. */
export const clockNow = signal(0);
