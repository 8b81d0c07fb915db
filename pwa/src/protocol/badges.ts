/** The badge (工牌): a printed code that says who somebody is. The PIN proves it, the badge never does. */
import { sha256Hex, utf8 } from './encoding';
import type { Crypto } from './ports';
import { foldToken } from './tags';

const PREFIX = 'ROUNDSMAN.BADGE:';

/** The token in the text that a camera saw, or null when it is no badge. */
export function readBadge(text: string): string | null {
  const trimmed = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const head = trimmed.slice(0, PREFIX.length);
  // ASCII only: upper case of other letters may be an ASCII one
  if (!/^[!-~]*$/.test(head) || head.toUpperCase() !== PREFIX) return null;
  return foldToken(trimmed.slice(PREFIX.length));
}

/** The hash by which a phone knows a badge. */
export async function badgeHash(crypto: Crypto, token: string): Promise<string> {
  return sha256Hex(crypto, utf8(`fieldsync/1 badge\n${token}`));
}
