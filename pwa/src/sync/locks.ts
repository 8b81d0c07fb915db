/**
 * Taking turns with the phone's other tabs. The lock is held for one request and what it settles, never for a whole
 * round: a tab that iOS freezes in the middle keeps the others waiting once, and then they go on without it.
 */
import type { Phone } from './phone';

const LOCK = 'fs-sync';
/** A tab that holds the lock longer than this is not waited for, ms. */
const PATIENCE_MS = 30_000;
/** Nor is it waited for again at the next step, ms. */
const PATIENCE_AGAIN_MS = 100;

const frozen = new WeakSet<Phone>();

/** Run one step of a round, alone if that is to be had. */
export function inTurn<T>(phone: Phone, step: () => Promise<T>): Promise<T> {
  const patience = frozen.has(phone) ? PATIENCE_AGAIN_MS : PATIENCE_MS;
  return phone.locks.run(LOCK, patience, (isHeld) => {
    if (isHeld) frozen.delete(phone);
    else frozen.add(phone);
    return step();
  });
}
