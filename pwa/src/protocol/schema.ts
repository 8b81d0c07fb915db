/**
 * What a value must look like, said once and read twice: by `read`, and by the compiler.
 *
 * `closed` objects refuse members that they do not know (requests), `open` ones drop them (answers may grow), `growing`
 * ones keep them.
 */
import { MAX_INTEGER } from './strict';

/** A value as it fits, or null when it does not. A fitting null is told apart by the box. */
export type Schema<T> = (value: unknown) => { value: T } | null;
/** The type that a schema reads. */
export type Read<S> = S extends Schema<infer T> ? T : never;

type Members = Record<string, Schema<unknown>>;
type Optional<T> = Schema<T> & { optional: true };
type OptionalKeys<M> = { [K in keyof M]: M[K] extends { optional: true } ? K : never }[keyof M];
type Simplify<T> = { [K in keyof T]: T[K] };
type ObjectOf<M extends Members> = Simplify<
  { [K in Exclude<keyof M, OptionalKeys<M>>]: Read<M[K]> } & { [K in OptionalKeys<M>]?: Read<M[K]> }
>;

/** The value when it fits, else null. */
export function read<T>(schema: Schema<T>, value: unknown): T | null {
  return schema(value)?.value ?? null;
}

function when<T>(fits: (value: unknown) => value is T): Schema<T> {
  return (value) => (fits(value) ? { value } : null);
}

export function integer(least: number, most: number): Schema<number> {
  return when((value): value is number => Number.isInteger(value) && least <= Number(value) && Number(value) <= most);
}

/** A text of at most `most` characters. */
export function text(most: number, pattern?: RegExp): Schema<string> {
  return when(
    (value): value is string => typeof value === 'string' && length(value) <= most && (pattern?.test(value) ?? true),
  );
}

/** Characters as both languages count them: code points, not halves of pairs. */
function length(value: string): number {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

export const BOOLEAN: Schema<boolean> = when((value): value is boolean => typeof value === 'boolean');

export function literal<const T extends string | number | boolean>(...allowed: T[]): Schema<T> {
  return when((value): value is T => allowed.includes(value as T));
}

export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return (value) => (value === null ? { value: null } : schema(value));
}

/** A member that may be absent. */
export function optional<T>(schema: Schema<T>): Optional<T> {
  return Object.assign((value: unknown) => schema(value), { optional: true as const });
}

export function list<T>(schema: Schema<T>, most: number, least = 0): Schema<T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return null;
    const read: T[] = [];
    for (const part of value) {
      const fits = schema(part);
      if (!fits) return null;
      read.push(fits.value);
    }
    return { value: read };
  };
}

export function pair<A, B>(first: Schema<A>, second: Schema<B>): Schema<[A, B]> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return null;
    const [a, b] = [first(value[0]), second(value[1])];
    return a && b ? { value: [a.value, b.value] } : null;
  };
}

export function either<A, B>(first: Schema<A>, second: Schema<B>): Schema<A | B> {
  return (value) => first(value) ?? second(value);
}

/** An object of any names, all of one kind of value. */
export function dictionary<T>(name: Schema<string>, schema: Schema<T>, most: number, least = 0): Schema<Record<string, T>> {
  return (value) => {
    if (!isObject(value)) return null;
    const entries = Object.entries(value);
    if (entries.length < least || entries.length > most) return null;
    const read: [string, T][] = [];
    for (const [key, member] of entries) {
      const fits = schema(member);
      if (!fits || !name(key)) return null;
      read.push([key, fits.value]);
    }
    return { value: Object.fromEntries(read) };
  };
}

/** Any object, as it is. */
export const OBJECT: Schema<Record<string, unknown>> = when(isObject);

export function closed<M extends Members>(members: M): Schema<ObjectOf<M>> {
  return (value) => {
    if (!isObject(value) || Object.keys(value).some((key) => !Object.hasOwn(members, key))) return null;
    return open(members)(value);
  };
}

export function open<M extends Members>(members: M): Schema<ObjectOf<M>> {
  const wanted = Object.entries(members);
  return (value) => {
    if (!isObject(value)) return null;
    const read: [string, unknown][] = [];
    for (const [key, schema] of wanted) {
      if (!Object.hasOwn(value, key)) {
        if ('optional' in schema) continue;
        return null;
      }
      const fits = schema(value[key]);
      if (!fits) return null;
      read.push([key, fits.value]);
    }
    return { value: Object.fromEntries(read) as ObjectOf<M> };
  };
}

/** As `open`, but members that are not known are kept as they are. */
export function growing<M extends Members>(members: M): Schema<ObjectOf<M>> {
  return (value) => {
    const known = open(members)(value);
    return known && { value: { ...(value as object), ...known.value } };
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// -- the scalars of the protocol ---------------------------------------------------------

export const ANY_INTEGER = integer(-MAX_INTEGER, MAX_INTEGER);
export const COUNT = integer(0, MAX_INTEGER);
export const SEQ = integer(1, MAX_INTEGER);
export const VERSION = SEQ;
export const HASH = text(64, /^[0-9a-f]{64}$/);
export const LOG_ID = text(26, /^[a-z2-7]{26}$/);
export const UUID = text(36, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const NONCE = text(22, /^[A-Za-z0-9_-]{22}$/);
export const B64URL = text(512, /^[A-Za-z0-9_-]*$/);
export const BOOT = text(8, /^[0-9a-f]{8}$/);
export const ZONE = text(64, /^[A-Za-z0-9_+\-/]{1,64}$/);
/** A word of the protocol: a record type, a reason, a mark. */
export const CODE = text(40, /^[a-z][a-z0-9_.]{0,39}$/);
export const SHORT_TEXT = text(64);
export const NAME = text(200);
export const APP = text(32);
/** An anchor token. */
export const TOKEN = text(200);
export const BILINGUAL = dictionary(literal('zh', 'en'), NAME, 2, 2);
