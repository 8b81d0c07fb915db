/**
 * The order of everything, foretold by the seed. Whoever is about to use a port waits for its turn; one at a time is
 * let go, runs until everybody waits again, and only then the next one is chosen. Time passes when nobody can go on,
 * and now and then before: a slow disk, a slow network.
 */
import type { Dice } from './dice';

/** Somebody who takes turns: a tab. Once dead it never goes on. */
export type Actor = { name: string; isDead: boolean };

type Waiting = { actor: Actor; label: string; go: () => void };
type Timer = { actor: Actor; at: number; then: () => void };

export type Scheduler = {
  /** Simulated ms since the beginning. */
  now(): number;
  /** Wait for a turn. */
  turn(actor: Actor, label: string): Promise<void>;
  after(actor: Actor, ms: number, then: () => void): () => void;
  /** Let one go, or let time pass to the next timer; false when there is neither. */
  step(): Promise<boolean>;
  /** Let everything that the last act began come to its next waiting. */
  rest(): Promise<void>;
  /** Let time pass; timers that fall due are let go in turn. */
  pass(ms: number): Promise<void>;
  /** How often somebody who waited with this label was let go. */
  passed(label: string): number;
  /** Nothing of this actor goes on from here. */
  kill(actor: Actor): void;
  /** A number that stands for all that happened, in its order. */
  trace(): string;
  note(what: string): void;
};

/** How often time passes though somebody could go on. */
const IMPATIENCE = 0.01;

/** `isBusy` tells whether work goes on outside the order: the database's own. */
export function schedulerOf(dice: Dice, isBusy: () => boolean): Scheduler {
  let now = 0;
  let waiting: Waiting[] = [];
  let timers: Timer[] = [];
  const passed = new Map<string, number>();
  let hash = 0x811c9dc5;

  const note = (what: string): void => {
    for (let i = 0; i < what.length; i += 1) hash = Math.imul(hash ^ what.charCodeAt(i), 0x01000193) >>> 0;
  };

  async function rest(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (isBusy());
  }

  function nextTimer(until: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  function fire(timer: Timer): void {
    timers = timers.filter((one) => one !== timer);
    now = Math.max(now, timer.at);
    note(`t${timer.actor.name}`);
    timer.then();
  }

  async function step(): Promise<boolean> {
    const timer = nextTimer(Infinity);
    if (waiting.length === 0 || (timer && dice.chance(IMPATIENCE))) {
      if (!timer) return false;
      fire(timer);
    } else {
      const [one] = waiting.splice(dice.below(waiting.length), 1);
      note(`${one!.actor.name}:${one!.label}`);
      passed.set(one!.label, (passed.get(one!.label) ?? 0) + 1);
      one!.go();
    }
    await rest();
    return true;
  }

  return {
    now: () => now,
    turn: (actor, label) =>
      new Promise((resolve) => {
        if (!actor.isDead) waiting.push({ actor, label, go: resolve });
      }),
    after(actor, ms, then) {
      const timer = { actor, at: now + Math.max(0, ms), then };
      if (!actor.isDead) timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    step,
    rest,
    async pass(ms) {
      const end = now + ms;
      for (let timer = nextTimer(end); timer || waiting.length > 0; timer = nextTimer(end)) {
        if (waiting.length > 0) await step();
        else fire(timer!);
        await rest();
        if (now > end) break;
      }
      now = Math.max(now, end);
    },
    passed: (label) => passed.get(label) ?? 0,
    kill(actor) {
      actor.isDead = true;
      waiting = waiting.filter((one) => one.actor !== actor);
      timers = timers.filter((one) => one.actor !== actor);
    },
    trace: () => hash.toString(16),
    note,
  };
}
