/**
 * A small arithmetic over earlier fields: `(total - out) / total * 100`. Mirrors `sync/forms/formulas.py`: exact
 * fractions, rounded once at the end, half away from nought, so both languages come to the same digits.
 */
import { micro } from './numbers';
import type { Numbers } from './base';

type Fraction = { n: bigint; d: bigint };
type Node = Fraction | string | readonly ['+' | '-' | '*' | '/', Node, Node];

const MAX_FORMULA = 200;
const MOST = 10n ** 12n;
const TOKEN = /([0-9]{1,12}(?:\.[0-9]{1,6})?)|([a-z][a-z0-9_]{0,31})|([-+*/()])/y;
const NOUGHT: Fraction = { n: 0n, d: 1n };

/** What a good formula comes to, with exactly so many decimals; null when a field has no number, or it cannot be told. */
export function result(text: string, numbers: Numbers, decimals: number): string | null {
  const node = parse(text);
  const value = node === null ? null : valueOf(node, numbers);
  return value === null ? null : rounded(value, decimals);
}

/** The ids of the fields that a formula names, or null when it is none. */
export function namesOf(text: string): string[] | null {
  const node = parse(text);
  return node === null ? null : [...new Set(names(node))];
}

function* names(node: Node): Generator<string> {
  if (typeof node === 'string') yield node;
  else if (Array.isArray(node)) {
    yield* names(node[1] as Node);
    yield* names(node[2] as Node);
  }
}

/** A fraction as a decimal string, rounded half away from nought; null when it is too large. */
function rounded({ n, d }: Fraction, decimals: number): string | null {
  const scale = 10n ** BigInt(decimals);
  const isNegative = n < 0n;
  const whole = (2n * (isNegative ? -n : n) * scale + d) / (2n * d);
  if (whole >= MOST * scale) return null;
  const digits = whole.toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return isNegative && whole > 0n ? `-${text}` : text;
}

function valueOf(node: Node, numbers: Numbers): Fraction | null {
  if (typeof node === 'string') {
    const number = numbers.get(node);
    return number === undefined ? null : { n: micro(number), d: 1_000_000n };
  }
  if (!Array.isArray(node)) return node as Fraction;
  const [sign, left, right] = node as readonly ['+' | '-' | '*' | '/', Node, Node];
  const a = valueOf(left, numbers);
  const b = valueOf(right, numbers);
  if (a === null || b === null) return null;
  if (sign === '+') return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
  if (sign === '-') return { n: a.n * b.d - b.n * a.d, d: a.d * b.d };
  if (sign === '*') return { n: a.n * b.n, d: a.d * b.d };
  if (b.n === 0n) return null;
  return b.n < 0n ? { n: -a.n * b.d, d: a.d * -b.n } : { n: a.n * b.d, d: a.d * b.n };
}

function parse(text: string): Node | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  const reader = new Reader(tokens);
  const node = reader.sum();
  return reader.next === undefined ? node : null;
}

function tokensOf(text: string): string[] | null {
  if (text.length > MAX_FORMULA) return null;
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return null;
    found.push(match[0]);
    at = TOKEN.lastIndex;
  }
  return found;
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get next(): string | undefined {
    return this.tokens[this.at];
  }

  private take(): string | undefined {
    return this.tokens[this.at++];
  }

  sum(): Node | null {
    return this.chain(['+', '-'], () => this.chain(['*', '/'], () => this.factor()));
  }

  private chain(signs: string[], part: () => Node | null): Node | null {
    let node = part();
    while (node !== null && signs.includes(this.next ?? '')) {
      const sign = this.take() as '+' | '-' | '*' | '/';
      const right = part();
      node = right === null ? null : [sign, node, right];
    }
    return node;
  }

  private factor(): Node | null {
    const token = this.take();
    if (token === undefined || '+*/)'.includes(token)) return null;
    if (token === '-') {
      const node = this.factor();
      return node === null ? null : ['-', NOUGHT, node];
    }
    if (token === '(') {
      const node = this.sum();
      return this.take() === ')' ? node : null;
    }
    return /^[0-9]/.test(token) ? { n: micro(token), d: 1_000_000n } : token;
  }
}
