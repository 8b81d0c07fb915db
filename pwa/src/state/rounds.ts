/** The rounds as this phone sees them: pure functions of what came down and of the phone's own records. */
import type { FormBody, Label, OccurrenceBody, PersonBody, PlanBody, ProgressBody, SiteBody, StopBody } from '../protocol/entities';
import { hasRequired, judge } from '../protocol/forms';
import type { Body, InsteadOf } from '../protocol/records';
import type { Entry } from './data';
import { sharing } from './shared';
import { crewOf, ownWindow, skipOf, stayOf, type CrewAsked, type Skipped, type Span, type Stay } from './terms';
import { targetOf, type World } from './world';

export type StopState = 'todo' | 'next' | 'done' | 'fault' | 'skipped';
export type RoundState = 'upcoming' | 'open' | 'progress' | 'done' | 'late' | 'partial' | 'missed' | 'excused';
export type StopView = {
  id: string;
  number: number;
  name: Label;
  zone: Label | null;
  target: { kind: 'checkpoint' | 'asset'; id: string };
  form: FormBody | null;
  state: StopState;
  /** When it was done, ms. */
  at: number | null;
  /** Answers beyond a limit or faulty, and findings that were reported here. */
  faults: number;
  /** Hashes of this phone's records at this stop, oldest first. */
  records: string[];
  /** Its own window, where it has one. */
  window: Span | null;
  stay: Stay | null;
  /** What whoever visits it must hold. */
  certificate: string | null;
  skipped: Skipped | null;
  /** Both people of the crew scan here: it was drawn. */
  both: boolean;
  /** Who scanned it in time with this phone. */
  signed: string[];
  /** A colleague was here with another phone, as far as the server has told. */
  reached: boolean;
};
/** How many stops colleagues reached besides this phone, who they are, and when the server knew it, ms. */
export type Known = { done: number; people: string[]; at: number; /** The server judged it complete. */ complete: boolean };
export type RoundView = {
  occurrence: string;
  plan: string;
  route: string;
  name: Label;
  demand: string | null;
  /** The nth of this plan on the site's day. */
  ordinal: number;
  from: number;
  to: number;
  graceTo: number;
  crew: number;
  together: CrewAsked | null;
  /** The order of the stops is not only advised: the phone asks before it keeps another one. */
  enforced: boolean;
  state: RoundState;
  stops: StopView[];
  done: number;
  /** The window is over and the round may still be made up, late. */
  makeup: boolean;
  /** Whose round it is by its plan; null: everybody's. */
  owner: InsteadOf | null;
  /** What a post or a company is called, which no row of this phone says. */
  ownerName: string | Label | null;
  /** False: the plan wants its own people; who takes it over all the same is marked. */
  standIn: boolean;
  /** Of a special round: why it is walked. */
  special: { why: string; text: string } | null;
  /** What colleagues did with other phones, as far as the server has told; null: nothing. */
  known: Known | null;
};
type Asked = { at: number; world: World; entries: Iterable<Entry>; site: SiteBody | null };

const UNKNOWN: Label = { zh: '—', en: '—' };
const DAY_MS = 86_400_000;

/** The phone's own records by the occurrence that they name, oldest first. */
export function byOccurrence(entries: Iterable<Entry>): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const occurrence = placeOf(entry.body)?.occurrence;
    if (!occurrence) continue;
    const list = found.get(occurrence);
    if (list) list.push(entry);
    else found.set(occurrence, [entry]);
  }
  for (const list of found.values()) list.sort((a, b) => a.row.n - b.row.n);
  return found;
}

type PlaceSaid = { occurrence: string | null; stop: string | null };

function placeOf(body: Body): PlaceSaid | null {
  return 'stop' in body.p ? body.p : null;
}

