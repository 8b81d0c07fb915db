import { describe, expect, it } from 'vitest';
import type { OccurrenceBody, PlanBody, StopBody } from '../protocol/entities';
import type { Entry } from './data';
import { crewOf, holds, ownWindow, skipOf, stayOf } from './terms';

const FROM = 1_000_000;
const MIN = 60_000;
const round = { id: 'o', plan: 'p', from_ms: FROM, to_ms: FROM + 120 * MIN, grace_ms: 0, excused: null } as OccurrenceBody;
const stop = (more: Partial<StopBody> = {}): StopBody => ({ id: 'a', number: 1, target: { kind: 'checkpoint', id: 'c' }, form: null, ...more });

function entry(at: number, where: string, more: Partial<{ type: string; actor: string; p: object }> = {}): Entry {
  const body = { type: 'scan', actor: 'wang', ...more, p: { occurrence: 'o', stop: where, ...more.p } };
  return { row: { at, n: at, hash: `${where}${at}` }, body } as unknown as Entry;
}

describe('a stop’s own window', () => {
  it('is cut to the round’s, and one beyond it is none', () => {
    expect(ownWindow(stop({ window: { from_min: 30, to_min: 500 } }), round)).toEqual({ from: FROM + 30 * MIN, to: FROM + 120 * MIN });
    expect(ownWindow(stop({ window: { from_min: 120, to_min: 130 } }), round)).toBeNull();
    expect(ownWindow(stop(), round)).toBeNull();
  });
});

describe('a stay', () => {
  const long = stop({ dwell_s: 60 });
  it('is not asked where the stop says nothing of it', () => expect(stayOf(stop(), [entry(FROM, 'a')])).toBeNull());
  it('runs from the first scan as long as the person is there', () => {
    expect(stayOf(long, [])).toEqual({ ms: MIN, since: null, enough: false });
    expect(stayOf(long, [entry(FROM, 'a'), entry(FROM + 5_000, 'a')])).toEqual({ ms: MIN, since: FROM, enough: false });
  });
  it('is over with a second scan, or with the answers', () => {
    expect(stayOf(long, [entry(FROM, 'a'), entry(FROM + MIN, 'a')])).toEqual({ ms: MIN, since: null, enough: true });
    expect(stayOf(long, [entry(FROM, 'a'), entry(FROM + MIN, 'a', { type: 'answers' })])?.enough).toBe(true);
  });
  it('ends when the person scans elsewhere, and a colleague stays for nobody', () => {
    const there = [entry(FROM, 'a'), entry(FROM + MIN, 'b')];
    expect(stayOf(long, there)).toEqual({ ms: MIN, since: null, enough: false });
    expect(stayOf(long, [...there, entry(FROM + 2 * MIN, 'a')])).toEqual({ ms: MIN, since: FROM + 2 * MIN, enough: false });
    expect(stayOf(long, [entry(FROM, 'a'), entry(FROM + MIN, 'a', { actor: 'liu' })])?.enough).toBe(false);
  });
});

describe('a skip', () => {
  it('is the last word about the stop', () => {
    const said = (at: number, reason: string, where = 'a') => entry(at, where, { type: 'stop.skip', p: { reason } });
    expect(skipOf('a', [said(1, 'locked'), said(2, 'works'), said(3, 'unsafe', 'b')])).toMatchObject({ reason: 'works', at: 2 });
    expect(skipOf('a', [entry(1, 'a')])).toBeNull();
  });
});

describe('a crew', () => {
  const plan = { crew: 2, crew_within_min: 7 } as PlanBody;
  it('learns what was drawn once the round has begun, and not before', () => {
    expect(crewOf(plan, 'o', ['a', 'b', 'c'], false)).toEqual({ withinMs: 7 * MIN, drawn: [] });
    expect(crewOf(plan, 'o', ['a', 'b', 'c'], true)).toEqual({ withinMs: 7 * MIN, drawn: ['b'] });
  });
  it('of an older server draws nothing, and one person is none', () => {
    expect(crewOf({ crew: 2 } as PlanBody, 'o', ['a', 'b', 'c'], true)).toEqual({ withinMs: null, drawn: [] });
    expect(crewOf({ crew: 1, crew_within_min: 7 } as PlanBody, 'o', ['a', 'b', 'c'], true)).toBeNull();
  });
});

describe('a certificate', () => {
  it('holds on its last day and not after it', () => {
    const wang = { certificates: [{ kind: 'height', until: '2026-11-22' }, { kind: 'boiler', until: null }] };
    expect(holds(wang, 'height', '2026-11-22')).toBe(true);
    expect(holds(wang, 'height', '2026-11-23')).toBe(false);
    expect(holds(wang, 'boiler', '2099-01-01')).toBe(true);
    expect(holds(wang, 'lift_repair', '2026-11-22')).toBe(false);
    expect(holds({}, 'height', '2026-11-22')).toBe(false);
  });
});
