/** What every field kind is made of. Mirrors `sync/forms/base.py`; what a definition may say is judged by the server alone. */
import type { FormField, Limits } from '../entities';
import type { Answer } from '../records';

export const CANNOT_READ = ['dark', 'broken', 'blocked', 'other'] as const;
export const MAX_TEXT = 2_000;

export type FaultLevel = 'warning' | 'alarm' | 'fault';

/** What a meter is in one edition. */
export type MeterDefinition = { kind?: 'gauge' | 'counter'; unit?: string; decimals?: number; limits?: Limits | null };
/** Meter id → its definition in the edition that an answer names. */
export type Meters = Readonly<Record<string, MeterDefinition>>;
/** Field id → decimal string. */
export type Numbers = ReadonlyMap<string, string>;

/** A field kind: what an answer must look like, and what it means. */
export type KindRules<F extends FormField = FormField> = {
  /** The code of what is wrong with an answer, or null. */
  check: (field: F, answer: unknown, meters: Meters) => string | null;
  /** The level of a fitting answer, or null when all is well. */
  fault?: (field: F, answer: Answer, meters: Meters) => FaultLevel | null;
  /** How many photos, voice notes or signatures the field needs, given its answer. */
  blobs?: (field: F, answer: Answer | undefined) => number;
  /** Of a kind whose answers are numbers: the decimal string, or null when it could not be read. */
  number?: (field: F, answer: Answer) => string | null;
  /** The words that an answer says to conditions. */
  chosen?: (field: F, answer: Answer) => readonly string[];
  /** Of a kind that nobody fills: its answer out of the numbers of earlier fields. */
  derive?: (field: F, numbers: Numbers) => string | null;
};

/** The members of an object that has exactly these; null for everything else. */
export function exactly(answer: unknown, ...names: string[]): Record<string, unknown> | null {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null;
  const found = answer as Record<string, unknown>;
  return Object.keys(found).length === names.length && names.every((name) => Object.hasOwn(found, name)) ? found : null;
}

export function isCount(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

export function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** Whether an answer says that a number could not be read, and why. */
export function isUnread(answer: unknown): boolean {
  return CANNOT_READ.includes(exactly(answer, 'cannot_read')?.['cannot_read'] as never);
}
