/** The printed code: what a camera saw, and what a scan proves of it. A phone holds hashes, never tokens. */
import { sha256Hex, utf8 } from './encoding';
import type { Crypto } from './ports';

const ADDRESS = /^https?:\/\/[!-"$-.0->@-~]{1,255}\/t\/([0-9a-z]{16})\/?$/i;
const CROCKFORD = /^[0-9A-HJKMNP-TV-Z]+$/;

/** The token in the text that a camera saw, or null when it is no tag. The host is not compared. */
export function readAddress(text: string): string | null {
  const match = ADDRESS.exec(text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
  return match?.[1] === undefined ? null : foldToken(match[1]);
}

/** A token as printed, or null when it is none. */
export function foldToken(text: string): string | null {
  return fold(text, 16);
}

/** The 8 characters of a typed short code without blanks and hyphens, or null. */
export function foldShortCode(text: string): string | null {
  return fold(text.replace(/[ \t\r\n-]/g, ''), 8);
}

/** The hash by which a phone knows a tag. */
export async function tagHash(crypto: Crypto, token: string): Promise<string> {
  return sha256Hex(crypto, utf8(token));
}

/** What only somebody who read the code can put into record `seq` of `log`. */
export async function tagProof(crypto: Crypto, log: string, seq: number, token: string): Promise<string> {
  return sha256Hex(crypto, utf8(`fieldsync/1 tag\n${log}\n${seq}\n${token}`));
}

function fold(text: string, length: number): string | null {
  // ASCII only: upper case of other letters may be an ASCII one
  if (!/^[0-9A-Za-z]*$/.test(text)) return null;
  const folded = text.toUpperCase().replaceAll('O', '0').replaceAll('I', '1').replaceAll('L', '1');
  return folded.length === length && CROCKFORD.test(folded) ? folded : null;
}
