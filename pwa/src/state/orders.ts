/**
 * Work orders as this phone sees them: the row that came down, and over it the phone's own acts that the row cannot
 * know yet. Pure functions; the signals are at the end.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { OrderAssignee, OrderBody, OrderDeadline, PersonBody, TargetRef } from '../protocol/entities';
import type { OrderPayloads, OrderRecordType } from '../protocol/orders';
import type { OrderEvent } from '../protocol/orders/events';
import { foldRecords } from '../protocol/orders/fold';
import type { Body } from '../protocol/records';
import { person } from './app';
import { entries, world, type Entry } from './data';
import { isType } from './rounds';
import type { World } from './world';

/** One of this phone's own records of an order. */
export type OwnAct = { entry: Entry; at: number } & {
  [T in OrderRecordType]: { type: T; p: OrderPayloads[T] };
}[OrderRecordType];

export type OrderView = Omit<OrderBody, 'number'> & {
  /** Null while the server has not given it one. */
  number: string | null;
  /** The version of the row that came down; null: it was opened here and has not come down. */
  version: number | null;
  /** When this phone arrived, and left, ms; null where it said nothing of it. */
  arrived: number | null;
  left: number | null;
  /** Minutes of work that this phone recorded, times people. */
  labour: number;
  signed: boolean;
  /** The last filled checklist of it on this phone. */
  answers: string | null;
  /** What this phone recorded of it, oldest first. */
  own: OwnAct[];
  /** How many of these are on this phone only. */
  unsent: number;
};

/** The phone's own records of orders by the order that they name, oldest first. */
export function byOrder(all: Iterable<Entry>): Map<string, OwnAct[]> {
  const found = new Map<string, OwnAct[]>();
  for (const entry of all) {
    const event = actOf(entry);
    if (!event) continue;
    const list = found.get(event.p.order);
    if (list) list.push(event);
    else found.set(event.p.order, [event]);
  }
  for (const list of found.values()) list.sort((a, b) => a.entry.row.n - b.entry.row.n);
  return found;
}

function actOf(entry: Entry): OwnAct | null {
  const { body, row } = entry;
  if (!isOrderRecord(body)) return null;
  return { entry, at: row.at, type: body.type, p: body.p } as OwnAct;
}

function isOrderRecord(body: Body): body is Body<OrderRecordType> {
  return body.type.startsWith('order.');
}

/** Whether a row cannot hold what an own record says: it is not sent, or nothing has changed in the row since. */
export function isAhead({ entry: { row, body } }: OwnAct, version: number | null): boolean {
  if (row.outcome === 'quarantined' || row.outcome === 'forked') return false;
  return row.unsent !== undefined || version === null || (body.base?.version ?? 0) >= version;
}

/** One order; null where neither a row nor an own record that opens it is on this phone. */
export function orderView(known: { version: number; body: OrderBody } | undefined, own: readonly OwnAct[]): OrderView | null {
  const opening = own.find((event) => event.type === 'order.open');
  const row = known ? known.body : opening ? openedHere(opening) : null;
  if (!row) return null;
  const version = known?.version ?? null;
  const { state, assignee, holder, urgency, class: cls, place, title, due_ms, paused, done, returned } = foldRecords(
    row,
    own.filter((event) => isAhead(event, version)).map(eventOf),
  );
  return {
    ...row,
    state,
    holder,
    place,
    title,
    due_ms,
    paused,
    done,
    assignee: assignee as OrderAssignee | null,
    urgency: urgency as OrderBody['urgency'],
    class: cls as OrderBody['class'],
    returned: returned ?? (state === 'open' ? row.returned : null),
    number: known ? row.number : null,
    version,
    arrived: lastOf(own, 'order.arrive'),
    left: lastOf(own, 'order.leave'),
    labour: own.reduce((sum, event) => sum + (event.type === 'order.labour' ? event.p.minutes * event.p.people : 0), 0),
    signed: own.some((event) => event.type === 'order.sign'),
    answers: null,
    own: [...own],
    unsent: own.filter(({ entry }) => entry.row.unsent !== undefined).length,
  };
}

/** When it was said last; of the leaving, since the last arrival. */
function lastOf(own: readonly OwnAct[], type: 'order.arrive' | 'order.leave'): number | null {
  const from = type === 'order.leave' ? own.findLastIndex((event) => event.type === 'order.arrive') : -1;
  return own.slice(from + 1).findLast((event) => event.type === type)?.at ?? null;
}

/** An own record as the fold reads it. */
function eventOf({ entry: { row, body }, at, type, p }: OwnAct): OrderEvent {
  return {
    id: row.hash,
    kind: type.replace('order.', ''),
    at_ms: at,
    by: body.actor,
    p,
    log: row.log,
    seq: row.seq,
    saw: body.base?.version ?? 0,
  };
}

