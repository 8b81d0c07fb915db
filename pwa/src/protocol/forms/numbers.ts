/** Numbers as people type them, and how a value stands to its limits. Decimals are exact. Mirrors `sync/forms/numbers.py`. */
import type { Limits } from '../entities';

export type Level = 'normal' | 'warning' | 'alarm';

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

/** Whether a value is a decimal string as it travels. */
export function isNumber(value: unknown): value is string {
  return typeof value === 'string' && NUMBER.test(value);
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
export function micro(value: string): bigint {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const number = BigInt(whole + fraction.padEnd(6, '0'));
  return value.startsWith('-') ? -number : number;
}

/** The code of what is wrong with a decimal string that may have so many decimals. */
export function decimalsFault(value: unknown, decimals = 0): string | null {
  if (!isNumber(value)) return 'not_a_number';
  return (value.split('.')[1] ?? '').length > decimals ? 'too_many_decimals' : null;
}

/** How far two decimal strings are apart, and whether the first is the greater. */
export function difference(value: string, before: string): { by: string; up: boolean } {
  const apart = micro(value) - micro(before);
  const size = apart < 0n ? -apart : apart;
  const fraction = (size % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return { by: `${size / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}`, up: apart > 0n };
}
