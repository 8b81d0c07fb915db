/** How safely this phone keeps what it keeps: room, what the browser promises, what was lost, what it carries. */
import type { ReadonlySignal } from '@preact/signals';
import type { Carrying, DamagedRecord, LostLog } from '../protocol/store';
import * as data from './data';

export type { Room, Risk } from './data';

/** Another tab with an older app keeps the store from being opened. */
export const blocked: ReadonlySignal<boolean> = data.blocked;
export const room: ReadonlySignal<data.Room> = data.room;
export const risk: ReadonlySignal<data.Risk> = data.risk;
/** The browser cannot keep a key: nothing is signed. */
export const weak: ReadonlySignal<boolean> = data.weak;
export const lost: ReadonlySignal<LostLog | null> = data.lost;
export const carrying: ReadonlySignal<readonly Carrying[]> = data.carrying;
export const damaged: ReadonlySignal<readonly DamagedRecord[]> = data.damaged;
