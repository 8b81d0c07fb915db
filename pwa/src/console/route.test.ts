import { expect, test } from 'vitest';
import { readHash, setQuery, to, place, followAddress } from './route';

test('an address names a page of a site, a thing of it and the filters', () => {
  expect(readHash('#/sites/s1/log?faulty=true&plan=p')).toEqual({ page: 'log', site: 's1', id: null, query: { faulty: 'true', plan: 'p' } });
  expect(readHash('#/sites/s1/visits/abc')).toMatchObject({ page: 'visits', id: 'abc' });
  expect(readHash('#/sites')).toMatchObject({ page: 'sites', id: null });
  expect(readHash('#/sites/new')).toMatchObject({ page: 'sites', id: 'new' });
  expect(readHash('#/first-run?code=abc')).toMatchObject({ page: 'first-run', query: { code: 'abc' } });
});

test('an address that means nothing leads home and breaks nothing', () => {
  for (const hash of ['', '#', '#/', '#/sites/s1/nonsense', '#/%E0%A4%A', '#/sites/%E0%A4%A/board/', '#?x'] as const) {
    expect(['home', 'board']).toContain(readHash(hash).page);
  }
});

test('what is written is read back', () => {
  const href = to('s/1', 'rounds', 'a b', { excuse: 'yes', none: null });
  expect(readHash(href)).toEqual({ page: 'rounds', site: 's/1', id: 'a b', query: { excuse: 'yes' } });
});

test('a filter changes the address and leaves the others', () => {
  location.hash = '#/sites/s1/board?day=2026-11-23';
  const stop = followAddress();
  setQuery({ state: 'missed' });
  expect(place.value.query).toEqual({ day: '2026-11-23', state: 'missed' });
  expect(location.hash).toContain('state=missed');
  setQuery({ state: null });
  expect(place.value.query).toEqual({ day: '2026-11-23' });
  stop();
});
