/** What wakes the engine: the page, the network, a save, and time. */
import type { Engine } from './engine';
import type { Clock, Randomness, Store } from '../protocol/ports';

/** After a save, so that a scan and its answers go together, ms. */
export const AFTER_SAVE_MS = 5_000;
const EVERY_MS = 5 * 60_000;
const SPREAD = 0.2;

/** The page as far as the engine cares. */
export type Page = {
  isVisible(): boolean;
  onVisible(then: () => void): () => void;
  onOnline(then: () => void): () => void;
};

/** Wake `engine` when there may be something to do; returns what ends it. */
export function watchPage(
  engine: Engine,
  { page, clock, random, store }: { page: Page; clock: Clock; random: Randomness; store: Store },
): () => void {
  let cancelSave: (() => void) | null = null;
  let cancelTick: (() => void) | null = null;

  const tick = (): void => {
    cancelTick = clock.after(EVERY_MS * (1 - SPREAD + 2 * SPREAD * random.share()), () => {
      if (page.isVisible()) engine.wake('timer');
      tick();
    });
  };
  tick();

  const endings = [
    page.onVisible(() => engine.wake('visible')),
    page.onOnline(() => engine.wake('online')),
    store.watch((change) => {
      if (!change.saved) return;
      cancelSave?.();
      cancelSave = clock.after(AFTER_SAVE_MS, () => engine.wake('saved'));
    }),
  ];
  engine.wake('opened');

  return () => {
    cancelSave?.();
    cancelTick?.();
    for (const end of endings) end();
  };
}
