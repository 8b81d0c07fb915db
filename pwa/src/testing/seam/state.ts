/** In-memory stand-in for `state/app`, `sync`, `today` and `log`: the same names, but signals that a test writes. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { MapView, RoundView, Today } from '../../state/today';
import type { SiteBody } from '../../protocol/entities';
import type { DeviceView, Person, Phase } from '../../state/app';
import type { LogEntry } from '../../state/log';
import type { SyncView } from '../../state/sync';

export const phase = signal<Phase>('signed-in');
export const device = signal<DeviceView | null>(null);
export const person = signal<Person | null>(null);
export const roster = signal<Person[]>([]);
export const site = signal<SiteBody | null>(null);
export const now = signal(0);
export const successor = signal<string | null>(null);
export const isProven = signal(true);
export const leaving = signal(false);
export const isLeaving = (): boolean => leaving.value;
export const teamName = (team: string): string => ({ 't-a': '甲班' })[team] ?? '';
export const start = (): Promise<void> => Promise.resolve();

export const QUIET: SyncView = {
  unsent: 0,
  photosUnsent: 0,
  refused: 0,
  receivedUpTo: null,
  lastFullRound: null,
  allReceived: false,
  activity: 'idle',
  trouble: null,
  portal: false,
};
export const sync = signal<SyncView>(QUIET);

/** Every round that this phone holds; `today` sorts them as they stand. */
export const rounds = signal<RoundView[]>([]);
export const scheduledUntil = signal<number | null>(null);
export const log = signal<LogEntry[]>([]);

const DOING = ['open', 'progress'];

/** Rounds of colleagues. */
export const others = signal<RoundView[]>([]);
/** What the person took over. */
export const taken = signal<ReadonlySet<string>>(new Set());
const SOON_MS = 3 * 3_600_000;

export const today: ReadonlySignal<Today> = computed(() => {
  const current = rounds.value.find((round) => round.state === 'progress') ?? rounds.value.find((round) => DOING.includes(round.state)) ?? null;
  const rest = rounds.value.filter((round) => round !== current);
  const upcoming = rest.filter((round) => round.state === 'upcoming');
  return {
    current,
    open: rest.filter((round) => DOING.includes(round.state) && !round.makeup),
    makeup: rest.filter((round) => round.makeup),
    next: upcoming.filter((round) => round.from < now.value + SOON_MS),
    later: upcoming.filter((round) => round.from >= now.value + SOON_MS),
    others: others.value.filter((round) => !round.known?.complete),
    walked: others.value.filter((round) => round.known?.complete),
    taken: taken.value,
    done: rounds.value.filter((round) => ![...DOING, 'upcoming'].includes(round.state)),
    scheduledUntil: scheduledUntil.value,
  };
});

export function round(occurrence: string): ReadonlySignal<RoundView | null> {
  return computed(() => [...rounds.value, ...others.value].find((each) => each.occurrence === occurrence) ?? null);
}

export const maps = signal<MapView[]>([]);
export const roundMaps = (_view: RoundView): MapView[] => maps.value;
