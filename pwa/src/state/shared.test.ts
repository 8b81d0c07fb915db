import { expect, test } from 'vitest';
import type { OccurrenceBody, TargetRef } from '../protocol/entities';
import type { RoundView } from './rounds';
import { sharing, TURN_MS, turnOf } from './shared';
import type { World } from './world';

const HERE: TargetRef = { kind: 'checkpoint', id: 'here' };
const THERE: TargetRef = { kind: 'checkpoint', id: 'there' };
const body = (number: number, plan = 'p', from_ms = 0): OccurrenceBody => ({ id: `${plan}${from_ms}-${number}`, plan, from_ms, to_ms: 10 * TURN_MS, grace_ms: 0, excused: null, number });
const THREE = [body(2), body(1), body(3), body(1, 'q'), body(1, 'p', 7)];
const world = { occurrence: new Map(THREE.map((one) => [one.id, { body: one }])) } as unknown as World;

/** Of each round by its number, when each place was reached. */
function seen(reached: Record<number, { here?: number; there?: number }>) {
  return (occurrence: OccurrenceBody): RoundView => {
    const { here = null, there = null } = reached[occurrence.number ?? 1] ?? {};
    return { occurrence: occurrence.id, stops: [{ target: HERE, at: here }, { target: THERE, at: there }] } as unknown as RoundView;
  };
}

function belongs(reached: Parameters<typeof seen>[0], at: number, target = HERE, chosen = body(1)): string {
  const viewOf = seen(reached);
  return turnOf(world, viewOf(chosen), target, at, viewOf).occurrence;
}

test('those that share a window are found by plan and start, in their order', () => {
  expect(sharing(world, body(3)).map((one) => one.id)).toEqual(['p0-1', 'p0-2', 'p0-3']);
  expect(sharing(world, body(1, 'q')).map((one) => one.id)).toEqual(['q0-1']);
});

test('a place that was reached half an hour ago or more begins the next round; within it is the same turn', () => {
  expect(belongs({}, 0)).toBe('p0-1');
  expect(belongs({ 1: { here: 0 } }, TURN_MS - 1)).toBe('p0-1');
  expect(belongs({ 1: { here: 0 } }, TURN_MS)).toBe('p0-2');
  expect(belongs({ 1: { here: 0 } }, TURN_MS, THERE)).toBe('p0-1');
  expect(belongs({ 1: { here: 0 }, 2: { here: TURN_MS } }, TURN_MS + 1)).toBe('p0-2');
});

test('whichever of them somebody opened, the rule decides, and what is more than was asked for stays there', () => {
  expect(belongs({}, 0, HERE, body(3))).toBe('p0-1');
  const all = { 1: { here: 0 }, 2: { here: TURN_MS }, 3: { here: 2 * TURN_MS } };
  expect(belongs(all, 9 * TURN_MS, HERE, body(3))).toBe('p0-3');
});

test('a window that is not shared is left alone', () => {
  expect(belongs({ 1: { here: 0 } }, 1, HERE, body(1, 'q'))).toBe('q0-1');
});
