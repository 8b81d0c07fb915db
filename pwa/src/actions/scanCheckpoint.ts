/** A person reads a code: kept as what it was, whatever it was. */
import type { FormBody, Label, OccurrenceBody, RouteBody, StopBody, TargetRef } from '../protocol/entities';
import { hasRequired } from '../protocol/forms';
import type { Fix } from '../protocol/geo';
import type { Draft, ScanOutcome, TargetSeen } from '../protocol/records';
import { readAddress, tagHash, tagProof } from '../protocol/tags';
import { clockNow, entries } from '../state/data';
import { tick } from '../state/refresh';
import { byOccurrence, formOf, mostPressing, occurrencesAround, roundView, takenBy, type RoundView, type Walker } from '../state/rounds';
import { site } from '../state/app';
import { turnOf } from '../state/shared';
import { targetOf, type World } from '../state/world';
import { seal, type Place } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { proofOfSecond } from './signIn';
import { signedIn } from './signedIn';
import { cut } from './texts';
import { geoOf, locationOf, whereOf } from './where';

export type StopRef = { id: string; number: number; name: Label; target: TargetRef; form: FormBody | null };
export type ScanInput = {
  text: string;
  method: 'camera' | 'photo';
  /** The round that the person is on; null finds the open round that the code fits. */
  occurrence: string | null;
  /** The stop that the person was sent to. */
  expectedStop: string | null;
  /** The camera frame in which the code was read. */
  frame: Uint8Array | null;
  /** The other one of a crew, who has just given the PIN on this phone: the scan is theirs. */
  second?: string;
  /** Where the phone is, as far as it finds out in time; not asked for without the person's consent. */
  fix?: Promise<Fix | null>;
};
export type ScanResult = {
  hash: string;
  seq: number;
  result: ScanOutcome;
  occurrence: string | null;
  stop: StopRef | null;
  /** What the code stands for, where this phone knows it. */
  place: { target: TargetRef; number: string; name: Label } | null;
  /** The stop asks for answers before it is done. */
  needsForm: boolean;
  /** Not the stop that the route advises next. */
  outOfOrder: boolean;
  /** The stop was done before. */
  already: boolean;
  /** False when there was a frame and no room for it. */
  frameKept: boolean;
};

/** The most characters of a text that is no tag of ours. */
const MOST_RAW = 1_000;

/** Keep a scan. Resolves when it is on the disk. */
export function scanCheckpoint(input: ScanInput): Promise<ScanResult> {
  return record(async () => {
    const acting = signedIn();
    const { phone, actor, walker, world } = acting;
    tick(phone.clock);
    const found = await lookUp(phone, world, input.text);
    const fit = fitOf(world, walker, takenBy(entries.value.values(), actor), found.target, input);
    const result = found.result === 'known' && fit.occurrence !== null && !fit.stop ? 'not_here' : found.result;
    const isForm = fit.stop !== null && (fit.stop.form !== null ? needsForm(world, fit.stop) : false);
    const { blobs, kept } = await keepPictures(
      phone,
      input.frame ? [{ bytes: input.frame, role: 'frame', field: null }] : [],
    );
    const where = await whereOf(input.fix);
    const texts = { ...(found.tag ? {} : { raw: cut(input.text, MOST_RAW) }), ...geoOf(where) };
    const draft = async (place: Place): Promise<Draft<'scan'>> => ({
      type: 'scan',
      actor: input.second ?? actor,
      site: acting.site,
      private: texts,
      ...withBlobs(blobs),
      p: {
        occurrence: fit.occurrence,
        stop: fit.stop?.id ?? null,
        target: found.seen,
        tag: found.tag && {
          hash: found.tag.hash,
          proof: await tagProof(phone.crypto, place.log, place.seq, found.tag.token),
          version: found.tag.version,
        },
        result,
        method: input.method,
        walk_on: fit.stop !== null && !isForm,
        out_of_order: fit.outOfOrder,
        location: locationOf(where),
      },
    });
    const verifier = input.second === undefined ? {} : { verifier: proofOfSecond(input.second) };
    const sealed = await seal(phone, draft, { photos: keptOf(blobs), ...verifier });
    return {
      hash: sealed.hash,
      seq: sealed.seq,
      result,
      occurrence: fit.occurrence,
      stop: fit.stop && stopRef(world, fit.stop),
      place: placeOf(world, found.target),
      needsForm: result === 'known' && isForm,
      outOfOrder: fit.outOfOrder,
      already: fit.already,
      frameKept: kept,
    };
  });
}

export type Ahead = { stop: StopRef; next: StopRef };

/** What a person is asked before a code is kept: whether to keep it though the route is walked in order and this is not the next stop. */
export async function lookAhead(input: Pick<ScanInput, 'text' | 'occurrence' | 'expectedStop'>): Promise<Ahead | null> {
  const { phone, actor, walker, world } = signedIn();
  const found = await lookUp(phone, world, input.text);
  const fit = fitOf(world, walker, takenBy(entries.value.values(), actor), found.target, { ...input, method: 'camera', frame: null });
  const occurrence = fit.occurrence === null ? undefined : world.occurrence.get(fit.occurrence)?.body;
  const route = occurrence && world.route.get(world.plan.get(occurrence.plan)?.body.route ?? '')?.body;
  if (!fit.outOfOrder || !fit.stop || !fit.next || !route?.enforced) return null;
  return { stop: stopRef(world, fit.stop), next: stopRef(world, fit.next) };
}

