/** Locks that the tabs of one phone share, with a test's clock. */
import type { Clock, Locks } from '../protocol/ports';

/** Give each tab `of` its own clock, so that the patience of a frozen tab never ends. */
export function sharedLocks(): { of(clock: Clock): Locks } {
  const queues = new Map<string, (() => void)[]>();

  function release(name: string): void {
    const queue = queues.get(name);
    const next = queue?.shift();
    if (next) next();
    else queues.delete(name);
  }

  return {
    of: (clock) => ({
      async run(name, patienceMs, task) {
        const queue = queues.get(name);
        if (queue) {
          const got = await new Promise<boolean>((resolve) => {
            const turn = (): void => {
              off();
              resolve(true);
            };
            const off = clock.after(patienceMs, () => {
              queue.splice(queue.indexOf(turn), 1);
              resolve(false);
            });
            queue.push(turn);
          });
          if (!got) return task(false);
        } else {
          queues.set(name, []);
        }
        try {
          return await task(true);
        } finally {
          release(name);
        }
      },
    }),
  };
}
