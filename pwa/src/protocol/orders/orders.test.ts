import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KEEP, type OrderEvent, type OrderState, type Start } from './events';
import { foldRecords } from './fold';
import { fold } from './office';

type Case = { name: string; start: Start; events: OrderEvent[]; state: OrderState };
const file = new URL('../../../../tests/vectors/orders.json', import.meta.url);
const { folds, keep } = JSON.parse(readFileSync(file, 'utf8')) as { folds: Case[]; keep: Record<string, string[]> };

it('knows the same conflicts, and between which two a person chooses', () => {
  expect(KEEP).toEqual(keep);
});

it.each(folds)('$name', ({ start, events, state }) => {
  expect(fold(start, events)).toEqual(state);
  // whatever came first
  expect(fold(start, [...events].toReversed())).toEqual(state);
  expect(fold(start, [...events, ...events])).toEqual(state);
});

it.each(folds.filter(({ events }) => events.every((event) => event.log)))('$name, on a phone', ({ start, events, state }) => {
  expect(foldRecords(start, events)).toEqual(state);
});
