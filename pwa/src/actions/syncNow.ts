/** A person asks for a round now. */
import { upToDate } from '../state/refresh';
import { running } from '../state/running';

/** Resolves when the round has ended; `sync` says how. */
export async function syncNow(): Promise<void> {
  await running().engine.syncNow();
  await upToDate();
}
