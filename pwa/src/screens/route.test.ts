import { expect, test } from 'vitest';
import { followAddress, go, href, parse, replace, route, type Route } from './route';

const routes: Route[] = [
  { name: 'today' },
  { name: 'round', occurrence: 'o-1' },
  { name: 'scan', occurrence: null, stop: null },
  { name: 'scan', occurrence: 'o-1', stop: 's/4 东' },
  { name: 'form', occurrence: 'o-1', stop: 's-4', scan: 'ab12' },
  { name: 'form', occurrence: 'o-1', stop: 's-4', scan: null },
  { name: 'finding', occurrence: 'o-1', stop: null },
  { name: 'saved', seq: 813 },
  { name: 'record', seq: 7 },
  { name: 'log' },
  { name: 'ready' },
  { name: 'menu' },
];

test.each(routes)('the address of $name leads back to it', (to) => {
  expect(parse(href(to))).toEqual(to);
});

test.each(['', '#', '#/nowhere', '#/round', '#/record/x', '#/record/-3', '#enrol=abc'])('%j leads to today', (hash) => {
  expect(parse(hash)).toEqual({ name: 'today' });
});

test('a screen can be gone to, and replaced without a step back', async () => {
  const stop = followAddress();
  go({ name: 'log' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(route.value).toEqual({ name: 'log' });
  const before = history.length;
  replace({ name: 'ready' });
  expect([route.value.name, location.hash, history.length]).toEqual(['ready', '#/ready', before]);
  stop();
});
