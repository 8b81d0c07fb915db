/** What the answers of one stop amount to. Mirrors `sync/forms/judging.py`. */
import type { FormBody, FormField } from '../entities';
import type { Answer } from '../records';
import { isUnread, type FaultLevel, type KindRules, type Meters } from './base';
import { holds, type Seen } from './conditions';
import { rules } from './kinds';

export type FieldFault = { field: string; level: FaultLevel };

/** What the answers of a stop amount to; ids in the order of the form. */
export type Judgement = {
  faults: FieldFault[];
  /** Required fields without an answer, and fields without the photos that they need. */
  missing: string[];
  /** Answers that do not fit their field; strangers last, sorted. */
  invalid: string[];
  /** Numbers that could not be read. */
  unread: string[];
};

/** How one field stands among the answers. */
export type Standing = {
  field: FormField;
  /** Whether it is asked: it has no condition, or the condition holds. */
  shown: boolean;
  required: boolean;
  /** As given; of a computed field what it comes to when nothing was given. */
  answer: Answer | undefined;
  /** The code of what does not fit. */
  wrong: string | null;
  level: FaultLevel | null;
};

const NO_METERS: Meters = {};

/** The rules of a field's kind; null for a kind that this app does not know. */
export function rulesOf(field: FormField): KindRules | null {
  return Object.hasOwn(rules, field.kind) ? (rules[field.kind] as unknown as KindRules) : null;
}

/** The code of what is wrong with an answer to `field`, or null when it fits. */
export function checkAnswer(field: FormField, answer: unknown, meters: Meters = NO_METERS): string | null {
  const known = rulesOf(field);
  return known ? known.check(field, answer, meters) : 'unknown_kind';
}

/** The level of an answer that fits its field, or null when all is well. */
export function faultOf(field: FormField, answer: Answer, meters: Meters = NO_METERS): FaultLevel | null {
  return rulesOf(field)?.fault?.(field, answer, meters) ?? null;
}

/** How many photos, voice notes or signatures the field needs, given its answer. */
export function photosNeeded(field: FormField, answer: Answer | undefined): number {
  return rulesOf(field)?.blobs?.(field, answer) ?? 0;
}

/**
 * How each field of a form stands, in its order. An answer to a field that was not asked is read like any other; but no
 * condition and no formula hears of it, and it is never missing.
 */
export function standings(form: FormBody, values: Record<string, Answer>, meters: Meters = NO_METERS): Standing[] {
  const seen = new Map<string, Seen>();
  const numbers = new Map<string, string>();
  return form.fields.map((field) => {
    const kind = rulesOf(field);
    const shown = field.if === undefined || holds(field.if, seen);
    const asked = typeof field.required === 'object' ? holds(field.required, seen) : (field.required ?? false);
    // a kind that this app does not know cannot be answered here, so it is not asked for
    const required = shown && asked && kind !== null;
    const derived = shown ? kind?.derive?.(field, numbers) : undefined;
    let answer = Object.hasOwn(values, field.id) ? values[field.id] : undefined;
    let wrong: string | null = null;
    if (answer === undefined) answer = derived ?? undefined;
    else {
      wrong = checkAnswer(field, answer, meters);
      if (wrong === null && shown && kind?.derive && answer !== derived) wrong = 'not_the_result';
    }
    let level: FaultLevel | null = null;
    if (answer !== undefined && wrong === null && kind) {
      level = kind.fault?.(field, answer, meters) ?? null;
      const number = kind.number?.(field, answer) ?? null;
      if (shown) {
        seen.set(field.id, { chosen: kind.chosen?.(field, answer) ?? [], number, level: kind.number && number === null ? null : (level ?? 'normal') });
        if (number !== null) numbers.set(field.id, number);
      }
    }
    return { field, shown, required, answer, wrong, level };
  });
}

/** What the answers of a stop amount to; `photos` says how many photos, voice notes or signatures each field has. */
export function judge(form: FormBody, values: Record<string, Answer>, photos: Record<string, number>, meters: Meters = NO_METERS): Judgement {
  const found: Judgement = { faults: [], missing: [], invalid: [], unread: [] };
  for (const { field, shown, required, answer, wrong, level } of standings(form, values, meters)) {
    if (answer === undefined) {
      if (required) found.missing.push(field.id);
      continue;
    }
    if (wrong !== null) {
      found.invalid.push(field.id);
      continue;
    }
    if (level) found.faults.push({ field: field.id, level });
    if (isUnread(answer)) found.unread.push(field.id);
    if (shown && (photos[field.id] ?? 0) < photosNeeded(field, answer)) found.missing.push(field.id);
  }
  const known = new Set(form.fields.map((field) => field.id));
  found.invalid.push(...Object.keys(values).filter((id) => !known.has(id)).sort());
  return found;
}

/** The fields that keep the phone from saving, in the order of the form. */
export function missing(form: FormBody, values: Record<string, Answer>, photos: Record<string, number>): string[] {
  return judge(form, values, photos).missing;
}
