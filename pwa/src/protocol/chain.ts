/** The chain that makes a log tamper-evident: each body holds the hash of the one before. */
import { ZERO_HASH } from './encoding';

/** One record as the chain sees it; `hash` is computed from its body, never claimed. */
export type Link = { seq: number; prev: string; hash: string };
/** Where a chain stops being whole: a number is missing, or a link is wrong. */
export type Break = { seq: number; reason: 'gap' | 'altered' };

/** The first break in `links`, or null. For a later part give the hash it continues and the number expected next. */
export function firstBreak(links: readonly Link[], after: string = ZERO_HASH, fromSeq = 1): Break | null {
  let previous = after;
  let expected = fromSeq;
  for (const link of links) {
    if (link.seq !== expected) return { seq: expected, reason: 'gap' };
    if (link.prev !== previous) return { seq: link.seq, reason: 'altered' };
    previous = link.hash;
    expected += 1;
  }
  return null;
}