/** One round, or null when its plan or route is not on this phone. */
export function roundView(
  { at, world, site }: Omit<Asked, 'entries'>,
  occurrence: OccurrenceBody,
  own: readonly Entry[],
): RoundView | null {
  const plan = world.plan.get(occurrence.plan)?.body;
  const route = plan && world.route.get(plan.route)?.body;
  if (!plan || !route) return null;
  const graceTo = occurrence.to_ms + occurrence.grace_ms;
  const counting = own.filter((entry) => occurrence.from_ms <= entry.row.at && entry.row.at < graceTo);
  const listed = [...route.stops].sort((a, b) => a.number - b.number);
  const ids = listed.map((stop) => stop.id);
  const begun = counting.some(({ body }) => isType(body, 'scan') && ids.includes(body.p.stop ?? ''));
  const together = crewOf(plan, plan.crew > 1 ? (sharing(world, occurrence)[0]?.id ?? occurrence.id) : occurrence.id, ids, begun);
  const stops = listed.map((stop) => stopView(world, stop, own, counting, ownWindow(stop, occurrence), together));
  const done = stops.filter((stop) => stop.at !== null).length;
  const heard = world.progress.get(occurrence.id)?.body;
  for (const stop of stops) stop.reached = stop.at === null && heard?.stops.includes(stop.id) === true;
  const known = knownOf(world, heard, stops);
  const state = told(stateOf(occurrence, graceTo, stops, done, at), heard, known);
  if (state === 'open' || state === 'progress') {
    const todo = stops.filter((stop) => stop.state === 'todo');
    // two who share a round go where nobody was; a crew walks every stop together
    const next = (plan.crew > 1 ? null : todo.find((stop) => !stop.reached)) ?? todo[0];
    if (next) next.state = 'next';
  }
  return {
    occurrence: occurrence.id,
    plan: plan.id,
    route: route.id,
    name: plan.name,
    demand: plan.demand ?? null,
    ordinal: ordinalOf(world, occurrence, site),
    from: occurrence.from_ms,
    to: occurrence.to_ms,
    graceTo,
    crew: plan.crew,
    together,
    enforced: route.enforced === true,
    state,
    stops,
    done,
    makeup: (state === 'open' || state === 'progress') && at >= occurrence.to_ms,
    owner: ownerOf(plan),
    ownerName: plan.assignee?.name ?? null,
    standIn: plan.stand_in !== false,
    special: plan.special ?? null,
    known,
  };
}

function stopView(
  world: World,
  stop: StopBody,
  own: readonly Entry[],
  counting: readonly Entry[],
  window: Span | null,
  together: CrewAsked | null,
): StopView {
  const target = targetOf(world, stop.target)?.body;
  const form = formOf(world, stop);
  const here = own.filter((entry) => placeOf(entry.body)?.stop === stop.id);
  const inTime = counting.filter((entry) => here.includes(entry) && (window === null || entry.row.at >= window.from));
  const stay = stayOf(stop, own);
  const at = stay && !stay.enough ? null : doneAt(form, inTime);
  const skipped = at === null ? skipOf(stop.id, own) : null;
  const faults = faultsOf(form, here);
  return {
    id: stop.id,
    number: stop.number,
    name: target?.name ?? UNKNOWN,
    zone: target?.zone ?? null,
    target: stop.target,
    form,
    state: skipped ? 'skipped' : at === null ? 'todo' : faults > 0 ? 'fault' : 'done',
    at,
    faults,
    records: here.map((entry) => entry.row.hash),
    window,
    stay,
    certificate: stop.certificate ?? null,
    skipped,
    both: together?.drawn.includes(stop.id) ?? false,
    signed: [...new Set(inTime.filter(({ body }) => isType(body, 'scan') && body.p.result === 'known').map(({ body }) => body.actor ?? ''))],
    reached: false,
  };
}

export function formOf(world: World, stop: StopBody): FormBody | null {
  return stop.form === null ? null : (world.form.get(stop.form)?.body ?? null);
}

/** When a stop was done: by its scan alone, or by its answers where the form requires some. */
function doneAt(form: FormBody | null, here: readonly Entry[]): number | null {
  const scans = here.filter(({ body }) => isType(body, 'scan') && body.p.result === 'known');
  if (!hasRequired(form)) return scans[0]?.row.at ?? null;
  const scanned = new Set(scans.map((entry) => entry.row.hash));
  const answered = here.find(({ body }) => isType(body, 'answers') && body.p.scan !== null && scanned.has(body.p.scan));
  return answered?.row.at ?? null;
}

function faultsOf(form: FormBody | null, here: readonly Entry[]): number {
  const answers = here.findLast(({ body }) => isType(body, 'answers'))?.body;
  const findings = here.filter(({ body }) => body.type === 'finding').length;
  if (!form || !answers || !isType(answers, 'answers')) return findings;
  return findings + judge(form, answers.p.values, {}).faults.length;
}

export function isType<T extends Body['type']>(body: Body, type: T): body is Body<T> {
  return body.type === type;
}

function stateOf(o: OccurrenceBody, graceTo: number, stops: readonly StopView[], done: number, at: number): RoundState {
  if (stops.length > 0 && done === stops.length) {
    return stops.some((stop) => (stop.at ?? 0) >= (stop.window?.to ?? o.to_ms)) ? 'late' : 'done';
  }
  if (o.excused) return 'excused';
  if (at < o.from_ms) return 'upcoming';
  if (at < graceTo) return done > 0 ? 'progress' : 'open';
  return done > 0 ? 'partial' : 'missed';
}

