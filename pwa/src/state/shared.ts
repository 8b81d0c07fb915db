/**
 * The rounds that share a window ("twice a week"): to which of them a scan belongs. The server decides by all visits of
 * the window; this is the same rule for what one phone knows, so that both say the same of it.
 */
import type { OccurrenceBody, TargetRef } from '../protocol/entities';
import type { RoundView } from './rounds';
import type { World } from './world';

/** Scans of one place within this time of the first are one turn: a code read twice, two who walk together. */
export const TURN_MS = 30 * 60_000;

/** The occurrences that share the window of one, by number; itself alone where it shares none. */
export function sharing(world: World, occurrence: OccurrenceBody): OccurrenceBody[] {
  const all = [...world.occurrence.values()].map((one) => one.body);
  return all.filter((one) => one.plan === occurrence.plan && one.from_ms === occurrence.from_ms).sort((a, b) => (a.number ?? 1) - (b.number ?? 1));
}

/** The round that a scan of `target` belongs to: the one whose turn at this place still runs, else the first without one, else `chosen`. */
export function turnOf(world: World, chosen: RoundView, target: TargetRef, at: number, viewOf: (occurrence: OccurrenceBody) => RoundView | null): RoundView {
  const body = world.occurrence.get(chosen.occurrence)?.body;
  const all = body ? sharing(world, body) : [];
  if (all.length < 2) return chosen;
  const views = all.map(viewOf).filter((view) => view !== null);
  const reached = (view: RoundView) => view.stops.find((stop) => stop.target.kind === target.kind && stop.target.id === target.id)?.at ?? null;
  const runs = views.findLast((view) => {
    const since = reached(view);
    return since !== null && since <= at && at < since + TURN_MS;
  });
  return runs ?? views.find((view) => reached(view) === null) ?? chosen;
}
