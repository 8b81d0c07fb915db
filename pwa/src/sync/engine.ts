/**
 * The engine: runs rounds when something asks for one, never two at once in this page, and waits longer after each
 * that did not come to its end. It knows nothing of the page; `triggers.ts` tells it when to wake.
 */
import { LONG_OUTAGE_MS, SPREAD_MS, backoffMs } from './backoff';
import type { NoAnswer } from './api';
import type { Phone } from './phone';
import { runRound } from './round';
import { newPace, type RoundEnd, type RoundState, type Step } from './state';

export type { Step } from './state';
/**
 * Why a round is asked for: a person pressed; the app was opened, became visible or found a network; something was
 * saved; time has passed.
 */
export type Reason = 'press' | 'opened' | 'visible' | 'online' | 'saved' | 'timer';
/** `reset`: the server has what comes down begin anew again and again; what goes up still goes. */
export type Trouble = null | 'offline' | 'portal' | 'server' | 'revoked' | 'wiped' | 'unknown' | 'store' | 'reset';

export type Watcher = {
  step(step: Step): void;
  trouble(trouble: Trouble): void;
  inFlight(hashes: readonly string[]): void;
};
export type Engine = {
  /** Ask for a round. It comes at once, after a wait, or is the one that runs already plus one more. */
  wake(reason: Reason): void;
  /** A round now, at a person's word; resolves when it has ended, however it ended. */
  syncNow(): Promise<void>;
  /** End the round that runs and begin no other. */
  stop(): void;
};

export function createEngine(phone: Phone, watcher: Watcher): Engine {
  const { clock } = phone;
  const aborting = new AbortController();
  const state: RoundState = {
    pace: newPace(),
    resets: [],
    report: { step: (step) => watcher.step(step), heard, inFlight: (hashes) => watcher.inFlight(hashes) },
    signal: aborting.signal,
  };
  let running: Promise<void> | null = null;
  let again = false;
  let failures = 0;
  /** Since when no round came to its end, by the page's clock; null while all is well. */
  let failingSince: number | null = null;
  let trouble: Trouble = null;
  /** Not before this, by the page's clock, unless a person presses. */
  let notBefore = 0;
  let cancelTimer: (() => void) | null = null;

  function say(next: Trouble): void {
    trouble = next;
    watcher.trouble(next);
  }

  /** A long round must not run under the words "no network". */
  function heard(): void {
    if (trouble === 'offline' || trouble === 'portal') say(null);
  }

  function schedule(waitMs: number): void {
    cancelTimer?.();
    cancelTimer = clock.after(waitMs, () => {
      cancelTimer = null;
      void run();
    });
  }

  function run(): Promise<void> {
    running ??= (async () => {
      await oneRound();
      // what was asked for while it ran may have come too late for it
      while (takeAgain()) await oneRound();
      watcher.step('idle');
    })().finally(() => (running = null));
    return running;
  }

  function takeAgain(): boolean {
    const isAsked = again && failures === 0 && !aborting.signal.aborted;
    again = false;
    return isAsked;
  }

  async function oneRound(): Promise<void> {
    try {
      const device = await phone.store.get('device');
      if (!device || device.state === 'waiting' || device.state === 'refused') return;
      judge(await runRound(phone, state));
    } catch {
      // the store does not answer, or this app has a fault: the phone keeps what it has and tries again later
      failed('store', null);
    }
  }

  function judge(end: RoundEnd): void {
    if (end.full) {
      failures = 0;
      failingSince = null;
      notBefore = 0;
      if (trouble !== null) say(null);
    } else if (end.why === 'revoked') {
      // everything is said; ask again in a while whether the phone was taken back
      failed('revoked', null);
    } else if (end.why === 'wiped') {
      // nothing is left that could be sent
      say('wiped');
      aborting.abort();
    } else if (end.why !== 'stopped') {
      failed(troubleOf(end.why), end.why.retryAfterS);
    }
  }

  function failed(kind: Exclude<Trouble, null>, retryAfterS: number | null): void {
    failures += 1;
    failingSince ??= clock.mono();
    say(kind);
    const wait = backoffMs(failures, phone.random.share(), retryAfterS);
    notBefore = clock.mono() + wait;
    if (!aborting.signal.aborted) schedule(wait);
  }

  return {
    wake(reason) {
      if (aborting.signal.aborted) return;
      if (running) {
        again = true;
        return;
      }
      if (reason === 'press') {
        void run();
        return;
      }
      const wait = waitFor(reason);
      if (wait > 0) schedule(wait);
      else void run();
    },
    async syncNow() {
      if (aborting.signal.aborted) return;
      cancelTimer?.();
      cancelTimer = null;
      if (running) {
        again = true;
        await running;
        return;
      }
      await run();
    },
    stop() {
      aborting.abort();
      cancelTimer?.();
    },
  };

  /** How long a reason other than a person has to wait, ms. */
  function waitFor(reason: Reason): number {
    const left = Math.max(0, notBefore - clock.mono());
    if (left === 0) return 0;
    const mayBeOver = reason === 'online' || reason === 'visible' || reason === 'opened';
    // a server that is not well is not asked sooner because this phone woke up
    if (!mayBeOver || trouble === 'server' || trouble === 'unknown' || trouble === 'store' || trouble === 'reset') return left;
    const isLong = failingSince !== null && clock.mono() - failingSince > LONG_OUTAGE_MS;
    return isLong ? Math.min(left, Math.floor(phone.random.share() * SPREAD_MS)) : 0;
  }
}

function troubleOf(why: NoAnswer): Exclude<Trouble, null> {
  if (why.kind === 'offline' || why.kind === 'timeout') return 'offline';
  if (why.kind === 'portal') return 'portal';
  if (why.slug === 'reset') return 'reset';
  // nobody vouches for its log, since the key was lost: a person must have it join again
  if (why.slug === 'unknown-log') return 'unknown';
  return why.slug === 'device-revoked' ? 'revoked' : 'server';
}
