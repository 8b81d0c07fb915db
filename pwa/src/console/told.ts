/** What was reported of rounds, and what was corrected of it, as the server's schemas have it. */
import type { OccurrenceState } from '../ui/State';

/** That a round was reported in one state and is in another by what came later; `report` is what one takes note of. */
export type Correction = { report: string; was: OccurrenceState; was_ms: number; state: OccurrenceState; at_ms: number };
export type Told = {
  id: string;
  state: OccurrenceState;
  done: number;
  total: number;
  at_ms: number;
  cause: 'over' | 'record' | 'heard' | 'office';
  record: string | null;
  person: { id: string; name: string } | null;
  device: { id: string; name: string } | null;
  received_ms: number | null;
};

/** What the office wrote on a round. */
export type RoundComment = { id: string; at_ms: number; by: string; text: string };
/** A paper sheet as the office entered it. */
export type PaperSheet = {
  id: string;
  person: { id: string; name: string };
  entered_by: string;
  entered_ms: number;
  why: string;
  photo: string | null;
  stops: { stop: string; at_ms: number }[];
};
