/** What is said of work orders in the same way on every page. */
import { tc, type ConsoleKey } from '../../../i18n/console';
import { moment, span } from '../../../i18n/format';
import { say, type Label } from '../../../i18n/label';
import { isTextKey } from '../../../i18n/t';
import type { IconName } from '../../../ui/icons';
import type { Tone } from '../../../ui/State';
import type { Deadline, OrderRow, OrderStateName, Who } from './types';

export const looks: Record<OrderStateName, { tone: Tone; icon: IconName }> = {
  open: { tone: 'unsure', icon: 'st-upcoming' },
  dispatched: { tone: 'live', icon: 'st-open' },
  accepted: { tone: 'live', icon: 'st-open' },
  working: { tone: 'live', icon: 'st-progress' },
  paused: { tone: 'warn', icon: 'st-partial' },
  done: { tone: 'good', icon: 'st-done' },
  verified: { tone: 'good', icon: 'st-done' },
  closed: { tone: 'calm', icon: 'st-done' },
  cancelled: { tone: 'calm', icon: 'st-excused' },
};

/** A word of the protocol in the reader's language; as it is called where the console does not know it yet. */
export function wordOf(prefix: string, word: string): string {
  const key = `${prefix}.${word}`;
  return isTextKey(key) ? tc(key as ConsoleKey) : word;
}

/** What an order is about, in one line: its title, or its thing and what kind of trouble it is. */
export function titleOf(order: Pick<OrderRow, 'title' | 'target' | 'class'>): string {
  if (order.title) return say(order.title);
  const kind = tc(`wo.class.${order.class}`);
  return order.target ? `${say(order.target.name)} · ${kind}` : kind;
}

/** Where it is. */
export function placeOf(order: Pick<OrderRow, 'target' | 'place'>): string {
  return [order.target ? say(order.target.name) : '', order.place ?? ''].filter(Boolean).join(' · ');
}

/** Who has it, or that nobody does. */
export function inCharge(order: Pick<OrderRow, 'holder' | 'assignee'>): string {
  return order.holder?.name ?? whoName(order.assignee);
}

export function whoName(who: Who | null): string {
  if (!who) return tc('wo.who.none');
  return typeof who.name === 'string' ? who.name : who.name ? say(who.name as Label) : '—';
}

const WAITS = new Set(['running', 'paused', 'missed', 'unheard']);

/** What of an order is due next. */
export function pressing(order: Pick<OrderRow, 'deadlines'>): Deadline | null {
  return order.deadlines.filter((one) => WAITS.has(one.state)).sort((a, b) => a.due_ms - b.due_ms)[0] ?? null;
}

export type Due = { words: string; tone: Tone; icon: IconName; gone: number };

/** A deadline in words: what is left of it, or what became of it. */
export function dueOf(one: Deadline, now: number): Due {
  const gone = Math.min(1, Math.max(0, 1 - (one.due_ms - now) / Math.max(1, one.span_ms)));
  switch (one.state) {
    case 'met':
      return { words: one.corrected ? tc('orders.due.corrected') : tc('orders.due.met'), tone: 'good', icon: 'st-done', gone: 1 };
    case 'late':
      return { words: tc('orders.due.late', { time: span((one.came_ms ?? one.due_ms) - one.due_ms) }), tone: 'warn', icon: 'st-late', gone: 1 };
    case 'unproven':
      return { words: tc('state.unproven'), tone: 'unsure', icon: 'st-unproven', gone: 1 };
    case 'unheard':
      return { words: tc('state.unheard'), tone: 'unsure', icon: 'st-unheard', gone: 1 };
    case 'paused':
      return { words: tc('orders.due.rests'), tone: 'calm', icon: 'clock', gone };
    default:
      if (one.due_ms < now) return { words: tc('wo.late', { time: span(now - one.due_ms) }), tone: 'bad', icon: 'clock', gone: 1 };
      return { words: tc('wo.left', { time: span(one.due_ms - now) }), tone: isShort(one) || gone >= 2 / 3 ? (isShort(one) ? 'bad' : 'warn') : 'calm', icon: 'clock', gone };
  }
}

/** A quarter of an hour or half of one: every minute counts. */
function isShort(one: Deadline): boolean {
  return one.span_ms <= 30 * 60_000;
}

/** Whether an order gets the red frame: short classes, the last third of any deadline, what is over. */
export function isRed(order: OrderRow, now: number): boolean {
  const next = pressing(order);
  if (!next || next.state === 'paused' || next.what === 'follow') return next !== null && next.due_ms < now && next.state !== 'paused';
  return next.state !== 'unheard' && (isShort(next) || now >= next.due_ms - next.span_ms / 3);
}

/** `P1-02 · 15 分内到场 · 09:20 前`. */
export function deadlineName(one: Deadline, zone: string, now: number): string {
  return [one.clause || tc('orders.due.word'), tc(`wo.due.${one.what}`, { time: moment(one.due_ms, zone, now) })].join(' · ');
}
