/** Today: the round to walk now, what comes, what was done this shift. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { person, site } from './app';
import { clockNow, entries, session, world } from './data';
import { byOccurrence, mostPressing, occurrencesAround, roundView, type RoundView } from './rounds';

export type { RoundState, RoundView, StopState, StopView } from './rounds';

export type Today = {
  current: RoundView | null;
  /** Other rounds that are open, then those that begin within a day. */
  upcoming: RoundView[];
  /** What ended in this shift, the last first. */
  done: RoundView[];
  /** The end of the last window that has come down, ms. */
  scheduledUntil: number | null;
};

const own = computed(() => byOccurrence(entries.value.values()));

export const today: ReadonlySignal<Today> = computed(() => {
  const asked = { at: clockNow.value, world: world.value, site: site.value };
  const rounds = occurrencesAround(asked.world, person.value, asked.at)
    .map((occurrence) => roundView(asked, occurrence, own.value.get(occurrence.id) ?? []))
    .filter((round) => round !== null);
  const current = mostPressing(rounds);
  const since = session.value?.since ?? asked.at;
  let scheduledUntil: number | null = null;
  for (const { body } of asked.world.occurrence.values()) scheduledUntil = Math.max(scheduledUntil ?? 0, body.to_ms);
  return {
    current,
    upcoming: rounds.filter((round) => round !== current && ['open', 'progress', 'upcoming'].includes(round.state)),
    done: rounds.filter((round) => isOfShift(round, since, asked.at)).sort((a, b) => b.from - a.from),
    scheduledUntil,
  };
});

/** Whether a round ended in the shift that began at `since`: it was walked in it, or ran out in it. */
function isOfShift(round: RoundView, since: number, at: number): boolean {
  if (round.state === 'done' || round.state === 'late') return round.stops.some((stop) => (stop.at ?? 0) >= since);
  const ranOut = round.state === 'partial' || round.state === 'missed' || round.state === 'excused';
  return ranOut && round.graceTo > since && round.from <= at;
}

const rounds = new Map<string, ReadonlySignal<RoundView | null>>();

/** One round by its occurrence; null while it is not on this phone. */
export function round(occurrence: string): ReadonlySignal<RoundView | null> {
  let found = rounds.get(occurrence);
  if (!found) {
    found = computed(() => {
      const body = world.value.occurrence.get(occurrence)?.body;
      const asked = { at: clockNow.value, world: world.value, site: site.value };
      return body ? roundView(asked, body, own.value.get(occurrence) ?? []) : null;
    });
    rounds.set(occurrence, found);
  }
  return found;
}
