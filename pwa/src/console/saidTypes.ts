/** What the server tells of what people said: who stood in for whom, and how a mark came about. */
import type { Label } from '../i18n/label';

/** Somebody took a round over that is another's by its plan. */
export type StandIn = {
  /** The hash of the sealed record. */
  record: string;
  person: { id: string; name: string };
  device: { id: string; name: string };
  at_ms: number;
  instead_of: { kind: 'team' | 'person' | 'post' | 'company'; name: Label | null } | null;
  marks: string[];
};

/** What a record's own person said to its marks; `words` null: erased, or not come yet. */
export type Explanation = { record: string; at_ms: number; received_ms: number; words: string | null };