/** Whether a stop asks for answers. A form that has not come down cannot be filled, but it is asked for. */
function needsForm(world: World, stop: StopBody): boolean {
  const form = formOf(world, stop);
  return form === null ? stop.form !== null : hasRequired(form);
}

type Found = {
  result: ScanOutcome;
  tag: { token: string; hash: string; version: number } | null;
  target: TargetRef | null;
  seen: TargetSeen | null;
};

/** What the text is, by what this phone knows. */
async function lookUp(phone: Parameters<typeof seal>[0], world: World, text: string): Promise<Found> {
  const token = readAddress(text);
  if (token === null) return { result: 'no_tag', tag: null, target: null, seen: null };
  const hash = await tagHash(phone.crypto, token);
  const tag = [...world.tag.values()].find(({ body }) => body.hash === hash)?.body;
  if (!tag) return { result: 'unknown', tag: null, target: null, seen: null };
  const target = targetOf(world, tag.target);
  return {
    result: tag.retired ? 'retired' : 'known',
    tag: { token, hash, version: tag.version },
    target: tag.target,
    seen: target && { kind: tag.target.kind, id: tag.target.id, version: target.version },
  };
}

type Fit = { occurrence: string | null; stop: StopBody | null; next: StopBody | null; outOfOrder: boolean; already: boolean };

/** Which round and stop a read code belongs to. */
function fitOf(world: World, walker: Walker | null, taken: ReadonlySet<string>, target: TargetRef | null, input: ScanInput): Fit {
  const nowhere = { occurrence: input.occurrence, stop: null, next: null, outOfOrder: false, already: false };
  if (!target) return nowhere;
  const own = byOccurrence(entries.value.values());
  const viewOf = (occurrence: OccurrenceBody): RoundView | null =>
    roundView({ at: clockNow.value, world, site: site.value }, occurrence, own.get(occurrence.id) ?? []);
  const given = input.occurrence === null ? null : world.occurrence.get(input.occurrence)?.body;
  const chosen = given ? viewOf(given) : input.occurrence === null ? openRound(world, walker, taken, target, viewOf) : null;
  const round = chosen && turnOf(world, chosen, target, clockNow.value, viewOf);
  const route = round ? world.route.get(round.route)?.body : undefined;
  if (!round || !route) return nowhere;
  const stop = stopFor(route, round, target, input.expectedStop);
  if (!stop) return { ...nowhere, occurrence: round.occurrence };
  const view = round.stops.find((one) => one.id === stop.id);
  const already = view?.state === 'done' || view?.state === 'fault';
  const next = round.stops.find((one) => one.at === null && one.skipped === null);
  const isOther = route.order !== 'free' && next !== undefined && next.id !== stop.id;
  const following = route.stops.find((one) => one.id === next?.id) ?? null;
  return { occurrence: round.occurrence, stop, next: following, outOfOrder: isOther && !already, already };
}

/** The open round that has a stop for the target: one where it is still to be done before one where it is done. */
function openRound(
  world: World,
  walker: Walker | null,
  taken: ReadonlySet<string>,
  target: TargetRef,
  viewOf: (occurrence: OccurrenceBody) => RoundView | null,
): RoundView | null {
  const fitting = occurrencesAround(world, walker, clockNow.value, taken)
    .map(viewOf)
    .filter((round) => round !== null)
    .filter((round) => round.stops.some((stop) => isSame(stop.target, target)));
  const todo = fitting.filter((round) => round.stops.some((stop) => stop.at === null && isSame(stop.target, target)));
  return mostPressing(todo) ?? mostPressing(fitting) ?? lastDone(fitting);
}

/** A second scan right after a round was finished still belongs to it. */
function lastDone(rounds: RoundView[]): RoundView | null {
  const isNow = (round: RoundView): boolean => round.from <= clockNow.value && clockNow.value < round.graceTo;
  return rounds.findLast((round) => isNow(round) && (round.state === 'done' || round.state === 'late')) ?? null;
}

/** The stop of the round for a target: the expected one, else the first that is still to be done, else the first. */
function stopFor(route: RouteBody, round: RoundView, target: TargetRef, expected: string | null): StopBody | null {
  const fitting = [...route.stops].sort((a, b) => a.number - b.number).filter((stop) => isSame(stop.target, target));
  const isTodo = (stop: StopBody): boolean => round.stops.some((one) => one.id === stop.id && one.at === null);
  return fitting.find((stop) => stop.id === expected) ?? fitting.find(isTodo) ?? fitting[0] ?? null;
}

function isSame(a: TargetRef, b: TargetRef): boolean {
  return a.kind === b.kind && a.id === b.id;
}

function placeOf(world: World, target: TargetRef | null): ScanResult['place'] {
  const known = target && targetOf(world, target)?.body;
  return known ? { target, number: known.number, name: known.name } : null;
}

function stopRef(world: World, stop: StopBody): StopRef {
  const name = targetOf(world, stop.target)?.body.name ?? { zh: '—', en: '—' };
  return { id: stop.id, number: stop.number, name, target: stop.target, form: formOf(world, stop) };
}
