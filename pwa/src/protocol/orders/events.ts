/** What is said to a work order, and the words of it. Mirrors `sync/orders/events.py`. */
import type { OrderStateName } from '../entities';

export const UNDER_WAY: readonly OrderStateName[] = ['open', 'dispatched', 'accepted', 'working', 'paused'];
/** Somebody has done it. */
export const FINISHED: readonly OrderStateName[] = ['done', 'verified', 'closed'];

/** Each kind of conflict, and between which two a person chooses. */
export const KEEP = {
  done_cancelled: ['done', 'cancelled'],
  done_reassigned: ['done', 'again'],
  done_by_other: ['done', 'again'],
  done_twice: ['first', 'second'],
  worked_cancelled: ['cancelled', 'again'],
  working_reassigned: ['phone', 'office'],
  not_theirs: ['phone', 'office'],
  two_accepted: ['first', 'second'],
  doubled: ['this', 'other'],
  field: ['phone', 'office'],
} as const satisfies Record<string, readonly [string, string]>;
export type ConflictKind = keyof typeof KEEP;

export type Who = { kind: string; id: string; name?: string };

/** One thing that was said or done; `log` is empty for the office. Absent members have the value in brackets. */
export type OrderEvent = {
  /** Hash of the record; id of the office's act. */
  id: string;
  kind: string;
  at_ms: number;
  by: string | null;
  /** The record's payload; what the act says. */
  p?: Record<string, unknown>;
  log?: string;
  seq?: number;
  /** Of a record: when the server got it; null (the default) on a phone that has not sent it. */
  received_ms?: number | null;
  /** Of a record: the version of the order that the phone showed, 0 (the default) when none. */
  saw?: number;
  /** Of an act: the version that the order got by it. */
  version?: number;
};

/** Who said what, and when. */
export type Said = { event: string; by: string | null; at_ms: number };
export type Paused = { reason: string; until_ms: number | null; since_ms: number; was: OrderStateName };
export type Done = Said & { result: string | null };

/** What two people decided apart. Both are kept; a person settles it. */
export type Conflict = {
  id: string;
  kind: ConflictKind;
  event: string;
  /** The event that it does not fit. */
  against: string | null;
  field?: string;
  phone?: unknown;
  office?: unknown;
  settled?: Said & { keep: string };
};

/** How an order began; on a phone: how the row that came down says it stands. */
export type Start = {
  opened_ms: number;
  state?: OrderStateName;
  assignee?: Who | null;
  holder?: string | null;
  urgency?: string;
  class?: string | null;
  place?: string | null;
  title?: { zh: string; en: string } | null;
  due_ms?: number | null;
  paused?: Paused | null;
  done?: Done | null;
};

/** What became of the order. */
export type OrderState = {
  state: OrderStateName;
  /** To whom it is given. */
  assignee: Who | null;
  /** Who took it. */
  holder: string | null;
  urgency: string;
  class: string | null;
  place: string | null;
  title: { zh: string; en: string } | null;
  due_ms: number | null;
  /** Everybody who took it, was there or did it, in order. */
  hands: string[];
  arrivals: string[];
  paused: Paused | null;
  pauses: { from_ms: number; to_ms: number | null; reason: string }[];
  /** The completion that counts. */
  done: Done | null;
  /** Every completion, also those that do not count. */
  completions: string[];
  verified: Said | null;
  followed: (Said & { satisfied: boolean }) | null;
  closed_ms: number | null;
  cancelled: Said | null;
  /** Until it is given to somebody again. */
  returned: (Said & { reason: string }) | null;
  reopened: number;
  /** Minutes times people. */
  labour_min: number;
  signed: string[];
  proposal: { event: string; state: string } | null;
  conflicts: Conflict[];
  /** Events that changed nothing: evidence. */
  kept: string[];
};

export type Full = Required<OrderEvent>;

const full = (event: OrderEvent): Full => ({ p: {}, log: '', seq: 0, received_ms: null, saw: 0, version: 0, ...event });

/**
 * The events as they count, each at the moment from which it does. A record never counts before one with a smaller
 * number in its log, nor before an act that the phone had seen. An opening counts first.
 */
export function inOrder(events: Iterable<OrderEvent>): Full[] {
  const given = [...new Map([...events].map((event) => [event.id, full(event)])).values()];
  const acts = given.filter((event) => event.log === '');
  const moments = [...acts];
  const latest = new Map<string, number>();
  const records = given.filter((event) => event.log !== '').sort((a, b) => text(a.log, b.log) || a.seq - b.seq);
  for (const event of records) {
    const seen = acts.filter((act) => act.version > 0 && act.version <= event.saw).map((act) => act.at_ms);
    const at_ms = Math.max(event.at_ms, ...seen, latest.get(event.log) ?? event.at_ms);
    latest.set(event.log, at_ms);
    moments.push({ ...event, at_ms });
  }
  const isLater = (event: Full): number => (event.kind === 'open' ? 0 : 1);
  const isRecord = (event: Full): number => (event.log === '' ? 0 : 1);
  return moments.sort(
    (a, b) =>
      isLater(a) - isLater(b) || a.at_ms - b.at_ms || isRecord(a) - isRecord(b) || text(a.log, b.log) || a.seq - b.seq || text(a.id, b.id),
  );
}

/** By code points, as the other language compares them; these texts are all of them ASCII. */
function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