/** What the server told of colleagues: nothing where it knows of no stop that this phone does not know itself. */
function knownOf(world: World, heard: ProgressBody | undefined, stops: readonly StopView[]): Known | null {
  if (!heard || !stops.some((stop) => stop.reached)) return null;
  const done = stops.filter((stop) => heard.stops.includes(stop.id)).length;
  const people = heard.people.map((id) => world.person.get(id)?.body.name ?? '').filter((name) => name !== '');
  return { done, people, at: heard.known_ms, complete: heard.state === 'done' || heard.state === 'late' };
}

/** A round that colleagues completed is complete, whatever this phone did of it; one that they began was not missed. */
function told(own: RoundState, heard: ProgressBody | undefined, known: Known | null): RoundState {
  if (!heard || !known || own === 'done' || own === 'late' || own === 'excused') return own;
  if (known.complete) return heard.state === 'late' ? 'late' : 'done';
  return own === 'missed' ? 'partial' : own;
}

function ordinalOf(world: World, occurrence: OccurrenceBody, site: SiteBody | null): number {
  const day = dayOf(occurrence.from_ms, site);
  let ordinal = occurrence.number ?? 1;
  for (const { body } of world.occurrence.values()) {
    if (body.plan !== occurrence.plan || body.from_ms >= occurrence.from_ms) continue;
    if (occurrence.from_ms - body.from_ms < DAY_MS && dayOf(body.from_ms, site) === day) ordinal += 1;
  }
  return ordinal;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The site's day in which a moment lies: its date, where the day begins at the site's hour. */
export function dayOf(ms: number, site: SiteBody | null): string {
  const zone = site?.time_zone ?? 'UTC';
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(ms - (site?.day_start_min ?? 0) * 60_000);
}

/** Who walks, as far as it decides which plans are theirs. */
export type Walker = Pick<PersonBody, 'team' | 'company'> & { id?: string };

/** Whether somebody walks the rounds of a plan: their own, those of the own team and those of nobody's. A contractor's are named. */
export function isWalkedBy(plan: PlanBody | undefined, walker: Walker | null): boolean {
  if (plan === undefined) return false;
  const team = walker?.team ?? null;
  if (plan.assignee?.kind === 'person') return walker !== null && plan.assignee.id === walker.id;
  if (plan.assignee?.kind === 'company') return walker?.company !== undefined && walker.company !== null && walker.company === plan.assignee.name;
  if (walker?.company) return plan.team !== null && plan.team === team;
  return plan.team === null || team === null || plan.team === team;
}

/** Whose the rounds of a plan are; null: everybody's. */
export function ownerOf(plan: PlanBody): InsteadOf | null {
  if (plan.assignee) return { kind: plan.assignee.kind, id: plan.assignee.id };
  return plan.team === null ? null : { kind: 'team', id: plan.team };
}

/** The occurrences that somebody took over from a colleague, by this phone's records. */
export function takenBy(entries: Iterable<Entry>, person: string | null): Set<string> {
  const taken = new Set<string>();
  for (const { body } of entries) {
    if (isType(body, 'round.take') && body.actor === person) taken.add(body.p.occurrence);
  }
  return taken;
}

/** The occurrences around `at` that somebody walks or took over, in the order of their start. */
export function occurrencesAround(world: World, walker: Walker | null, at: number, taken: ReadonlySet<string>): OccurrenceBody[] {
  return near(world, at).filter((body) => taken.has(body.id) || isWalkedBy(world.plan.get(body.plan)?.body, walker));
}

/** Those around `at` that are somebody else's and could be taken over. A contractor takes over nothing. */
export function othersAround(world: World, walker: Walker | null, at: number, taken: ReadonlySet<string>): OccurrenceBody[] {
  if (walker?.company) return [];
  return near(world, at).filter((body) => {
    const plan = world.plan.get(body.plan)?.body;
    return plan !== undefined && !taken.has(body.id) && !isWalkedBy(plan, walker);
  });
}

function near(world: World, at: number): OccurrenceBody[] {
  const found: OccurrenceBody[] = [];
  for (const { body } of world.occurrence.values()) {
    if (body.from_ms < at + DAY_MS && body.to_ms + body.grace_ms > at - 1.5 * DAY_MS) found.push(body);
  }
  return found.sort((a, b) => a.from_ms - b.from_ms || a.to_ms - b.to_ms || (a.number ?? 1) - (b.number ?? 1));
}

/** The round that is most pressing: one that is being walked, then by what ends first; making up comes last. */
export function mostPressing(rounds: readonly RoundView[]): RoundView | null {
  const rank = (round: RoundView): number => (round.state === 'progress' ? 0 : round.makeup ? 2 : 1);
  const ends = (round: RoundView): number => (round.makeup ? round.graceTo : round.to);
  const open = rounds.filter((round) => round.state === 'open' || round.state === 'progress');
  return open.sort((a, b) => rank(a) - rank(b) || ends(a) - ends(b))[0] ?? null;
}
