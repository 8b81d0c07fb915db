/** SHA-256 piece by piece (FIPS 180-4). WebCrypto hashes only what is whole in memory; a rescue file is not. */
import type { Bytes } from './ports';

/** The first 32 bits of the fractional part of the `power`th root of the first `count` primes. */
function roots(count: number, power: number): Int32Array {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) isPrime = false;
    if (isPrime) found.push(fraction(n, power));
  }
  return Int32Array.from(found);
}

// by integers, for a root in floating point may be off in its last bit
function fraction(prime: number, power: number): number {
  const target = BigInt(prime) << BigInt(32 * power);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(power) <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}

const START = roots(8, 2);
const ROUND = roots(64, 3);

export type Hasher = {
  add(data: Bytes): void;
  /** The hash of all that was added, 64 hex digits. Nothing may be added after. */
  end(): string;
};

export function sha256(): Hasher {
  const state = Int32Array.from(START);
  const words = new Int32Array(64);
  const block = new Uint8Array(64);
  const view = new DataView(block.buffer);
  let filled = 0;
  let length = 0;

  function mix(): void {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(i * 4);
    for (let i = 16; i < 64; i += 1) {
      const a = words[i - 15]!;
      const b = words[i - 2]!;
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      words[i] = words[i - 16]! + s0 + words[i - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i += 1) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i]! + words[i]!) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value;
  }

  return {
    add(data) {
      length += data.length;
      for (let at = 0; at < data.length; ) {
        const part = data.subarray(at, at + 64 - filled);
        block.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === 64) {
          mix();
          filled = 0;
        }
      }
    },
    end() {
      block[filled] = 0x80;
      block.fill(0, filled + 1);
      if (filled >= 56) {
        mix();
        block.fill(0);
      }
      view.setBigUint64(56, BigInt(length) * 8n);
      mix();
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
    },
  };
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
