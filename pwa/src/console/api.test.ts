import { beforeEach, expect, test } from 'vitest';
import { flatErrors, get, onSession, Problem, request, send } from './api';
import { refusal, serve } from './testing/fake';

beforeEach(() => onSession({ onLoggedOut: () => undefined, onFreshLogin: async () => false }));

test('a refusal arrives with its kind, its words and the fields it names', async () => {
  serve(() => refusal('invalid-body', 422, { detail: 'two things', errors: { json: { name: { zh: ['Missing data for required field.'] }, windows: { 0: { to: ['Not a time of day'] } } } } }));
  const problem = await get('/sites').catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).slug).toBe('invalid-body');
  expect((problem as Problem).errors).toEqual({ 'name.zh': 'Missing data for required field.', 'windows.0.to': 'Not a time of day' });
});

test('the paths of a form definition read like every other path', () => {
  expect(flatErrors({ json: { 'fields[2].options[0].label.zh': ['form'] } })).toEqual({ 'fields.2.options.0.label.zh': 'form' });
});

test('a session that is over is told once, and the question is still refused', async () => {
  let told = 0;
  onSession({ onLoggedOut: () => (told += 1), onFreshLogin: async () => false });
  serve(() => refusal('not-logged-in', 401));
  await expect(get('/sites')).rejects.toMatchObject({ slug: 'not-logged-in' });
  expect(told).toBe(1);
});

test('a wrong password at the log-in does not end a session', async () => {
  let told = 0;
  onSession({ onLoggedOut: () => (told += 1), onFreshLogin: async () => false });
  serve(() => refusal('wrong-login', 401));
  await expect(send('POST', '/session', {})).rejects.toMatchObject({ slug: 'wrong-login' });
  expect(told).toBe(0);
});

test('an act that wants the password again is repeated once it was given', async () => {
  let fresh = false;
  onSession({ onLoggedOut: () => undefined, onFreshLogin: async () => (fresh = true) });
  const calls = serve(() => (fresh ? { status: 201, body: { id: 'en-1' } } : refusal('fresh-login', 403)));
  await expect(send('POST', '/sites/s/enrolments', { name: 'x' })).resolves.toEqual({ id: 'en-1' });
  expect(calls.map((call) => call.body)).toEqual([{ name: 'x' }, { name: 'x' }]);
});

test('an act that wants the password again is not repeated when nobody gives it', async () => {
  const calls = serve(() => refusal('fresh-login', 403));
  await expect(send('POST', '/sites/s/enrolments', {})).rejects.toMatchObject({ slug: 'fresh-login' });
  expect(calls).toHaveLength(1);
});

test('no network is a problem like any other, and says so', async () => {
  globalThis.fetch = () => Promise.reject(new TypeError('failed'));
  await expect(get('/sites')).rejects.toMatchObject({ slug: 'offline', status: 0 });
});

test('a page of something between us and the server is no answer', async () => {
  globalThis.fetch = async () => new Response('<html>please sign in</html>', { status: 200 });
  await expect(get('/sites')).rejects.toMatchObject({ slug: 'server' });
  globalThis.fetch = async () => new Response('<html>bad gateway</html>', { status: 502 });
  await expect(get('/sites')).rejects.toMatchObject({ slug: 'server', status: 502 });
});

test('the wait that the server asks for is kept', async () => {
  serve(() => ({ ...refusal('slow-down', 429), headers: { 'Retry-After': '120' } }));
  await expect(send('POST', '/session', {})).rejects.toMatchObject({ slug: 'slow-down', wait: 120 });
});

test('an unchanged answer has its status and no value', async () => {
  serve(() => ({ status: 304, headers: { ETag: 'W/"a"' } }));
  await expect(request('GET', '/sites/s/board', { etag: 'W/"a"' })).resolves.toEqual({ status: 304, etag: 'W/"a"', value: undefined });
});
