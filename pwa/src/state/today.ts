/** Today, by what is due: the round to walk now, what else is open, what may still be made up, what comes, what was done. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { person, site } from './app';
import { clockNow, entries, session, world } from './data';
import { mapsOf, type MapView } from './maps';
import { byOccurrence, mostPressing, occurrencesAround, othersAround, roundView, takenBy, type RoundView } from './rounds';

export type { MapView, Pin } from './maps';
export type { RoundState, RoundView, StopState, StopView } from './rounds';

export type Today = {
  current: RoundView | null;
  /** Other rounds whose window runs. */
  open: RoundView[];
  /** Their window is over; they may still be made up, late. What ends first comes first. */
  makeup: RoundView[];
  /** They begin within the next hours. */
  next: RoundView[];
  /** They begin within a day. */
  later: RoundView[];
  /** Rounds of colleagues that are open or begin soon, and may be taken over. */
  others: RoundView[];
  /** Rounds of colleagues around now that they have completed already, as the server told. */
  walked: RoundView[];
  /** What ended in this shift, the last first. */
  done: RoundView[];
  /** The occurrences that the person took over. */
  taken: ReadonlySet<string>;
  /** The end of the last window that has come down, ms. */
  scheduledUntil: number | null;
};

/** What begins within this time is next; what begins after it, later, ms. */
export const SOON_MS = 3 * 3_600_000;

const own = computed(() => byOccurrence(entries.value.values()));
const taken = computed(() => takenBy(entries.value.values(), person.value?.id ?? null));

export const today: ReadonlySignal<Today> = computed(() => {
  const asked = { at: clockNow.value, world: world.value, site: site.value };
  const views = (found: ReturnType<typeof occurrencesAround>): RoundView[] =>
    found.map((occurrence) => roundView(asked, occurrence, own.value.get(occurrence.id) ?? [])).filter((round) => round !== null);
  const rounds = views(occurrencesAround(asked.world, person.value, asked.at, taken.value));
  const others = views(othersAround(asked.world, person.value, asked.at, taken.value));
  const since = session.value?.since ?? asked.at;
  let scheduledUntil: number | null = null;
  for (const { body } of asked.world.occurrence.values()) scheduledUntil = Math.max(scheduledUntil ?? 0, body.to_ms);
  return {
    ...byDue(rounds, asked.at),
    walked: others.filter((round) => round.known?.complete === true && round.graceTo > since),
    others: others.filter((round) => isDoing(round) || (round.state === 'upcoming' && round.from < asked.at + SOON_MS)),
    done: rounds.filter((round) => isOfShift(round, since, asked.at)).sort((a, b) => b.from - a.from),
    taken: taken.value,
    scheduledUntil,
  };
});

/** Rounds by what is due at a moment; what is over is in none of the lists. */
export function byDue(rounds: readonly RoundView[], at: number): Pick<Today, 'current' | 'open' | 'makeup' | 'next' | 'later'> {
  const current = mostPressing(rounds);
  const rest = rounds.filter((round) => round !== current);
  const upcoming = rest.filter((round) => round.state === 'upcoming');
  return {
    current,
    open: rest.filter((round) => isDoing(round) && !round.makeup),
    makeup: rest.filter((round) => round.makeup).sort((a, b) => a.graceTo - b.graceTo),
    next: upcoming.filter((round) => round.from < at + SOON_MS),
    later: upcoming.filter((round) => round.from >= at + SOON_MS),
  };
}

function isDoing(round: RoundView): boolean {
  return round.state === 'open' || round.state === 'progress';
}

/** Whether a round ended in the shift that began at `since`: it was walked in it, or ran out in it. */
function isOfShift(round: RoundView, since: number, at: number): boolean {
  if (round.state === 'done' || round.state === 'late') return round.stops.some((stop) => (stop.at ?? 0) >= since) || (round.known !== null && round.graceTo > since);
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

/** The plans of the site that show some of a round; none while it, or no plan, is on this phone. */
export function roundMaps(view: RoundView): MapView[] {
  return mapsOf(world.value, view);
}
