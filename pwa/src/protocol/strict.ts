/**
 * JSON that both sides read alike, or not at all.
 *
 * `JSON.parse` passes duplicate keys, numbers that a double cannot hold and half surrogate pairs. Two readers that
 * understand one text differently are a hole in a signed log, so such a text is refused as a whole.
 */
import type { Bytes } from './ports';

/** The largest integer, also negative, that every JSON reader keeps exactly. */
export const MAX_INTEGER = 2 ** 53 - 1;
/** How deep objects and arrays may stand in each other; a plain value is 0 deep. */
export const MAX_NESTING = 32;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Reason = 'size' | 'utf8' | 'syntax' | 'duplicate_key' | 'number' | 'surrogate' | 'nul' | 'nesting';

/** A text is not strict JSON; `reason` says which rule it breaks. */
export class StrictError extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

const LONE = /[\ud800-\udfff]/u;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const BLANK = /[ \t\n\r]*/y;
const ESCAPES: Record<string, string> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
}; // prettier-ignore
const LITERALS: [string, Json][] = [['true', true], ['false', false], ['null', null]];

export type StrictOptions = {
  /** The most bytes of UTF-8 that are read at all. */
  maxBytes?: number;
  /** Refuse numbers with a fraction or an exponent, as in record bodies. */
  integersOnly?: boolean;
};

/** The value of a strict JSON text; throws `StrictError`. */
export function parseStrict(data: Bytes | string, options: StrictOptions = {}): Json {
  const text = asText(data, options.maxBytes);
  const reader = new Reader(text, options.integersOnly ?? false);
  let value: Json;
  try {
    value = reader.document();
  } catch (error) {
    // only a nesting of thousands exhausts the stack
    throw error instanceof RangeError ? new StrictError('nesting') : error;
  }
  if (reader.deepest > MAX_NESTING) throw new StrictError('nesting');
  if (reader.odd) throw new StrictError(reader.odd);
  return value;
}

/** The value of a strict JSON text, or null when it is none. */
export function tryStrict(data: Bytes | string, options: StrictOptions = {}): Json | null {
  try {
    return parseStrict(data, options);
  } catch (error) {
    if (error instanceof StrictError) return null;
    throw error;
  }
}

function asText(data: Bytes | string, maxBytes = Infinity): string {
  if (typeof data !== 'string') {
    if (data.length > maxBytes) throw new StrictError('size');
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw new StrictError('utf8');
    }
  }
  if (data.length > maxBytes) throw new StrictError('size');
  if (LONE.test(data)) throw new StrictError('surrogate');
  if (maxBytes !== Infinity && new TextEncoder().encode(data).length > maxBytes) throw new StrictError('size');
  return data;
}

/** A recursive reader; faults that need the whole text first (`deepest`, `odd`) are left for the caller. */
class Reader {
  deepest = 0;
  odd: 'surrogate' | 'nul' | null = null;
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly integersOnly: boolean,
  ) {}

  document(): Json {
    this.blank();
    const value = this.value(0);
    this.blank();
    if (this.at !== this.text.length) throw new StrictError('syntax');
    return value;
  }

  private value(depth: number): Json {
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(depth: number): Json {
    this.deepest = Math.max(this.deepest, depth);
    // no prototype, so that a key "__proto__" is a key like any other
    const members: { [key: string]: Json } = Object.create(null) as { [key: string]: Json };
    const seen = new Set<string>();
    let doubled = false;
    this.at += 1;
    this.blank();
    if (this.taken('}')) return members;
    do {
      this.blank();
      if (this.text[this.at] !== '"') throw new StrictError('syntax');
      const key = this.string();
      this.blank();
      if (!this.taken(':')) throw new StrictError('syntax');
      this.blank();
      doubled ||= seen.has(key);
      seen.add(key);
      members[key] = this.value(depth);
      this.blank();
    } while (this.taken(','));
    if (!this.taken('}')) throw new StrictError('syntax');
    if (doubled) throw new StrictError('duplicate_key');
    return members;
  }

  private array(depth: number): Json {
    this.deepest = Math.max(this.deepest, depth);
    const values: Json[] = [];
    this.at += 1;
    this.blank();
    if (this.taken(']')) return values;
    do {
      this.blank();
      values.push(this.value(depth));
      this.blank();
    } while (this.taken(','));
    if (!this.taken(']')) throw new StrictError('syntax');
    return values;
  }

  private string(): string {
    this.at += 1;
    let result = '';
    let escaped = false;
    for (;;) {
      result += this.match(PLAIN)?.[0] ?? '';
      const c = this.text[this.at];
      this.at += 1;
      if (c === '"') break;
      if (c !== '\\') throw new StrictError('syntax');
      escaped = true;
      result += this.escape();
    }
    if (escaped && this.odd === null) {
      if (result.includes('\0')) this.odd = 'nul';
      else if (LONE.test(result)) this.odd = 'surrogate';
    }
    return result;
  }

  private escape(): string {
    const c = this.text[this.at] ?? '';
    this.at += 1;
    if (c === 'u') {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new StrictError('syntax');
      this.at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, c) ? ESCAPES[c] : undefined;
    if (plain === undefined) throw new StrictError('syntax');
    return plain;
  }

  private scalar(): Json {
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    if (/^(NaN|-?Infinity)/.test(this.text.slice(this.at, this.at + 9))) throw new StrictError('number');
    const match = this.match(NUMBER);
    if (!match) throw new StrictError('syntax');
    const number = Number(match[0]);
    if (match[1] === undefined && match[2] === undefined) {
      if (!Number.isSafeInteger(number)) throw new StrictError('number');
      return number === 0 ? 0 : number;
    }
    if (this.integersOnly || !Number.isFinite(number)) throw new StrictError('number');
    return number;
  }

  private blank(): void {
    this.match(BLANK);
  }

  private taken(c: string): boolean {
    if (this.text[this.at] !== c) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}
