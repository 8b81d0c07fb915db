import { screen, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import { round, ZONE, NOW } from '../../testing/estate';
import { refusal } from '../../testing/fake';
import { at, open, press, type } from '../../testing/page';
import { whySentence } from './why';

test('a round says why it is in its state and which phone is silent', async () => {
  await open(at('rounds/occ-11'));
  expect(await screen.findByText('时间过了，但还不能说漏：5 号手机 19:42 后没消息；收到它的记录再定。')).toBeTruthy();
  expect(screen.getByText('7 栋 12 层').closest('tr')!.textContent).toContain('未回传');
  expect(screen.queryByText('漏巡')).toBeNull();
  expect(screen.queryByText('没到')).toBeNull();
});

test('a stop that nobody reached is told as missed only where all phones were heard', async () => {
  await open(at('rounds/occ-11'), (call) => (call.path.includes('/occurrences/') ? { status: 200, body: { ...round, state: 'partial', why: { key: 'partial', params: { done: 2, total: 3, phones: 2 } } } } : undefined));
  expect(await screen.findByText('没到')).toBeTruthy();
  expect(screen.getByText('带着这一次的手机都联络过了，只到了 2 / 3 点，不算完成。')).toBeTruthy();
});

test('a stop that was reached shows the estimate, what is proven of it, and who was there', async () => {
  await open(at('rounds/occ-11'));
  const row = (await screen.findAllByRole('link', { name: /7 栋 6 层/ }))[1]!.closest('tr')!;
  expect(row.querySelector('.when b')?.textContent).toBe('19:40');
  expect(row.querySelector('.iv > [aria-hidden]')?.textContent).toBe('19:38–19:42');
  expect(row.textContent).toContain('周敏');
});

test('a stop that the phone only claims is told as unproven, not as reached', async () => {
  const [first] = round.stops;
  const claimed = { ...first!, visits: first!.visits.map((visit) => ({ ...visit, quality: 'C' as const })) };
  const shown = (state: 'unproven' | 'done') => (call: { path: string }) => (call.path.includes('/occurrences/') ? { status: 200, body: { ...round, state, stops: [claimed] } } : undefined);
  const { unmount } = await open(at('rounds/occ-11'), shown('unproven'));
  const row = async () => (await screen.findByRole('link', { name: /7 栋 6 层/ })).closest('tr')!.textContent;
  expect(await row()).toContain('待核实');
  expect(await row()).not.toContain('已到');
  unmount();
  await open(at('rounds/occ-11'), shown('done'));
  expect(await row()).toContain('已到');
});

test('a round without any visit says what follows and has no columns for what is not there', async () => {
  const stops = round.stops.map((stop) => ({ ...stop, state: 'todo' as const, visits: [] }));
  await open(at('rounds/occ-11'), (call) => (call.path.includes('/occurrences/') ? { status: 200, body: { ...round, state: 'missed', stops, why: { key: 'missed', params: {} } } } : undefined));
  expect(await screen.findByText('带着这一次的手机都联络过了，没有记录，算漏巡；有理由可以批准免巡。')).toBeTruthy();
  expect(within(screen.getByRole('table', { name: '各点' })).getAllByRole('columnheader').map((one) => one.textContent)).toEqual(['点位', '状态']);
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
    const said = whySentence({ ...round, why: { key, params: { done: 1, total: 2, phones: 1, claimed: 1, end_ms: NOW, to_ms: NOW, why: 'x' } } }, ZONE);
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
  await screen.findByText('要求');
  expect(await violations(container)).toEqual([]);
});
