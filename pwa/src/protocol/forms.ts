/** Forms: what an answer must look like and what it means. Mirrors `sync/forms.py`, held by `forms.json`. */
import type { FormBody, FormField, Limits, NumberField } from './entities';
import type { Answer } from './records';

export const CANNOT_READ = ['dark', 'broken', 'blocked', 'other'] as const;
export const MAX_TEXT = 2_000;

export type Level = 'normal' | 'warning' | 'alarm';
export type FieldFault = { field: string; level: 'warning' | 'alarm' | 'fault' };

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

const NUMBER = /^-?[0-9]{1,12}(\.[0-9]{1,6})?$/;
const FOLDED: Record<string, string> = { '．': '.', '，': '.', ',': '.', '－': '-', '−': '-' };

/** A typed number as a decimal string, or null. Full-width digits and a decimal comma are read; nothing else is mended. */
export function foldNumber(text: string): string | null {
  const folded = text
    .replace(/^[ \t\u3000]+|[ \t\u3000]+$/g, '')
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．，,－−]/g, (c) => FOLDED[c] ?? c);
  return NUMBER.test(folded) ? folded : null;
}

/** How a value stands to its limits; on a limit is still inside it. */
export function level(value: string, limits: Limits): Level {
  if (beyond(value, limits.alarm_low, limits.alarm_high)) return 'alarm';
  return beyond(value, limits.warn_low, limits.warn_high) ? 'warning' : 'normal';
}

function beyond(value: string, low?: string, high?: string): boolean {
  const number = micro(value);
  return (low !== undefined && number < micro(low)) || (high !== undefined && number > micro(high));
}

/** A decimal string as millionths, exactly. */
function micro(value: string): bigint {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const number = BigInt(whole + fraction.padEnd(6, '0'));
  return value.startsWith('-') ? -number : number;
}

/** The code of what is wrong with an answer to `field`, or null when it fits. */
export function checkAnswer(field: FormField, answer: unknown): string | null {
  switch (field.kind) {
    case 'check':
      return answer === 'ok' || answer === 'fault' || answer === 'na' ? null : 'not_a_check';
    case 'number':
      return checkNumber(field, answer);
    case 'choice':
      return field.options.some((option) => option.id === answer) ? null : 'not_an_option';
    case 'text':
      return only(answer, 'private', (value) => value === true) ? null : 'not_private';
    case 'photo':
      return only(answer, 'photos', isPhotoCount) ? null : 'not_photos';
  }
}

function checkNumber(field: NumberField, answer: unknown): string | null {
  if (typeof answer !== 'string') {
    return only(answer, 'cannot_read', (why) => CANNOT_READ.includes(why as never)) ? null : 'not_a_number';
  }
  if (!NUMBER.test(answer)) return 'not_a_number';
  return (answer.split('.')[1] ?? '').length > (field.decimals ?? 0) ? 'too_many_decimals' : null;
}

function isPhotoCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 32;
}

/** Whether `answer` is an object of this one member. */
function only(answer: unknown, name: string, fits: (value: unknown) => boolean): boolean {
  if (typeof answer !== 'object' || answer === null || Object.keys(answer).length !== 1) return false;
  return Object.hasOwn(answer, name) && fits((answer as Record<string, unknown>)[name]);
}

/** The level of an answer that fits its field, or null when all is well. */
export function faultOf(field: FormField, answer: Answer): FieldFault['level'] | null {
  if (field.kind === 'check') return answer === 'fault' ? 'fault' : null;
  if (field.kind === 'choice') return field.options.find((option) => option.id === answer)?.fault ? 'fault' : null;
  if (field.kind !== 'number' || typeof answer !== 'string') return null;
  const found = level(answer, field.limits ?? {});
  return found === 'normal' ? null : found;
}

/** How many photos the field needs, given its answer. */
export function photosNeeded(field: FormField, answer: Answer | undefined): number {
  if (field.kind === 'check') return answer === 'fault' && field.photo_on_fault ? 1 : 0;
  if (field.kind !== 'photo') return 0;
  return field.required ? Math.max(field.min ?? 0, 1) : (field.min ?? 0);
}

/** What the answers of a stop amount to; `photos` says how many were taken for each field. */
export function judge(form: FormBody, values: Record<string, Answer>, photos: Record<string, number>): Judgement {
  const found: Judgement = { faults: [], missing: [], invalid: [], unread: [] };
  for (const field of form.fields) {
    const answer = Object.hasOwn(values, field.id) ? values[field.id] : undefined;
    if (answer === undefined) {
      if (field.required) found.missing.push(field.id);
      continue;
    }
    if (checkAnswer(field, answer) !== null) {
      found.invalid.push(field.id);
      continue;
    }
    const fault = faultOf(field, answer);
    if (fault) found.faults.push({ field: field.id, level: fault });
    if (typeof answer === 'object' && 'cannot_read' in answer) found.unread.push(field.id);
    if ((photos[field.id] ?? 0) < photosNeeded(field, answer)) found.missing.push(field.id);
  }
  const known = new Set(form.fields.map((field) => field.id));
  found.invalid.push(...Object.keys(values).filter((id) => !known.has(id)).sort());
  return found;
}

/** The fields that keep the phone from saving, in the order of the form. */
export function missing(form: FormBody, values: Record<string, Answer>, photos: Record<string, number>): string[] {
  return judge(form, values, photos).missing;
}

/** Whether a form asks for anything before a stop is done; else the scan alone does it. */
export function hasRequired(form: FormBody | null): boolean {
  return form?.fields.some((field) => field.required) ?? false;
}
