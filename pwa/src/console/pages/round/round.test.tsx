import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import { round, ZONE, NOW } from '../../testing/estate';
import { refusal } from '../../testing/fake';
import { at, open, press, type } from '../../testing/page';
import { whySentence } from './why';

test('a round says why it is in its state and which phone is silent', async () => {
  await open(at('rounds/occ-11'));
  expect(await screen.findByText('时间过了，但还不能说漏：5 号手机 19:42 后没消息。')).toBeTruthy();
  expect(screen.getByText('7 栋 12 层').closest('tr')!.textContent).toContain('未回传');
  expect(screen.queryByText('漏巡')).toBeNull();
  expect(screen.queryByText('没到')).toBeNull();
});

test('a stop that nobody reached is told as missed only where all phones were heard', async () => {
  await open(at('rounds/occ-11'), (call) => (call.path.includes('/occurrences/') ? { status: 200, body: { ...round, state: 'partial', why: { key: 'partial', params: { done: 2, total: 3, phones: 2 } } } } : undefined));
  expect(await screen.findByText('没到')).toBeTruthy();
  expect(screen.getByText('带着这一次的手机都联络过了，到了 2 / 3 点。')).toBeTruthy();
});

test('an excuse needs a reason, goes to the server and shows at once', async () => {
  const { calls } = await open(at('rounds/occ-11?excuse=yes'));
  const reason = await screen.findByLabelText('理由');
  await type(reason, '台风');
  await press(await screen.findByRole('button', { name: '批准免巡' }));
  expect(await screen.findByText('陈静 批准免巡：台风')).toBeTruthy();
  expect(calls.find((call) => call.path.endsWith('/excuse'))?.body).toEqual({ why: '台风' });
  expect(place.value.query['excuse']).toBeUndefined();
});

test('a refused excuse stays open with what was typed', async () => {
  await open(at('rounds/occ-11?excuse=yes'), (call) => (call.path.endsWith('/excuse') ? refusal('invalid-body', 422, { errors: { json: { why: ['Length must be between 1 and 500.'] } } }) : undefined));
  await screen.findByLabelText('理由');
  await press(await screen.findByRole('button', { name: '批准免巡' }));
  expect(await screen.findByText('太短')).toBeTruthy();
});

test('every sentence of the server has its words', () => {
  for (const key of ['upcoming', 'open', 'progress', 'done', 'late', 'partial', 'crew', 'missed', 'excused', 'unheard', 'unproven']) {
    const said = whySentence({ key, params: { done: 1, total: 2, phones: 1, claimed: 1, end_ms: NOW, to_ms: NOW, why: 'x' } }, ZONE, NOW);
    expect(said, key).not.toBe('');
    expect(said, key).not.toMatch(/[{}]/);
  }
});

test('a round that is not there says so', async () => {
  await open(at('rounds/none'), (call) => (call.path.includes('/occurrences/') ? refusal('not-found', 404) : undefined));
  expect(await screen.findByText('这里没有，或不归你看')).toBeTruthy();
});

test('the page of a round is free of barriers that a machine can find', async () => {
  const { container } = await open(at('rounds/occ-11'));
  await screen.findByText('为什么是这样');
  expect(await violations(container)).toEqual([]);
});
