/** The terms of stops as this phone sees them: pure functions of what came down and of the phone's own records. */
import { drawn } from '../protocol/crew';
import type { OccurrenceBody, PersonBody, PlanBody, StopBody } from '../protocol/entities';
import type { SkipReason } from '../protocol/records';
import type { Entry } from './data';

const MIN_MS = 60_000;

/** A stay that a stop asks for; `since` is when the person came there, while they are there and it is not over. */
export type Stay = { ms: number; since: number | null; enough: boolean };
export type Skipped = { reason: SkipReason; at: number; hash: string };
export type Span = { from: number; to: number };

/** A stop's own window, cut to the round's; null where it has none, or where nothing of it would be left. */
export function ownWindow({ window }: StopBody, { from_ms, to_ms }: OccurrenceBody): Span | null {
  if (!window) return null;
  const span = { from: from_ms + window.from_min * MIN_MS, to: Math.min(from_ms + window.to_min * MIN_MS, to_ms) };
  return span.from < span.to ? span : null;
}

/** The stay of a stop, by the records of a round, oldest first: who scans elsewhere in between did not stay. */
export function stayOf({ id, dwell_s }: StopBody, own: readonly Entry[]): Stay | null {
  if (!dwell_s) return null;
  const ms = dwell_s * 1_000;
  let run: { actor: string | null; stop: string | null; from: number; to: number } | null = null;
  let longest = 0;
  for (const { row, body } of own) {
    if (!(body.type === 'scan' || body.type === 'answers') || !('stop' in body.p)) continue;
    const stop = body.p.stop;
    if (run && run.stop === stop && run.actor === body.actor) run.to = row.at;
    else run = { actor: body.actor, stop, from: row.at, to: row.at };
    if (stop === id) longest = Math.max(longest, run.to - run.from);
  }
  const enough = longest >= ms;
  return { ms, since: !enough && run?.stop === id ? run.from : null, enough };
}

/** That a stop was skipped, by the last record that says so. */
export function skipOf(stop: string, own: readonly Entry[]): Skipped | null {
  const said = own.findLast(({ body }) => body.type === 'stop.skip' && 'reason' in body.p && 'stop' in body.p && body.p.stop === stop);
  if (!said || !('reason' in said.body.p)) return null;
  return { reason: said.body.p.reason as SkipReason, at: said.row.at, hash: said.row.hash };
}

export type CrewAsked = {
  /** Within what time of each other both scan, ms; null: at any time, as an older server asks. */
  withinMs: number | null;
  /** The stops that were drawn; told only once the round has begun. */
  drawn: readonly string[];
};

/** What the crew of a round does together; null where one person walks. */
export function crewOf(plan: PlanBody, occurrence: string, stops: readonly string[], begun: boolean): CrewAsked | null {
  if (plan.crew < 2) return null;
  if (plan.crew_within_min === undefined) return { withinMs: null, drawn: [] };
  return { withinMs: plan.crew_within_min * MIN_MS, drawn: begun ? drawn(occurrence, stops) : [] };
}

/** Whether somebody holds a certificate of a kind that is valid on a day (`2026-11-22`), its last day included. */
export function holds(person: Pick<PersonBody, 'certificates'> | null, kind: string, day: string): boolean {
  return (person?.certificates ?? []).some((one) => one.kind === kind && (one.until === null || day <= one.until));
}
