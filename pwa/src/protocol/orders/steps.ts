/** What each record does to a work order. Mirrors `sync/orders/words.py` and `records.py`. */
import { FINISHED, UNDER_WAY, type Conflict, type ConflictKind, type Full, type OrderState, type Said, type Start, type Who } from './events';

/** Events that add to what is known of an order, and change nothing of it. */
const ONLY_SAID = ['leave', 'note'];
const ONLY_DONE = ['note', 'cost', 'join', 'escalate'];
/** What takes an order away from one and gives it to another, or to nobody. */
const GIVES = ['dispatch', 'recall', 'pass', 'return'];

/** A step for each type of record; false when it changes nothing. */
export type Step = (event: Full) => boolean;

export class RecordSteps {
  readonly state: OrderState;
  protected readonly before: Full[] = [];
  /** Who changed a field, in order. */
  protected readonly touched = new Map<string, Full[]>();
  /** Person → after how many events they first had something to do with it. */
  protected readonly had = new Map<string, number>();
  protected readonly records: Record<string, Step>;
  protected readonly acts: Record<string, Step> = {};

  constructor(start: Start) {
    const holder = start.holder ?? null;
    const assignee = start.assignee ?? null;
    this.state = {
      state: start.state ?? 'open',
      assignee,
      holder,
      urgency: start.urgency ?? 'normal',
      class: start.class ?? null,
      place: start.place ?? null,
      title: start.title ?? null,
      due_ms: start.due_ms ?? null,
      hands: holder ? [holder] : [],
      arrivals: [],
      paused: start.paused ?? null,
      pauses: [],
      done: start.done ?? null,
      completions: [],
      verified: null,
      followed: null,
      closed_ms: null,
      cancelled: null,
      returned: null,
      reopened: 0,
      labour_min: 0,
      signed: [],
      proposal: null,
      conflicts: [],
      kept: [],
    };
    if (holder) this.had.set(holder, 0);
    if (assignee?.kind === 'person') this.had.set(assignee.id, 0);
    this.records = {
      open: (event) => this.open(event),
      accept: (event) => this.accept(event),
      return: (event) => this.giveBack(event),
      pass: (event) => this.pass(event),
      arrive: (event) => this.arrive(event),
      pause: ({ p, at_ms }) => this.pause(String(p['reason']), untilOf(p), at_ms),
      resume: ({ at_ms }) => this.resume(at_ms),
      labour: (event) => this.labour(event),
      sign: ({ p }) => this.sign(String(p['by'])),
      complete: (event) => this.complete(event),
      verify: (event) => this.verify(event),
      follow: (event) => this.follow(event),
      set: (event) => this.set(event),
    };
  }

  /** Let one event count. */
  take(event: Full): void {
    const isRecord = event.log !== '';
    const isSaid = (isRecord ? ONLY_SAID : ONLY_DONE).includes(event.kind);
    const steps = isRecord ? this.records : this.acts;
    const step = Object.hasOwn(steps, event.kind) ? steps[event.kind] : undefined;
    if (!isSaid && (step === undefined || !step(event))) this.state.kept.push(event.id);
    this.before.push(event);
  }

  // -- what the steps share ------------------------------------------------------------------

  protected isUnderWay(): boolean {
    return UNDER_WAY.includes(this.state.state);
  }

  protected isFinished(): boolean {
    return FINISHED.includes(this.state.state);
  }

  protected conflict(kind: ConflictKind, event: string, against: string | null, more: Pick<Conflict, 'field' | 'phone' | 'office'> = {}): void {
    const id = more.field === undefined ? `${kind}:${event}` : `${kind}:${event}:${more.field}`;
    if (this.state.conflicts.every((one) => one.id !== id)) this.state.conflicts.push({ id, kind, event, against, ...more });
  }

  /** Let what somebody did later stand for earlier conflicts about the same person. */
  protected overtake(event: Full, ...kinds: ConflictKind[]): void {
    const theirs = new Set(this.before.filter((one) => one.by === event.by).map((one) => one.id));
    for (const conflict of this.state.conflicts) {
      if (kinds.includes(conflict.kind) && theirs.has(conflict.event) && !conflict.settled) conflict.settled = { ...said(event), keep: 'later' };
    }
  }

