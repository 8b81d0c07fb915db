/** What a phone says of a work order: the payloads of `order.*`. Mirrors `sync/order_payloads.py` (docs/protocol/orders.md). */
import type { OrderClass, TargetRef } from './entities';

export const RETURN_REASONS = ['not_mine', 'no_skill', 'no_parts', 'busy', 'other'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];
export const PAUSE_REASONS = ['parts', 'access', 'weather', 'approval', 'other'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];
export const RESULTS = ['fixed', 'temporary', 'not_possible', 'nothing_found'] as const;
export type OrderResult = (typeof RESULTS)[number];

/** The payloads of `order.*`. */
export type OrderPayloads = {
  /** Opened on the phone; `mine`: whoever opens it does it now. */
  'order.open': {
    order: string;
    target: TargetRef | null;
    kind: 'repair';
    urgency: 'normal' | 'urgent';
    class: OrderClass;
    finding: string | null;
    mine: boolean;
  };
  'order.accept': { order: string };
  'order.return': { order: string; reason: ReturnReason };
  'order.pass': { order: string; to: string };
  'order.arrive': { order: string; scan: string | null };
  'order.leave': { order: string; scan: string | null };
  'order.pause': { order: string; reason: PauseReason; until_ms: number | null };
  'order.resume': { order: string };
  'order.note': { order: string };
  'order.labour': { order: string; minutes: number; people: number };
  'order.complete': { order: string; result: OrderResult; answers: string | null };
  /** `how` absent: drawn. */
  'order.sign': { order: string; by: 'customer' | 'supervisor'; how?: 'drawn' | 'typed' };
  'order.verify': { order: string; ok: boolean };
  'order.follow': { order: string; satisfied: boolean };
  'order.set': { order: string; field: 'class' | 'place'; from: string | null; to: string | null };
};
export type OrderRecordType = keyof OrderPayloads;
