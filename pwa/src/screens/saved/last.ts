/** What was saved last, so that the saved screen can say it at once; after a reload it falls back on the log. */
import { signal } from '@preact/signals';
import type { TargetRef } from '../../protocol/entities';
import type { Urgency } from '../../protocol/records';

export type LastSaved = {
  seq: number;
  /** The place or thing, as a line under the title. */
  place: string;
  at: number;
  occurrence: string | null;
  /** Something was wrong: over a limit, a fault, a finding. */
  fault: boolean;
  photosKept: boolean;
  /** Of a finding: what an order for it is made of. */
  finding?: { hash: string; target: TargetRef | null; urgency: Urgency };
};

/** The record that was saved last on this page. */
export const lastSaved = signal<LastSaved | null>(null);
