/** What each act of the office does to a work order, and the fold with them. Mirrors `sync/orders/office.py`. */
import { KEEP, type Conflict, type Full, type OrderEvent, type OrderState, type Start, type Who } from './events';
import { folded } from './fold';
import { RecordSteps, said, untilOf, type Step } from './steps';

const FIELDS = ['urgency', 'title', 'due_ms', 'class', 'place'];

export class OfficeSteps extends RecordSteps {
  protected override readonly acts: Record<string, Step> = {
    dispatch: (act) => this.dispatch(act, act.p['to'] as Who),
    recall: (act) => this.dispatch(act, null),
    cancel: (act) => this.cancel(act),
    reopen: (act) => this.reopen(act),
    change: (act) => this.change(act),
    pause: ({ p, at_ms }) => this.pause(String(p['reason']), untilOf(p), at_ms),
    resume: ({ at_ms }) => this.resume(at_ms),
    propose: (act) => this.propose(act),
    approve: ({ at_ms }) => this.decide('approved', at_ms),
    decline: ({ at_ms }) => this.decide('declined', at_ms),
    verify: (act) => this.verify(act),
    follow: (act) => this.follow(act),
    settle: (act) => this.settle(act),
    double: (act) => this.double(act),
  };

  private dispatch(act: Full, to: Who | null): boolean {
    const { state } = this;
    if (this.isFinished()) {
      const done = this.unheard(act, 'complete');
      if (done === null || state.done === null || (to && to.id === state.done.by)) return false;
      state.assignee = to;
      this.conflict('done_reassigned', state.done.event, act.id);
      return true;
    }
    if (!this.isUnderWay()) return false;
    const began = this.unheard(act, 'arrive', 'open');
    if ((state.state === 'working' || state.state === 'paused') && began && !(to && to.id === began.by)) {
      // somebody is at it, which the office did not know: they go on, and both are told
      state.assignee = to;
      state.returned = null;
      this.conflict('working_reassigned', began.id, act.id);
      return true;
    }
    this.give(to, act.at_ms);
    state.returned = null;
    return true;
  }

  private cancel(act: Full): boolean {
    const { state } = this;
    if (this.isFinished()) {
      if (this.unheard(act, 'complete') === null || state.done === null) return false;
      this.conflict('done_cancelled', state.done.event, act.id);
      return true;
    }
    if (!this.isUnderWay()) return false;
    const began = this.unheard(act, 'arrive');
    if (began !== null) this.conflict('worked_cancelled', began.id, act.id);
    this.goOn(act.at_ms);
    state.state = 'cancelled';
    state.cancelled = said(act);
    return true;
  }

  private reopen(act: Full): boolean {
    if (this.isUnderWay()) return false;
    this.again(act.at_ms);
    return true;
  }

  private change(act: Full): boolean {
    for (const field of FIELDS) {
      if (!Object.hasOwn(act.p, field)) continue;
      const unheard = (this.touched.get(field) ?? []).filter((one) => one.log !== '' && !(one.received_ms !== null && one.received_ms <= act.at_ms));
      const [now, after] = [this.valueOf(field), act.p[field]];
      const last = unheard.at(-1);
      if (last && now !== after) this.conflict('field', last.id, act.id, { field, phone: now, office: after });
      this.put(field, after, act);
    }
    return true;
  }

  private propose(act: Full): boolean {
    if (!this.pause('approval', null, act.at_ms)) return false;
    this.state.proposal = { event: act.id, state: 'asked' };
    return true;
  }

  private decide(word: string, at_ms: number): boolean {
    const { state } = this;
    if (state.proposal === null || state.proposal.state !== 'asked') return false;
    state.proposal = { ...state.proposal, state: word };
    if (state.paused?.reason === 'approval') this.resume(at_ms);
    return true;
  }

  /** Another order took its place meanwhile, whatever its state is by then: the record that opened it again may count later. */
  private double(act: Full): boolean {
    this.conflict('doubled', act.id, null);
    return true;
  }

  private settle(act: Full): boolean {
    const found = this.state.conflicts.find((one) => one.id === act.p['conflict']);
    const keep = String(act.p['keep']);
    if (!found || found.settled || !(KEEP[found.kind] as readonly string[]).includes(keep)) return false;
    found.settled = { ...said(act), keep };
    this.settled(found, keep, act);
    return true;
  }

  /** Do what was chosen, where it is not so already. */
  private settled(found: Conflict, keep: string, act: Full): void {
    const { state } = this;
    const record = this.before.find((one) => one.id === found.event) ?? null;
    const counts = state.done?.event === found.event;
    switch (`${found.kind} ${keep}`) {
      case 'done_cancelled cancelled':
        if (counts) Object.assign(state, { state: 'cancelled', done: null, verified: null, cancelled: said(act) });
        break;
      case 'done_cancelled done':
        if (counts) state.cancelled = null;
        break;
      case 'done_reassigned again':
      case 'done_by_other again':
        if (counts) this.again(act.at_ms);
        break;
      case 'done_twice second':
        if (record !== null && this.isFinished()) {
          const was = state.state;
          this.finish(record);
          state.state = was;
        }
        break;
      case 'worked_cancelled again':
        if (state.state === 'cancelled') this.again(act.at_ms);
        break;
      case 'working_reassigned phone':
      case 'not_theirs phone':
        if (record?.by && this.isUnderWay()) {
          state.assignee = { kind: 'person', id: record.by };
          state.holder = record.by;
          if (state.state === 'open' || state.state === 'dispatched') state.state = 'accepted';
        }
        break;
      case 'working_reassigned office':
        if (this.isUnderWay()) this.give(state.assignee, act.at_ms);
        break;
      case 'two_accepted second':
        if (record !== null && this.isUnderWay()) state.holder = record.by;
        break;
      case 'doubled other':
        if (this.isUnderWay()) {
          this.goOn(act.at_ms);
          Object.assign(state, { state: 'cancelled', cancelled: said(act) });
        }
        break;
      case 'field phone':
        if (found.field !== undefined) this.put(found.field, found.phone, act);
        break;
      default:
    }
  }
}

/** What became of an order, by everything that the field and the office said. */
export function fold(start: Start, events: Iterable<OrderEvent>): OrderState {
  return folded(new OfficeSteps(start), events);
}
