/**
 * What became of a work order: a fold over everything that was said to it. Mirrors `sync/orders/`, held by
 * `orders.json`. A fold of the same events is the same, in whatever order they came.
 */
import { inOrder, type OrderEvent, type OrderState, type Start } from './events';
import { RecordSteps } from './steps';

/** What became of an order of which only records were told: all that a phone folds over the row that came down. */
export function foldRecords(start: Start, events: Iterable<OrderEvent>): OrderState {
  return folded(new RecordSteps(start), events);
}

export function folded(steps: RecordSteps, events: Iterable<OrderEvent>): OrderState {
  for (const event of inOrder(events)) steps.take(event);
  return steps.state;
}
