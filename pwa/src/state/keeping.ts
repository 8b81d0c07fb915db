/** How safely this phone keeps what it keeps: room, what the browser promises, what was lost, what it carries. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { HelloAnswer } from '../protocol/messages';
import type { Carrying, DamagedRecord, LostLog } from '../protocol/store';
import * as data from './data';

export type { Room, Risk } from './data';
export type Notice = HelloAnswer['notices'][number];

/** Another tab with an older app keeps the store from being opened. */
export const blocked: ReadonlySignal<boolean> = data.blocked;
export const room: ReadonlySignal<data.Room> = data.room;
export const risk: ReadonlySignal<data.Risk> = data.risk;
/** The browser cannot keep a key: nothing is signed. */
export const weak: ReadonlySignal<boolean> = data.weak;
/** The server asks for a newer app than this one. It takes what this one sends all the same. */
export const outdated: ReadonlySignal<boolean> = computed(() => isOlder(__APP_VERSION__, data.advice.value?.advice.min_app ?? ''));
/** What the server has to say to whoever holds the phone. */
export const notices: ReadonlySignal<readonly Notice[]> = computed(() => data.advice.value?.notices ?? []);
export const lost: ReadonlySignal<LostLog | null> = data.lost;
export const carrying: ReadonlySignal<readonly Carrying[]> = data.carrying;
export const damaged: ReadonlySignal<readonly DamagedRecord[]> = data.damaged;

/** Compare versions such as `0.10.2` by their numbers; what is no version is older than nothing. */
export function isOlder(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => text.split('.').map(Number));
  for (let n = 0; n < theirs!.length; n += 1) {
    const difference = (ours![n] ?? 0) - theirs![n]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
