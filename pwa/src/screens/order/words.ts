/** What is said of work orders in the same way on several screens. */
import { day, span } from '../../i18n/format';
import { say } from '../../i18n/label';
import { t, type TextKey } from '../../i18n/t';
import type { OrderAssignee, OrderDeadline, TargetRef } from '../../protocol/entities';
import { now, person, roster, teamName } from '../../state/app';
import { shareOf, type OrderView } from '../../state/orders';
import { nameOfTarget, zoneOfTarget } from '../../state/places';
import type { IconName } from '../../ui/icons';
import type { StateLook, Tone } from '../../ui/State';
import { clock, when, zone } from '../words';

/** How each state of an order looks: what waits for somebody is blue, what rests is brown, what is done is green. */
export const orderLooks: Record<OrderView['state'], StateLook> = {
  open: { tone: 'unsure', icon: 'st-upcoming', word: 'wo.state.open' },
  dispatched: { tone: 'live', icon: 'st-open', word: 'wo.state.dispatched' },
  accepted: { tone: 'live', icon: 'st-open', word: 'wo.state.accepted' },
  working: { tone: 'live', icon: 'st-progress', word: 'wo.state.working' },
  paused: { tone: 'warn', icon: 'st-partial', word: 'wo.state.paused' },
  done: { tone: 'good', icon: 'st-done', word: 'wo.state.done' },
  verified: { tone: 'good', icon: 'st-done', word: 'wo.state.verified' },
  closed: { tone: 'calm', icon: 'st-done', word: 'wo.state.closed' },
  cancelled: { tone: 'calm', icon: 'st-excused', word: 'wo.state.cancelled' },
};

const CLASS_ICONS: Partial<Record<OrderView['class'], IconName>> = {
  water: 'drop',
  power: 'bolt',
  gas: 'fire',
  lift: 'board',
  lighting: 'lamp',
  door: 'door',
  fire: 'fire',
  leak: 'drop',
};

export function classIcon(cls: OrderView['class']): IconName {
  return CLASS_ICONS[cls] ?? 'order';
}

/** What an order is about, in one line: its title, or its thing and what kind of trouble it is. */
export function orderTitle(view: OrderView): string {
  if (view.title) return say(view.title);
  const name = view.target && nameOfTarget(view.target);
  const kind = t(`wo.class.${view.class}`);
  return name ? `${say(name)} · ${kind}` : kind;
}

export function orderNumber({ number }: OrderView): string {
  return number ?? t('wo.fresh');
}

/** `3 栋大堂`, or what was written, or nothing. */
export function placeWords({ target, place }: { target: TargetRef | null; place: string | null }): string {
  const name = target && nameOfTarget(target);
  return [name ? say(name) : '', place ?? ''].filter(Boolean).join(' · ');
}

/** Where a thing stands, for whoever reads its name already: its zone, and what was written. */
export function spotWords({ target, place }: { target: TargetRef | null; place: string | null }): string {
  const zone = target && zoneOfTarget(target);
  return [zone ? say(zone) : '', place ?? ''].filter(Boolean).join(' · ');
}

/** Who has it, as the person who reads it would say: who took it, else to whom it is given. */
export function inCharge({ holder, assignee }: Pick<OrderView, 'holder' | 'assignee'>): string {
  return holder === null ? assigneeName(assignee) : assigneeName({ kind: 'person', id: holder });
}

export function assigneeName(assignee: OrderAssignee | null): string {
  if (!assignee) return t('wo.who.none');
  if (assignee.kind === 'team') return teamName(assignee.id);
  if (assignee.kind === 'company') return assignee.name ?? t('wo.company');
  return assignee.id === person.value?.id ? t('wo.who.you') : personName(assignee.id);
}

/** The name of somebody of the roster, or a dash. */
export function personName(id: string): string {
  return roster.value.find((one) => one.id === id)?.name ?? '—';
}

export type DueView = {
  words: string;
  /** How much is left, or how long it has been over. */
  left: string;
  /** How much of the time is gone, 0 to 1. */
  gone: number;
  tone: Tone;
  /** Urgent, or in its last third: framed in red. */
  pressing: boolean;
};

/** A deadline in words and as a bar; null without one. */
export function dueOf(view: OrderView, deadline: OrderDeadline | null): DueView | null {
  if (!deadline) return null;
  const total = Math.max(1, deadline.due_ms - view.opened_ms);
  const gone = Math.min(1, Math.max(0, (now.value - view.opened_ms) / total));
  const over = now.value > deadline.due_ms;
  const pressing = over || gone > 2 / 3;
  return {
    words: t(`wo.due.${deadline.what}` as TextKey, { time: untilWords(deadline.due_ms) }),
    left: over ? t('wo.late', { time: span(now.value - deadline.due_ms) }) : t('wo.left', { time: span(deadline.due_ms - now.value) }),
    gone,
    tone: pressing ? 'bad' : gone > 1 / 3 ? 'warn' : 'good',
    pressing,
  };
}

/** The end of a day is the day's, not the next one's: `12 月 8 日 24:00`. */
function untilWords(ms: number): string {
  return clock(ms) === '00:00' ? `${day(ms - 1, zone())} 24:00` : when(ms);
}

/** What the phone's word and the office's differ in, in a sentence; null where they agree. */
export function clashOf(view: OrderView): string | null {
  const me = person.value?.id;
  const sent = view.own.filter((event) => event.entry.row.unsent === undefined && event.entry.body.actor === me);
  const done = sent.findLast((event) => event.type === 'order.complete');
  const away = view.assignee !== null && !(view.assignee.kind === 'person' && view.assignee.id === me) && shareOf(view, person.value) !== 'team';
  if (done && view.state === 'cancelled') return t('wo.clash.cancelled');
  if (view.conflicts === 0) return null;
  if (done && view.done && view.done.event !== done.entry.row.hash && view.done.by !== null) return t('wo.clash.twice', { name: personName(view.done.by) });
  if (sent.length > 0 && away) return t(done ? 'wo.clash.given' : 'wo.clash.away', { name: assigneeName(view.assignee) });
  return t('wo.conflicts', { n: view.conflicts });
}