  protected hand(person: string | null): void {
    if (person === null) return;
    if (!this.had.has(person)) this.had.set(person, this.before.length);
    if (!this.state.hands.includes(person)) this.state.hands.push(person);
  }

  /** Whether the order is given to one person, and it is not this one. */
  protected isOther(person: string | null): boolean {
    const to = this.state.assignee;
    return to !== null && to.kind === 'person' && to.id !== person;
  }

  /** The last record of these kinds that the office had not got when it acted. */
  protected unheard(act: Full, ...kinds: string[]): Full | null {
    return (
      this.before.findLast((event) => {
        const heard = event.received_ms !== null && event.received_ms <= act.at_ms;
        return event.log !== '' && kinds.includes(event.kind) && !heard && !this.state.kept.includes(event.id);
      }) ?? null
    );
  }

  /** The event that last gave the order to somebody; of a person, after they had it. */
  protected givenAway(person?: string | null): string | null {
    const since = this.had.get(person ?? '') ?? 0;
    return this.before.slice(since).findLast((event) => GIVES.includes(event.kind) && !this.state.kept.includes(event.id))?.id ?? null;
  }

  /** End a pause. */
  protected goOn(at_ms: number): void {
    this.state.paused = null;
    const last = this.state.pauses.at(-1);
    if (last?.to_ms === null) this.state.pauses[this.state.pauses.length - 1] = { ...last, to_ms: at_ms };
  }

  protected give(to: Who | null, at_ms: number): void {
    this.goOn(at_ms);
    this.state.assignee = to;
    this.state.holder = null;
    if (to?.kind === 'person' && !this.had.has(to.id)) this.had.set(to.id, this.before.length);
    this.state.state = to ? 'dispatched' : 'open';
  }

  /** Open it again: what was done counts no longer. */
  protected again(at_ms: number): void {
    const { state } = this;
    state.done = null;
    state.verified = null;
    state.cancelled = null;
    state.closed_ms = null;
    state.reopened += 1;
    this.give(state.assignee, at_ms);
  }

  protected finish(event: Full): void {
    this.goOn(event.at_ms);
    this.state.state = 'done';
    this.state.done = { ...said(event), result: typeof event.p['result'] === 'string' ? event.p['result'] : null };
  }

  // -- the records ---------------------------------------------------------------------------

  private open(event: Full): boolean {
    if (this.before.some((one) => one.kind === 'open')) return false;
    if (event.p['mine']) {
      this.state.holder = event.by;
      this.state.state = 'working';
      this.hand(event.by);
      this.state.arrivals.push(event.id);
    }
    return true;
  }

  private accept(event: Full): boolean {
    const { state } = this;
    if (!this.isUnderWay()) return false;
    if (this.isOther(event.by)) {
      this.conflict('not_theirs', event.id, this.givenAway());
      return false;
    }
    const given = state.assignee?.kind === 'person';
    if (state.holder !== null && state.holder !== event.by && !given) {
      this.conflict('two_accepted', event.id, this.acceptedBy(state.holder));
      return false;
    }
    state.holder = event.by;
    state.returned = null;
    this.hand(event.by);
    if (state.state === 'open' || state.state === 'dispatched') state.state = 'accepted';
    else if (state.state === 'paused' && state.paused && ['open', 'dispatched'].includes(state.paused.was)) {
      state.paused = { ...state.paused, was: 'accepted' };
    }
    return true;
  }

  private acceptedBy(person: string): string | null {
    return this.before.findLast((event) => event.by === person && ['accept', 'open', 'arrive'].includes(event.kind))?.id ?? null;
  }

  /** Whether it is somebody else's meanwhile. */
  private isTheirs(person: string | null): boolean {
    return this.isOther(person) || (this.state.holder !== null && this.state.holder !== person);
  }

  private giveBack(event: Full): boolean {
    if (!this.isUnderWay() || this.isTheirs(event.by)) return false;
    this.give(null, event.at_ms);
    this.state.returned = { ...said(event), reason: String(event.p['reason']) };
    return true;
  }

  private pass(event: Full): boolean {
    if (!this.isUnderWay()) return false;
    if (this.isTheirs(event.by)) {
      this.conflict('not_theirs', event.id, this.givenAway());
      return false;
    }
    this.give({ kind: 'person', id: String(event.p['to']) }, event.at_ms);
    this.state.returned = null;
    return true;
  }

