import { describe, expect, it } from 'vitest';
import type { OccurrenceBody } from '../protocol/entities';
import type { Entry } from './data';
import { byDue } from './today';
import { roundView } from './rounds';
import { worldOf } from './world';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const [PLAN, ROUTE, ROUND, A, B, C, WANG] = [1, 2, 3, 4, 5, 6, 7].map(id) as [string, string, string, string, string, string, string];
const FROM = 1_000_000_000_000;
const MIN = 60_000;
const occurrence: OccurrenceBody = { id: ROUND, plan: PLAN, from_ms: FROM, to_ms: FROM + 120 * MIN, grace_ms: 30 * MIN, excused: null };

function view(progress: object | null, at = FROM + 50 * MIN, own: string[] = [], crew = 1) {
  const rows = [
    ['plan', PLAN, { id: PLAN, name: { zh: '巡', en: '' }, route: ROUTE, crew, crew_within_min: 10, grace_min: 30, team: null }],
    ['route', ROUTE, { id: ROUTE, name: { zh: '路', en: '' }, order: 'free', stops: [A, B, C].map((stop, i) => ({ id: stop, number: i + 1, target: { kind: 'checkpoint', id: stop }, form: null })) }],
    ['occurrence', ROUND, occurrence],
    ['person', WANG, { id: WANG, name: '王建国', number: '1', role: 'guard', team: null }],
    ...(progress ? [['progress', ROUND, { id: ROUND, people: [WANG], known_ms: FROM + 41 * MIN, ...progress }]] : []),
  ].map(([kind, key, body]) => ({ kind, id: key, scope: id(9), version: 1, body }));
  const entries = own.map((stop, i) => ({
    row: { at: FROM + i * MIN, n: i, hash: `h${i}` },
    body: { type: 'scan', actor: id(8), p: { occurrence: ROUND, stop, result: 'known' } },
  })) as unknown as Entry[];
  return roundView({ at, world: worldOf(rows as never), site: null }, occurrence, entries)!;
}

describe('what colleagues did with other phones', () => {
  it('is nothing where the server told of nothing, or only of what this phone did itself', () => {
    expect(view(null).known).toBeNull();
    expect(view({ state: 'progress', stops: [A] }, undefined, [A]).known).toBeNull();
  });

  it('is told with the names, the count and since when, and leads on to a stop where nobody was', () => {
    const half = view({ state: 'progress', stops: [A, B] });
    expect(half.known).toEqual({ done: 2, people: ['王建国'], at: FROM + 41 * MIN, complete: false });
    expect(half.stops.map((stop) => stop.state)).toEqual(['todo', 'todo', 'next']);
    expect(half.stops.map((stop) => stop.reached)).toEqual([true, true, false]);
    expect(half.done).toBe(0); // a count of one's own stays one's own
  });

  it('a crew of two goes on in the order of the route: both scan', () => {
    expect(view({ state: 'progress', stops: [A] }, undefined, [], 2).stops[0]?.state).toBe('next');
  });

  it('a round that they completed is no longer what is to be done now, and every stop can still be scanned', () => {
    const done = view({ state: 'done', stops: [A, B, C] });
    expect(done.state).toBe('done');
    expect(byDue([done], FROM + 50 * MIN).current).toBeNull();
    expect(done.stops.every((stop) => stop.state === 'todo' && stop.records.length === 0)).toBe(true);
  });

  it('a round that they began was not missed; whether it is complete only the server says', () => {
    expect(view(null, FROM + 200 * MIN).state).toBe('missed');
    expect(view({ state: 'unheard', stops: [A] }, FROM + 200 * MIN).state).toBe('partial');
    expect(view({ state: 'unproven', stops: [A, B, C] }).state).toBe('open');
    expect(view({ state: 'late', stops: [A, B, C] }, FROM + 200 * MIN).state).toBe('late');
  });

  it('stops that the route has no longer, and people that the phone does not know, are passed over', () => {
    const odd = view({ state: 'progress', stops: [A, id(0)], people: [id(0)] });
    expect(odd.known).toMatchObject({ done: 1, people: [] });
  });
});
