/** Work orders as the server gives them to the console. */
import type { Label } from '../../../i18n/label';

export type OrderStateName = 'open' | 'dispatched' | 'accepted' | 'working' | 'paused' | 'done' | 'verified' | 'closed' | 'cancelled';
export type OrderClass = 'water' | 'power' | 'gas' | 'lift' | 'lighting' | 'glass' | 'door' | 'fire' | 'leak' | 'other';
export type OrderKind = 'repair' | 'upkeep' | 'request' | 'inspection' | 'rectify' | 'other';
export type Need = 'conflict' | 'missed' | 'near' | 'returned' | 'proposal' | 'unheard' | 'undispatched';
export type What = 'arrive' | 'repair' | 'follow' | 'answer' | 'report';
export type DeadlineState = 'running' | 'paused' | 'met' | 'late' | 'missed' | 'unheard' | 'unproven';

export type Deadline = { key: string; clause: string; what: What; due_ms: number; span_ms: number; state: DeadlineState; came_ms: number | null; corrected: boolean };
export type Named = { id: string; name: string };
export type Who = { kind: 'person' | 'team' | 'company'; id: string; name: string | Label | null };
export type OrderTarget = { kind: 'checkpoint' | 'asset'; id: string; number: string; name: Label };

export type OrderRow = {
  id: string;
  version: number;
  number: string;
  kind: OrderKind;
  class: OrderClass;
  urgency: 'normal' | 'urgent';
  state: OrderStateName;
  title: Label | null;
  note: string | null;
  place: string | null;
  target: OrderTarget | null;
  source: { kind: 'finding' | 'request' | 'upkeep' | 'office' | 'phone'; id: string; name: string | null };
  assignee: Who | null;
  holder: Named | null;
  opened_ms: number;
  done_ms: number | null;
  ended_ms: number | null;
  due_ms: number | null;
  next_due_ms: number | null;
  deadlines: Deadline[];
  paused: { reason: PauseReason; until_ms: number | null; since_ms: number } | null;
  done: { event: string; by: string | null; at_ms: number; result: OrderResult } | null;
  returned: { reason: ReturnReason; at_ms: number } | null;
  proposal: 'asked' | 'approved' | 'declined' | null;
  conflicts: number;
  reopened: number;
  labour_min: number;
  asks_signature: boolean;
  needs: Need[];
};
export type PauseReason = 'parts' | 'access' | 'weather' | 'approval' | 'other';
export type ReturnReason = 'not_mine' | 'no_skill' | 'no_parts' | 'busy' | 'other';
export type OrderResult = 'fixed' | 'temporary' | 'not_possible' | 'nothing_found';

export type Entry = {
  id: string;
  kind: string;
  office: boolean;
  by: Named | null;
  device: Named | null;
  lower_ms: number | null;
  estimate_ms: number;
  upper_ms: number;
  quality: 'A' | 'B' | 'C' | 'D';
  received_ms: number | null;
  marks: string[];
  p: Readonly<Record<string, unknown>>;
  note: string | null;
  name: string | null;
  photos: { sha256: string; role: string; of?: string | null; state: 'there' | 'pending' | 'removed' }[];
  scan: 'proven' | 'other' | 'none' | null;
  kept: boolean;
};
export type ConflictKind =
  | 'done_cancelled' | 'done_reassigned' | 'done_by_other' | 'done_twice' | 'worked_cancelled' | 'working_reassigned' | 'not_theirs' | 'two_accepted' | 'doubled' | 'field';
export type Conflict = {
  id: string;
  kind: ConflictKind;
  event: string;
  against: string | null;
  field: string | null;
  phone: string | null;
  office: string | null;
  settled: { by: string | null; at_ms: number; keep: string } | null;
  keep: string[];
};
/** A part that was taken for an order; a negative quantity came back. Quantities and costs are decimal texts. */
export type PartUsed = { key: string; part: { id: string; number: string; name: Label; unit: string } | null; quantity: string; why: 'used' | 'returned' | 'written_off' | 'received' | 'moved' | 'counted'; by: Named | null; at_ms: number; cost: string | null };
export type Labour = { key: string; by: Named | null; at_ms: number; minutes: number; people: number; cost: string };
export type ActName =
  | 'dispatch' | 'recall' | 'cancel' | 'reopen' | 'change' | 'pause' | 'resume' | 'propose' | 'approve' | 'decline' | 'verify' | 'follow' | 'settle' | 'note' | 'cost';

export type Order = OrderRow & {
  opened_by: Named | null;
  entries: Entry[];
  found: Conflict[];
  received: { device: Named; heard_ms: number | null; has: boolean }[];
  parts: PartUsed[];
  labour: Labour[];
  costs: { labour: string; parts: string; unpriced: number; other: string; total: string; currency: string };
  /** The order that took its place: of a quick fix on the spot. Without an id where it is not theirs to see. */
  replaced_by: { id: string | null; number: string } | null;
  may: ActName[];
  now_ms: number;
};
export type OrderPage = { orders: OrderRow[]; counts: Partial<Record<OrderStateName, number>>; after: string | null; now_ms: number };
export type Board = { columns: { state: OrderStateName; count: number; orders: OrderRow[] }[]; needs: OrderRow[]; now_ms: number };

export type Candidate = {
  id: string;
  name: string;
  trade: string | null;
  team: Label | null;
  company: string | null;
  certificates: string[];
  on_shift: boolean;
  heard_ms: number | null;
  orders: number;
  urgent: number;
};
export type Candidates = { people: Candidate[]; teams: { id: string; name: Label }[]; companies: Named[] };

export type Clause = {
  key: string;
  id: string;
  what: What;
  amount: number;
  unit: 'minutes' | 'hours' | 'days' | 'working_days';
  applies: Partial<Record<'kind' | 'class' | 'urgency', string[]>>;
  pause_counts: boolean;
  /** Of minutes and hours: time runs only within the hours of the site. */
  in_hours: boolean;
};
export type Policy = {
  clauses: Clause[];
  findings: Record<'fault' | 'alarm' | 'warning' | 'urgent' | 'report', boolean>;
  /** When somebody is there to answer, in minutes after midnight. */
  hours: { from_min: number; to_min: number; working_days: boolean };
  rates: { labour_hour: string; currency: string };
  signature: OrderKind[];
  tell: { near: string[]; missed: string[] };
  holidays: string;
  known_until: string | null;
};

export type ClauseFigures = {
  clause: string;
  what: What;
  source: 'request' | 'finding' | 'other';
  due: number;
  met: number;
  late: number;
  missed: number;
  open: number;
  unheard: number;
  unproven: number;
};
export type LogRow = OrderRow & { result: OrderResult | null; done_by: Named | null; arrived_ms: number | null; note_done: string | null; labour_cost: string; parts_cost: string; unpriced: number; other_cost: string; total_cost: string };
/** What all orders of the stretch cost together, on whatever page they stand. */
export type LogSum = { orders: number; labour: string; parts: string; other: string; total: string; unpriced: number };
export type Log = { orders: LogRow[]; after: string | null; sum: LogSum; figures: ClauseFigures[]; currency: string };