  private arrive(event: Full): boolean {
    const { state } = this;
    // it proves presence whatever became of the order
    state.arrivals.push(event.id);
    if (state.state === 'cancelled') {
      this.conflict('worked_cancelled', event.id, state.cancelled?.event ?? null);
      return false;
    }
    if (!this.isUnderWay()) return false;
    this.hand(event.by);
    this.goOn(event.at_ms);
    if (state.holder === null && !this.isOther(event.by)) state.holder = event.by;
    state.state = 'working';
    return true;
  }

  protected pause(reason: string, until_ms: number | null, at_ms: number): boolean {
    const { state } = this;
    if (!this.isUnderWay()) return false;
    const was = state.paused ? state.paused.was : state.state;
    this.goOn(at_ms);
    state.paused = { reason, until_ms, since_ms: at_ms, was };
    state.pauses.push({ from_ms: at_ms, to_ms: null, reason });
    state.state = 'paused';
    return true;
  }

  protected resume(at_ms: number): boolean {
    const { state } = this;
    if (state.state !== 'paused' || state.paused === null) return false;
    const { was } = state.paused;
    this.goOn(at_ms);
    state.state = was;
    return true;
  }

  private labour(event: Full): boolean {
    this.state.labour_min += Number(event.p['minutes']) * Number(event.p['people']);
    this.hand(event.by);
    return true;
  }

  private sign(by: string): boolean {
    if (!this.state.signed.includes(by)) this.state.signed = [...this.state.signed, by].sort();
    return true;
  }

  private complete(event: Full): boolean {
    const { state } = this;
    state.completions.push(event.id);
    if (this.isFinished()) {
      if (state.done !== null && !this.isOfLog(state.done.event, event.log)) this.conflict('done_twice', event.id, state.done.event);
      return false;
    }
    this.overtake(event, 'working_reassigned', 'worked_cancelled', 'not_theirs');
    if (state.state === 'cancelled') this.conflict('done_cancelled', event.id, state.cancelled?.event ?? null);
    else if (this.isOther(event.by)) {
      const away = this.givenAway(event.by);
      if (event.by === null || !this.had.has(event.by)) this.conflict('done_by_other', event.id, this.givenAway());
      else if (away !== null) this.conflict('done_reassigned', event.id, away);
    }
    this.hand(event.by);
    this.finish(event);
    return true;
  }

  private isOfLog(id: string, log: string): boolean {
    return this.before.some((one) => one.id === id && one.log === log);
  }

  protected verify(event: Full): boolean {
    if (this.state.state !== 'done') return false;
    if (event.p['ok']) {
      this.state.state = 'verified';
      this.state.verified = said(event);
    } else this.again(event.at_ms);
    return true;
  }

  protected follow(event: Full): boolean {
    const { state } = this;
    if (!this.isFinished()) return false;
    const satisfied = Boolean(event.p['satisfied']);
    if (state.state === 'closed' && satisfied) return false;
    state.followed = { ...said(event), satisfied };
    if (satisfied) {
      state.state = 'closed';
      state.closed_ms = event.at_ms;
    } else this.again(event.at_ms);
    return true;
  }

  private set(event: Full): boolean {
    const field = String(event.p['field']);
    const { from, to } = event.p;
    const now = this.valueOf(field);
    const since = (this.touched.get(field) ?? []).filter((one) => !hasSeen(event, one));
    if (now === to || now === from || since.length === 0) {
      this.put(field, to, event);
      return true;
    }
    this.conflict('field', event.id, since.at(-1)?.id ?? null, { field, phone: to, office: now });
    return false;
  }

  protected valueOf(field: string): unknown {
    return this.state[field as keyof OrderState];
  }

  protected put(field: string, value: unknown, event: Full): void {
    Object.assign(this.state, { [field]: value });
    this.touched.set(field, [...(this.touched.get(field) ?? []), event]);
  }
}

export function said({ id, by, at_ms }: Full): Said {
  return { event: id, by, at_ms };
}

export function untilOf(p: Record<string, unknown>): number | null {
  const until = p['until_ms'];
  return typeof until === 'number' ? until : null;
}

/** Whether who made a record knew of another change. */
function hasSeen(record: Full, other: Full): boolean {
  return other.log !== '' ? other.log === record.log : other.version > 0 && other.version <= record.saw;
}