function openedHere({ entry, at, p }: OwnAct): OrderBody {
  const { order, target, kind, urgency, class: cls, finding } = p as OrderPayloads['order.open'];
  return {
    id: order,
    number: '',
    kind,
    class: cls,
    urgency,
    state: 'open',
    title: null,
    note: entry.row.private['note']?.value ?? null,
    target,
    place: null,
    source: finding === null ? { kind: 'phone', id: entry.row.hash } : { kind: 'finding', id: finding },
    assignee: null,
    holder: null,
    form: null,
    opened_ms: at,
    due_ms: null,
    deadlines: [],
    next_due_ms: null,
    paused: null,
    done: null,
    returned: null,
    conflicts: 0,
    asks_signature: false,
  };
}

// -- whose it is, and what may be done ------------------------------------------------------

/** Who stands before the phone, as far as it decides what is theirs. */
export type Worker = Pick<PersonBody, 'id' | 'team' | 'company' | 'leader' | 'role'>;
export type Share = 'mine' | 'team' | 'others';

/** Whether an order is somebody's own, their team's or company's that nobody took, or somebody else's. */
export function shareOf({ assignee, holder }: Pick<OrderView, 'assignee' | 'holder'>, worker: Worker | null): Share {
  if (!worker) return 'others';
  if (holder === worker.id) return 'mine';
  if (!assignee) return 'others';
  if (assignee.kind === 'person') return assignee.id === worker.id ? 'mine' : 'others';
  if (assignee.kind === 'team') return assignee.id === worker.team ? 'team' : 'others';
  return isOfCompany(assignee, worker) ? 'team' : 'others';
}

function isOfCompany(assignee: OrderAssignee, worker: Worker): boolean {
  return worker.company !== undefined && worker.company !== null && worker.company === assignee.name;
}

/** Whether somebody sees an order at all: a contractor only what is theirs or their company's. */
export function isSeenBy(view: Pick<OrderView, 'assignee' | 'holder'>, worker: Worker | null): boolean {
  return !worker?.company || shareOf(view, worker) !== 'others';
}

export type Act =
  | 'accept' | 'arrive' | 'complete' | 'resume' | 'leave' | 'verify' | 'follow' | 'form'
  | 'return' | 'pass' | 'pause' | 'note' | 'labour' | 'sign' | 'set'; // prettier-ignore

export type Acts = {
  /** The one act that comes next; null when nothing is left to this person. */
  main: Act | null;
  others: Act[];
};

/** What a person can do with an order now. */
export function actsOf(view: OrderView, worker: Worker | null): Acts {
  const acts = stepsOf(view, worker);
  return maySet(view, worker) ? { ...acts, others: [...acts.others, 'set'] } : acts;
}

/** Who has to do with an order may say that its place or class is another, as long as there is work; the rest is the office's. */
export function maySet(view: OrderView, worker: Worker | null): boolean {
  if (!worker || isOver(view) || !isSeenBy(view, worker)) return false;
  return shareOf(view, worker) !== 'others' || leads(worker) || (view.state === 'open' && !worker.company);
}

function stepsOf(view: OrderView, worker: Worker | null): Acts {
  if (!worker || !isSeenBy(view, worker)) return { main: null, others: [] };
  const share = shareOf(view, worker);
  const isContractor = Boolean(worker.company);
  const isLeader = leads(worker);
  switch (view.state) {
    case 'open':
      return { main: isContractor ? null : 'accept', others: ['note'] };
    case 'dispatched':
      return share === 'others' ? { main: null, others: ['note'] } : { main: 'accept', others: ['return', ...passing(isContractor), 'note'] };
    case 'accepted':
      return share === 'others' ? { main: null, others: ['note'] } : { main: 'arrive', others: ['return', ...passing(isContractor), 'pause', 'note'] };
    case 'working':
      if (share === 'others') return { main: null, others: ['note'] };
      return { main: formFirst(view), others: [...(view.form !== null && view.answers !== null ? (['form'] as const) : []), 'pause', 'note', 'labour', 'sign', 'return', ...passing(isContractor)] };
    case 'paused':
      return share === 'others' ? { main: null, others: ['note'] } : { main: 'resume', others: ['note', 'labour', 'return', ...passing(isContractor)] };
    case 'done':
      if (isContractor && view.arrived !== null && view.left === null) return { main: 'leave', others: ['sign', 'note'] };
      return { main: isLeader ? 'verify' : null, others: share === 'others' ? ['note'] : ['sign', 'labour', 'note'] };
    case 'verified':
      return { main: isLeader ? 'follow' : null, others: ['note'] };
    default:
      return { main: null, others: ['note'] };
  }
}

/** A contractor passes nothing on: the office does. */
function passing(isContractor: boolean): Act[] {
  return isContractor ? [] : ['pass'];
}

function formFirst({ form, answers }: OrderView): Act {
  return form !== null && answers === null ? 'form' : 'complete';
}

// -- in which order they are shown ----------------------------------------------------------

const OVER: readonly OrderView['state'][] = ['done', 'verified', 'closed', 'cancelled'];

