/** What a round is given, what it tells, and how it ends. */
import type { NoAnswer } from './api';

/**
 * How much goes into one batch, and into one piece of a photo (bytes); it shrinks with every failure and grows with
 * every success.
 */
export type Pace = { records: number; bytes: number; mostRecords: number; mostBytes: number; piece: number };

export type Step = 'idle' | 'sending' | 'pulling' | 'photos';
/** What a round tells while it runs. */
export type Report = {
  step(step: Step): void;
  /** The server answered: whatever stood between is gone. */
  heard(): void;
  inFlight(hashes: readonly string[]): void;
};
export type RoundState = {
  pace: Pace;
  /** When pulls were reset within the last hour, by the page's clock. */
  resets: number[];
  report: Report;
  signal: AbortSignal;
};
/** `full`: everything was sent and everything has come down. */
export type RoundEnd = { full: true } | { full: false; why: NoAnswer | 'revoked' | 'wiped' | 'stopped' };

/** A network that nothing is known of yet gets small batches. */
export function newPace(): Pace {
  return { records: 50, bytes: 262_144, mostRecords: 100, mostBytes: 524_288, piece: 262_144 };
}

/** The server is well but has too much to do. */
export function shedding(): NoAnswer {
  return { ok: false, kind: 'server', status: 503, slug: 'later', reason: '', retryAfterS: null };
}

/** The server refuses, and says why. */
export function refused(status: number, slug: string): NoAnswer {
  return { ok: false, kind: 'refused', status, slug, reason: '', retryAfterS: null };
}

/** Somebody ended the round. */
export function stopped(): NoAnswer {
  return { ok: false, kind: 'offline', status: 0, slug: 'stopped', reason: '', retryAfterS: null };
}

/** What came cannot be the server's word. */
export function disbelieved(): NoAnswer {
  return { ok: false, kind: 'server', status: 200, slug: '', reason: '', retryAfterS: null };
}

/** The phone has lost the key of its log and could not begin another one yet. */
export function keyless(): NoAnswer {
  return { ok: false, kind: 'refused', status: 0, slug: 'unknown-log', reason: '', retryAfterS: null };
}
