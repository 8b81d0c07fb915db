/** What is said about things that the server names by a word: problems, marks, levels, days. */
import { perDay, recurrenceWords } from './recurrence';
import { tc, type ConsoleKey } from '../i18n/console';
import { span } from '../i18n/format';
import { isTextKey } from '../i18n/t';
import type { Problem } from './api';
import type { BoardPlan, FindingRow, Level, Role } from './types';

function known(key: string): string | null {
  return isTextKey(key) ? tc(key as ConsoleKey) : null;
}

/** A refusal as a sentence, by its slug; what the console does not know is told in the server's own words. */
export function problemSentence(problem: Problem): string {
  if (problem.slug === 'slow-down' && problem.wait !== null) return tc('problem.wait', { time: span(Math.max(60_000, problem.wait * 1000)) });
  if (problem.slug === 'order-replaced') return tc('problem.order-replaced', { n: String(problem.members['number'] ?? '') });
  const said = known(`problem.${problem.slug}`);
  if (said !== null) return said;
  if (problem.slug === 'http' && problem.status === 404) return tc('problem.not-found');
  if (problem.status >= 500) return tc('problem.server');
  return problem.detail || problem.message;
}

const MESSAGES: [RegExp, ConsoleKey][] = [
  [/^missing data|may not be null|required/i, 'field.missing'],
  [/^too common$/, 'field.common'],
  [/^too simple$/, 'field.simple'],
  [/^length must be between 12/i, 'login.password.hint'],
  [/^shorter than|^length must be between 1/i, 'field.short'],
  [/^longer than/i, 'field.long'],
  [/^not a valid (integer|number)|must be greater|must be less|range/i, 'field.number'],
  [/^not a valid (date|time)|time of day|starts before/i, 'field.date'],
  [/IANA/, 'field.zone'],
  [/of this site$/i, 'field.elsewhere'],
  [/inside itself/i, 'field.inside'],
  [/overlap/i, 'field.overlap'],
  [/^form$|two_languages|does not match|invalid value/i, 'field.form'],
  [/^order$/, 'field.order'],
  [/^count$/, 'field.count'],
  [/^repeated$/, 'field.repeated'],
  [/ends before it (starts|begins)/i, 'field.ends'],
  [/^no day in the/i, 'field.never'],
  [/^no window begins between/i, 'field.between'],
  [/clock skips/i, 'field.skipped'],
  [/whole number from|^interval is/i, 'field.number'],
  [/no whole number of intervals/i, 'field.divides'],
  [/lasts at most/i, 'field.longest'],
  [/^29 February/i, 'field.leap'],
  [/^a date and a time|^a rule such as|^byday is|^bymonth/i, 'field.date'],
  [/^either a route/i, 'field.walk'],
  [/^both off and worked/i, 'field.both'],
  [/^this day has passed/i, 'field.passed'],
  [/^not a day of/i, 'field.other_year'],
];

/** The message at a field: the common ones in the language of the screen, the others as the server said them. */
export function fieldSentence(message: string): string {
  const found = MESSAGES.find(([pattern]) => pattern.test(message));
  return found ? tc(found[1]) : message;
}

/** Whether a mark asks for an explanation: to say no to a place in one's records needs none. */
export function asks(mark: string): boolean {
  return mark !== 'no_location';
}

/** A mark in words. */
export function markWord(mark: string): string {
  return known(`mark.${mark}`) ?? mark;
}

/** What a mark asks, as a sentence. */
export function markReason(mark: string): string {
  return known(`reason.${mark}`) ?? '';
}

/** Why a record is set aside. */
export function codeWord(code: string): string {
  return known(`code.${code}`) ?? code;
}

/** The kind of a record. */
export function recordKind(type: string): string {
  return known(`kind.${type}`) ?? type;
}

/** What a finding is: the kind that was reported, or how bad the answer was. */
export function findingWord(finding: Pick<FindingRow, 'kind' | 'level'>): string {
  if (finding.kind !== 'answer') return known(`find.${finding.kind}`) ?? finding.kind;
  if (finding.level === 'alarm' || finding.level === 'warning') return tc(`level.${finding.level}`);
  return tc('form.fault');
}

/** A reading's level. */
export function levelWord(level: Level): string {
  return tc(`level.${level}`);
}

/** A role. */
export function roleWord(role: Role): string {
  return tc(`role.${role}`);
}

/** The second line of a lane: clause, how often, crew. */
export function laneWords(plan: BoardPlan): string {
  const times = perDay(plan.recurrence);
  const days = recurrenceWords(plan.recurrence);
  const often = times === null ? days : days === tc('days.daily') ? tc('lane.daily', { n: times }) : `${days} ${tc('lane.times', { n: times })}`;
  return [plan.demand, often, plan.crew === 2 ? tc('lane.crew') : null].filter(Boolean).join(' · ');
}

/** How it stands with a phone. */
export function deviceWord(state: string): string {
  return known(`phone.state.${state}`) ?? state;
}