/** Whether nothing is left to whoever does the work. */
export const isOver = (view: Pick<OrderView, 'state'>): boolean => OVER.includes(view.state);

/** The deadline that runs out first of those that run, or that ran out unheard. */
export function pressing(view: Pick<OrderView, 'deadlines'>): OrderDeadline | null {
  const running = view.deadlines.filter(({ state }) => state === 'running' || state === 'missed' || state === 'unheard');
  return running.sort((a, b) => a.due_ms - b.due_ms)[0] ?? null;
}

/** By what is due first; what has no deadline comes after, urgent before normal, old before new. */
export function byDue(views: readonly OrderView[]): OrderView[] {
  const due = (view: OrderView): number => view.next_due_ms ?? pressing(view)?.due_ms ?? Infinity;
  const urgent = (view: OrderView): number => (view.urgency === 'urgent' ? 0 : 1);
  return [...views].sort((a, b) => {
    const [x, y] = [due(a), due(b)];
    return (x === y ? 0 : x - y) || urgent(a) - urgent(b) || a.opened_ms - b.opened_ms;
  });
}

/** Whether somebody leads, and may say that the work is good. */
export const leads = (worker: Worker | null): boolean => worker?.leader === true || worker?.role === 'supervisor';

/** Whether an order is of a team: given to it, or in the hands of one of its people. */
export function isOfTeam(view: Pick<OrderView, 'assignee' | 'holder' | 'done'>, team: string | null, people: ReadonlyMap<string, { body: PersonBody }>): boolean {
  if (team === null) return false;
  if (view.assignee?.kind === 'team') return view.assignee.id === team;
  const who = view.done?.by ?? view.holder ?? (view.assignee?.kind === 'person' ? view.assignee.id : null);
  return who !== null && people.get(who)?.body.team === team;
}

// -- signals -------------------------------------------------------------------------------

const own = computed(() => byOrder(entries.value.values()));

/** Every order on this phone that the person may see. */
export const orders: ReadonlySignal<OrderView[]> = computed(() => {
  const worker = person.value;
  const ids = new Set([...world.value.order.keys(), ...own.value.keys()]);
  const views = [...ids].map((id) => viewOf(world.value, id)).filter((view) => view !== null);
  return byDue(views.filter((view) => isSeenBy(view, worker)));
});

function viewOf(from: World, id: string): OrderView | null {
  const view = orderView(from.order.get(id), own.value.get(id) ?? []);
  if (view && view.form !== null) view.answers = answersFor(view, entries.value.values());
  return view;
}

/** The checklist that was filled for an order: of its form and its thing, since this phone arrived, or since it was opened. */
export function answersFor(view: OrderView, all: Iterable<Entry>): string | null {
  let last: { n: number; hash: string } | null = null;
  for (const { row, body } of all) {
    if (!isType(body, 'answers') || body.p.form.id !== view.form || body.p.occurrence !== null) continue;
    const isSame = (body.p.target?.id ?? null) === (view.target?.id ?? null);
    if (isSame && row.at >= (view.arrived ?? view.opened_ms) && row.n > (last?.n ?? 0)) last = row;
  }
  return last?.hash ?? null;
}

const views = new Map<string, ReadonlySignal<OrderView | null>>();

/** One order; null while it is not on this phone, or not this person's to see. */
export function order(id: string): ReadonlySignal<OrderView | null> {
  let found = views.get(id);
  if (!found) {
    found = computed(() => {
      const view = viewOf(world.value, id);
      return view && isSeenBy(view, person.value) ? view : null;
    });
    views.set(id, found);
  }
  return found;
}

/** The open orders about a checkpoint or an asset, by what is due first. */
export function ordersOf(target: TargetRef): OrderView[] {
  return orders.value.filter((view) => !isOver(view) && view.target?.kind === target.kind && view.target.id === target.id);
}

/** What a leader's team has done and nobody has looked at. */
export const toVerify: ReadonlySignal<OrderView[]> = computed(() => {
  const worker = person.value;
  if (!worker || !leads(worker)) return [];
  return orders.value.filter((view) => view.state === 'done' && isOfTeam(view, worker.team, world.value.person));
});

/** The team's own: what nobody took; for a leader, what their people have in hand as well. */
export const ofTeam: ReadonlySignal<OrderView[]> = computed(() => {
  const worker = person.value;
  const open = orders.value.filter((view) => !isOver(view) && shareOf(view, worker) !== 'mine');
  return open.filter((view) => shareOf(view, worker) === 'team' || (worker && leads(worker) && isOfTeam(view, worker.team, world.value.person)));
});

/** How many orders wait for the person: their own, their team's that nobody has taken, and what a leader has to look at. */
export const waiting: ReadonlySignal<number> = computed(() => {
  const worker = person.value;
  const own = orders.value.filter((view) => {
    const share = shareOf(view, worker);
    return !isOver(view) && (share === 'mine' || (share === 'team' && view.state === 'dispatched'));
  });
  return own.length + toVerify.value.length;
});
