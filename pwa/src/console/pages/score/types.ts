/** What the reports API says, as the server's schemas have it. Moments are ms since 1970 UTC, shares thousandths as text. */
import type { Label } from '../../../i18n/label';
import type { OccurrenceState } from '../../../ui/State';
import type { Sums } from '../../types';

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'span';
export type PeriodBody = { key: string; kind: PeriodKind; first: string; last: string; from_ms: number; to_ms: number; over: boolean };
/** The longest stretch without a completed round; with `unsure` rounds in it it may be shorter. */
export type Gap = { from_ms: number; to_ms: number; unsure: number };
export type Verdict = 'met' | 'short' | 'open' | 'none';
export type ScoreRow = {
  key: string | null;
  demand: { id: string; text: Label | null; figure: Label | null } | null;
  plans: string[];
  sums: Sums;
  against: Sums | null;
  verdict: Verdict;
  lacking: number;
  next_ms: number | null;
  gap: Gap | null;
};
export type ReportRow = { key: string | null; name: Label | null; demand: string | null; sums: Sums; against: Sums | null; gap: Gap | null };
export type Footnote = { kind: 'unheard' | 'unproven' | 'excused' | 'corrected'; count: number; phones: { name: string; heard_ms: number | null }[] };
export type Closing = {
  id: string;
  period: string;
  revision: number;
  closed_ms: number;
  by: string | null;
  itself: boolean;
  received_ms: number | null;
  share: string | null;
  sums: Sums;
  footnotes: Footnote[];
};
/** How a site closes its periods. */
export type Reporting = { close_after_days: number; closes_itself: boolean };
/** The last revision of each closed period, the latest period first. */
export type ClosingList = { settings: Reporting; closings: Closing[] };
export type Report = {
  period: PeriodBody;
  now_ms: number;
  received_ms: number | null;
  phones: { total: number; silent: number };
  sums: Sums;
  against: { period: PeriodBody; sums: Sums } | null;
  demands: ScoreRow[];
  plans: ReportRow[];
  routes: ReportRow[];
  teams: ReportRow[];
  days: { day: string; sums: Sums }[];
  closed: { revisions: Closing[]; changed: boolean };
  closable_ms: number | null;
};
export type CorrectedList = {
  count: number;
  rounds: { occurrence: string; plan: Label; from_ms: number; to_ms: number; was: OccurrenceState; was_ms: number; state: OccurrenceState; at_ms: number }[];
};
export type Axis = 'all' | 'demand' | 'plan' | 'route' | 'team' | 'day';
export type BehindRound = {
  occurrence: string;
  plan: Label;
  demands: string[];
  day: string;
  from_ms: number;
  to_ms: number;
  state: OccurrenceState;
  done: number;
  total: number;
  end_ms: number | null;
};
/** `person` is said where the rounds are those in which one walked. */
export type Behind = { period: PeriodBody; count: number; rounds: BehindRound[]; next: string | null; person?: { id: string; name: string } };
export type PersonFigures = { person: { id: string; name: string }; team: string | null; visits: number; faults: number; marked: number; rounds: Record<OccurrenceState, number> };
export type Unscanned = { days: number; in_use: number; places: { place: { kind: string; id: string; number: string; name: Label }; on_route: boolean; last_ms: number | null; days: number | null }[] };
export type TrendMonth = { key: string; first: string; sums: Sums; over: boolean; closed: { revision: number; share: string | null } | null };
export type ClosingSettings = { close_after_days: number; closes_itself: boolean };
/** A clause that work, the desk or the register keeps; of lifts the share is of time, of lamps of lamps. `scored` is false where a stricter clause of the same things is the score. */
export type ServedPart = { state: 'kept' | 'late' | 'missed' | 'unheard' | 'unproven'; kind: 'order' | 'request' | 'asset' | 'visit' | 'takeover'; id: string; name: Label; due_ms: number | null; lacks: string[]; has: string[]; down_ms: number | null; failures: number | null; total: string | null; out: string | null };
export type ServedRow = {
  demand: { id: string; text: Label | null; figure: Label | null };
  measure: 'deadlines' | 'duties' | 'cards' | 'papers' | 'logs' | 'takeover' | 'lifts' | 'lamps';
  due: number;
  kept: number;
  late: number;
  missed: number;
  unheard: number;
  unproven: number;
  low: string | null;
  high: string | null;
  verdict: Verdict;
  least: string | null;
  scored: boolean;
  behind: ServedPart[];
};
