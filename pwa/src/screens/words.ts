/** Sentences that several screens say in the same way. */
import { clockTime, moment } from '../i18n/format';
import { say } from '../i18n/label';
import { isTextKey, t, type TextKey } from '../i18n/t';
import { hasRequired } from '../protocol/forms';
import { now, roster, site, teamName } from '../state/app';
import type { LogEntry } from '../state/log';
import type { RoundView } from '../state/today';

export type StopView = RoundView['stops'][number];

/** The zone in which this phone shows moments: the site's, or the phone's own while there is no site. */
export function zone(): string {
  return site.value?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `22:31` in the site's zone. */
export function clock(ms: number): string {
  return clockTime(ms, zone());
}

/** `22:31`, with the day when it is not today. */
export function when(ms: number): string {
  return moment(ms, zone(), now.value);
}

/** `园区夜巡 · 第 1 次`. */
export function roundName(round: RoundView): string {
  return t('round.name', { name: say(round.name), n: round.ordinal });
}

/** Whose a round is by its plan, in words; empty where this phone does not know. */
export function ownerName({ owner, ownerName: name }: RoundView): string {
  if (name !== null) return typeof name === 'string' ? name : say(name);
  if (owner?.kind === 'team') return teamName(owner.id);
  return owner?.kind === 'person' ? (roster.value.find((one) => one.id === owner.id)?.name ?? '') : '';
}

/** Why a special round is walked: the words that were given with it, else what kind of thing it is. */
export function specialWhy({ special }: RoundView): string {
  if (!special) return '';
  return special.text !== '' ? special.text : textOr(`special.${special.why}`, 'special.other');
}

/** What of a round is left to do and until when, of one that can only be made up. */
export function makeupWords(round: RoundView): string {
  const left = round.stops.length - round.done;
  return t('round.makeup.until', { time: when(round.graceTo), n: left });
}

/** A stop's number and name. */
export function stopName(stop: { number: number; name: { zh: string; en: string } }): string {
  return `${stop.number} ${say(stop.name)}`;
}

/** The stop that comes next, if any is left. */
export function nextStop(round: RoundView | null): StopView | null {
  return round?.stops.find((stop) => stop.state === 'next') ?? round?.stops.find((stop) => stop.state === 'todo') ?? null;
}

/** Whether the other one of a crew has still to scan at a stop that was reached: at the first, the last and the drawn ones, in time. */
export function waitsForSecond(view: RoundView, stopId: string | null): boolean {
  const stop = view.stops.find((one) => one.id === stopId);
  if (!stop || view.crew < 2 || stop.at === null || stop.signed.length > 1) return false;
  const within = view.together?.withinMs ?? null;
  if (within !== null && now.value >= stop.at + within) return false;
  const order = view.stops.filter((one) => one.at !== null).sort((a, b) => a.at! - b.at!);
  const isLast = nextStop(view) === null && order.at(-1) === stop;
  return stop.both || order[0] === stop || isLast;
}

/** What colleagues did of a round, and when the phone heard of it; nothing where it heard of nothing. */
export function knownWords(view: RoundView): string {
  const { known } = view;
  if (!known) return '';
  const names = known.people.join(t('known.and')) || t('known.someone');
  const at = { names, time: when(known.at) };
  return known.complete ? t('known.done', at) : t('known.line', { ...at, a: known.done, b: view.stops.length });
}

/** The hash of the scan of a stop whose checklist is still open, or null. */
export function openScan(stop: StopView): string | null {
  const isOpen = stop.state === 'next' || stop.state === 'todo';
  // records that say that it was skipped are no scan, and a stay may take a second one
  const scans = stop.skipped ? [] : stop.records;
  return isOpen && hasRequired(stop.form) ? (scans.at(-1) ?? null) : null;
}

/** What a record is, in the language of the screen. */
export function titleOf(entry: LogEntry): string {
  const key = entry.title.key;
  if (isTextKey(key)) return t(key, entry.title.values);
  const kind = `kind.${entry.type}`;
  return isTextKey(kind) ? t(kind) : entry.type;
}

/** A key that is made at run time, or `otherwise` where no such text exists. */
export function textOr(key: string, otherwise: TextKey): string {
  return t(isTextKey(key) ? key : otherwise);
}

/** What an act's refusal means for the person. */
export function problemText(error: unknown): string {
  const slug = error instanceof Error && 'slug' in error ? String(error.slug) : '';
  return textOr(`problem.${slug}`, 'problem.unknown');
}
