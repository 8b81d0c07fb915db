/** What the sync badge says. It never says more than the phone knows. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { activity, clockNow, counts, lastFullRound, trouble, type Activity, type Trouble } from './data';

/** A full round older than this proves nothing about now, ms. */
const FRESH_MS = 10 * 60_000;

export type SyncView = {
  unsent: number;
  photosUnsent: number;
  /** Records that a person must look at: quarantined, forked, or damaged on this phone. */
  refused: number;
  /** Every record of this log up to here is under a receipt of the server. */
  receivedUpTo: number | null;
  lastFullRound: number | null;
  /** The outbox is empty and the last full round is younger than ten minutes. */
  allReceived: boolean;
  activity: Activity;
  trouble: Trouble;
  portal: boolean;
};

export const sync: ReadonlySignal<SyncView> = computed(() => {
  const { unsent, photosUnsent, refused, damaged, receivedUpTo } = counts.value;
  const last = lastFullRound.value;
  const isFresh = last !== null && Math.abs(clockNow.value - last) < FRESH_MS;
  return {
    unsent,
    photosUnsent,
    refused: refused + damaged,
    receivedUpTo,
    lastFullRound: last,
    allReceived: unsent === 0 && photosUnsent === 0 && isFresh,
    activity: activity.value,
    trouble: trouble.value,
    portal: trouble.value === 'portal',
  };
});
