/** Identifiers: of records and work orders, made by the phone. */
import { hex } from './encoding';
import type { Bytes } from './ports';

/**
 * A UUIDv7. Its time serves the index only; nobody reads it back.
 * `ms` may be any integer, only its low 48 bits go in; `random` are 10 bytes.
 */
export function uuid7(ms: number, random: Bytes): string {
  const bytes = new Uint8Array(16);
  let rest = BigInt.asUintN(48, BigInt(ms));
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  // 80 random bits, of which the version and the variant leave the low 74: 12 + 62
  let number = 0n;
  for (const byte of random) number = (number << 8n) | BigInt(byte);
  const high = Number((number >> 68n) & 0xfffn);
  let low = number & ((1n << 62n) - 1n);
  bytes[6] = 0x70 | (high >> 8);
  bytes[7] = high & 0xff;
  for (let i = 15; i >= 8; i -= 1) {
    bytes[i] = Number(low & 0xffn);
    low >>= 8n;
  }
  bytes[8] = 0x80 | (bytes[8] ?? 0);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A UUID of version 4 of 16 random bytes. */
export function uuid4(random: Bytes): string {
  const bytes = new Uint8Array(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
