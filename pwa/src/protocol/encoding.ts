/** Texts for bytes: base64url, hashes, the name of a log, words that people compare. */
import type { Bytes, Crypto } from './ports';

/** 32 characters of check words: no 0/O and no 1/I, which people mix up. */
export const CHECK_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** What stands before the first record of a log, of the ledger and of the feed. */
export const ZERO_HASH = '0'.repeat(64);

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const B64URL = /^[A-Za-z0-9_-]*$/;
const encoder = new TextEncoder();

/** The UTF-8 of a text. Its lone surrogates become U+FFFD: make it `wellFormed` before it is sealed. */
export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

/** `text` as strict JSON may carry it: lone surrogates and NUL become U+FFFD. */
export function wellFormed(text: string): string {
  // With the flag `u` a surrogate range matches lone halves only.
  return text.replace(/[\ud800-\udfff\0]/gu, '\ufffd');
}

/** Bytes as base64url without padding. */
export function b64urlEncode(data: Bytes): string {
  let text = '';
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The bytes of a base64url text, or null when it is not the one canonical form of any (of `length` bytes). */
export function b64urlDecode(text: string, length?: number): Bytes | null {
  if (!B64URL.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const data = Uint8Array.from(binary, (c) => c.charCodeAt(0));
  if (b64urlEncode(data) !== text) return null;
  return length === undefined || data.length === length ? data : null;
}

/** Bytes as lower-case hex. */
export function hex(data: Bytes): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes of a hex text of even length. */
export function fromHex(text: string): Bytes {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** SHA-256 as 64 lower-case hex digits. */
export async function sha256Hex(crypto: Crypto, data: Bytes): Promise<string> {
  return hex(await crypto.sha256(data));
}

/** Whether `text` has the form of a hash. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The name of the log whose public key is `spki`: 26 characters of base32. */
export async function logId(crypto: Crypto, spki: Bytes): Promise<string> {
  const digest = await crypto.sha256(spki);
  return groupsOfFive(digest, 26, BASE32, 128);
}

/** The first bits of `digest` as a word that two people can read to each other: 5 bits a character, in groups of four. */
export function checkWord(digest: Bytes, characters: number): string {
  const word = groupsOfFive(digest, characters, CHECK_ALPHABET, digest.length * 8);
  return (word.match(/.{1,4}/g) ?? []).join('-');
}

/** `count` characters of 5 bits each; bits from `bits` on are zeros. */
function groupsOfFive(data: Bytes, count: number, alphabet: string, bits: number): string {
  let word = '';
  for (let c = 0; c < count; c += 1) {
    let value = 0;
    for (let bit = 5 * c; bit < 5 * c + 5; bit += 1) {
      const set = bit < bits ? ((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1 : 0;
      value = (value << 1) | set;
    }
    word += alphabet.charAt(value);
  }
  return word;
}
