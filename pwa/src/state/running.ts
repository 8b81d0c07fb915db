/** The phone as it runs in this page: its ports and its engine, once `boot.ts` has put them together. */
import { StoreError } from '../protocol/store';
import type { Engine } from '../sync/engine';
import type { Phone } from '../sync/phone';

export type Running = { phone: Phone; engine: Engine };

let current: Running | null = null;

/** Set by whoever puts the phone together: `boot.ts`, or a test. */
export function setRunning(running: Running | null): void {
  current = running;
}

/** The running phone; throws `StoreError('gone')` when the store could not be opened. */
export function running(): Running {
  if (!current) throw new StoreError('gone');
  return current;
}
