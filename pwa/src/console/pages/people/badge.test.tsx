import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { people } from '../../testing/estate';
import { refusal, type Answered, type Call } from '../../testing/fake';
import { as, at, open, press } from '../../testing/page';

const supervisor = as('supervisor');
const badge = (has_badge: boolean, then: Answered = { status: 204 }) => (call: Call): Answered | undefined => {
  if (call.method === 'DELETE') return then;
  if (call.path.endsWith('/people')) return { status: 200, body: { people: people.map((one) => (one.id === 'p-wang' ? { ...one, has_badge } : one)) } };
  return supervisor(call);
};
const retire = async (): Promise<void> => {
  await press(await screen.findByRole('button', { name: '工牌作废' }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('王建国');
  await press(within(question).getByRole('button', { name: '工牌作废' }));
};

test('a lost badge is retired after a question, and the page says that none is valid', async () => {
  const { calls, container } = await open(at('people/p-wang'), badge(true));
  expect(await screen.findByText('有一张有效的工牌。')).toBeTruthy();
  await retire();
  expect(await screen.findByText('工牌已作废')).toBeTruthy();
  expect(calls.filter((call) => call.method === 'DELETE').map((call) => call.path)).toEqual([expect.stringMatching(/\/badges\/p-wang$/)]);
  await waitFor(() => expect(screen.queryByRole('button', { name: '工牌作废' })).toBeNull());
  expect(screen.getByText(/现在没有有效的工牌/)).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('a badge that could not be retired is still said to be valid', async () => {
  await open(at('people/p-wang'), badge(true, refusal('busy', 503)));
  await retire();
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(screen.getByText('有一张有效的工牌。')).toBeTruthy();
});

test('who has no badge has none to retire', async () => {
  await open(at('people/p-wang'), badge(false));
  expect(await screen.findByRole('button', { name: '打工牌' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: '工牌作废' })).toBeNull();
});

test('a team leader sees the person and neither prints nor retires', async () => {
  const leader = as('team_leader');
  await open(at('people/p-wang'), (call) => (call.path === '/session' ? leader(call) : badge(true)(call)));
  await screen.findByDisplayValue('王建国');
  expect(screen.queryByRole('button', { name: /工牌/ })).toBeNull();
});
