/** The editor of plans, their month, special rounds: what is sent, and what is told. */
import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { refusal, type Call } from '../../testing/fake';
import { SITE } from '../../testing/estate';
import { choose, open, press, type } from '../../testing/page';
import { to } from '../../route';
import { violations } from '../../../testing/axe';

const pressName = (name: string) => press(screen.getByRole('button', { name }));
const at = (id: string, query: Record<string, string> = {}) => to(SITE, 'plans', id, query);
const changing = (calls: readonly Call[], path: string) => calls.findLast((call) => call.method !== 'GET' && call.path.includes(path));
const COMING = { windows: [{ from_ms: 1_795_449_600_000, to_ms: 1_795_456_800_000, number: 1 }], unknown_from: '2027-01-01' };
const previews = (call: Call) => (call.path.endsWith('/preview') ? { status: 200, body: COMING } : undefined);
const body = (calls: readonly Call[], path = '/plans/pl-') => changing(calls, path)!.body as Record<string, unknown>;

test('a plan is sent with its windows as people type them, and overlapping ones are told at the windows', async () => {
  const overlap = refusal('invalid-body', 422, { errors: { json: { recurrence: { windows: ['Two windows overlap'] } } } });
  const { calls } = await open(at('pl-1'), (call) => (call.method === 'PATCH' ? overlap : previews(call)));
  await screen.findByDisplayValue('园区巡查');
  expect(screen.getByText('次日')).toBeTruthy();
  await type(screen.getAllByLabelText('从')[0]!, '9：30');
  await pressName('保存');
  expect(await screen.findByText('时段互相重叠')).toBeTruthy();
  expect(body(calls)).toMatchObject({
    crew: 2, grace_min: 30, assignee: { kind: 'team', id: 'tm-1' }, ends_on: null, paused: false, stand_in: true, route: 'ro-1',
    recurrence: { rule: 'FREQ=DAILY', windows: [{ from: '09:30', to: '23:30' }, { from: '23:30', to: '02:00' }] },
  });
});

test('weekdays are ticked one by one', async () => {
  const { calls } = await open(at('pl-4'), previews);
  await press(await screen.findByRole('checkbox', { name: '周五' }));
  await press(screen.getByRole('checkbox', { name: '周日' }));
  await pressName('保存');
  await screen.findByText('已保存');
  expect(body(calls)['recurrence']).toMatchObject({ rule: 'FREQ=WEEKLY;BYDAY=MO,WE,SU' });
});

test('each pattern asks only for what it needs, and the preview says what the server would cut', async () => {
  const { calls } = await open(at('pl-4'), previews);
  const pattern = await screen.findByLabelText('多久一次');
  expect(await screen.findByText(/2027-01-01 起的放假安排还没公布/)).toBeTruthy();
  await choose(pattern, 'monthday');
  await choose(screen.getByLabelText(/^哪一天/), 'last_working');
  await pressName('保存');
  await screen.findByText('已保存');
  expect(body(calls)['recurrence']).toMatchObject({ rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', shift: 'before' });
});

test('a count has no hours; a place alone needs no route; a post may be made on the way', async () => {
  const { calls } = await open(at('pl-4'), (call) => (call.method === 'POST' && call.path.endsWith('/posts') ? { status: 201, body: { id: 'po-9', name: { zh: '西门岗', en: '' }, team: null } } : previews(call)));
  await choose(await screen.findByLabelText('多久一次'), 'count');
  expect(screen.queryByText('固定时段')).toBeNull();
  await type(screen.getByLabelText('几次'), '3');
  await choose(screen.getByLabelText('走什么'), 'stop');
  await screen.findAllByRole('option', { name: /地下车库/ });
  await choose(screen.getByLabelText('点位或设备'), 'checkpoint cp-14');
  await pressName('新岗位');
  const dialog = await screen.findByRole('dialog');
  await type(within(dialog).getByLabelText(/中文/), '西门岗');
  await press(within(dialog).getByRole('button', { name: '建岗位' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await pressName('保存');
  await screen.findByText('已保存');
  expect(body(calls)).toMatchObject({
    recurrence: { kind: 'count', times: 3, per: 'week' }, route: null, stop: { target: { kind: 'checkpoint', id: 'cp-14' }, form: null }, assignee: { kind: 'post', id: 'po-9' },
  });
});

test('a refusal of the preview stands at its field before anybody presses the button', async () => {
  const never = refusal('invalid-body', 422, { errors: { json: { recurrence: { rule: ['No day in the 12 years from the first day'] } } } });
  await open(at('pl-4'), (call) => (call.path.endsWith('/preview') ? never : undefined));
  await screen.findByLabelText('多久一次');
  expect((await screen.findAllByText('这样排，永远排不到一天')).length).toBeGreaterThan(1);
});

test('the month shows states with the way to the round, and what is only planned', async () => {
  const window = { from_ms: 1_795_449_600_000, to_ms: 1_795_456_800_000, number: 1 };
  const month = { month: '2026-11', unknown_from: null, windows: [{ ...window, occurrence: 'occ-1', state: 'missed', done: 0, total: 7 }, { ...window, from_ms: window.from_ms + 86_400_000, to_ms: window.to_ms + 86_400_000, occurrence: null, state: 'planned', done: 0, total: 0 }] };
  await open(at('pl-1', { month: '2026-11' }), (call) => (call.path.includes('/calendar') ? { status: 200, body: month } : undefined));
  const round = await screen.findByRole('link', { name: /漏巡 0\/7/ });
  expect(round.getAttribute('href')).toBe(to(SITE, 'rounds', 'occ-1'));
  expect(screen.getByText('已计划')).toBeTruthy();
  expect(screen.getByRole('link', { name: '下个月' }).getAttribute('href')).toBe(at('pl-1', { month: '2026-12' }));
  expect(await violations(document.body)).toEqual([]);
});

test('a special round is sent out from the list with its reason and its time', async () => {
  const { calls } = await open(to(SITE, 'plans'), (call) => (call.path.endsWith('/special-rounds') ? { status: 201, body: {} } : undefined));
  await press(await screen.findByRole('button', { name: '发起特巡' }));
  const dialog = await screen.findByRole('dialog');
  await choose(within(dialog).getByLabelText('为什么'), 'power_cut');
  await choose(within(dialog).getByLabelText('多久内走完'), '60');
  await press(within(dialog).getByRole('button', { name: '发出' }));
  expect(await screen.findByText('已发出特巡')).toBeTruthy();
  expect(body(calls, 'special-rounds')).toMatchObject({ route: 'ro-1', why: 'power_cut', minutes: 60, assignee: null });
});

test('a post is renamed in the list of plans, and one that a plan needs cannot be removed', async () => {
  const { calls } = await open(to(SITE, 'plans'), (call) => (call.method === 'PATCH' ? { status: 200, body: {} } : undefined));
  await screen.findByText('东门岗');
  await press(screen.getByRole('button', { name: '改岗位' }));
  const dialog = await screen.findByRole('dialog');
  await type(within(dialog).getByLabelText(/中文/), '东大门岗');
  await press(within(dialog).getByRole('button', { name: '保存' }));
  await screen.findByText('已保存');
  expect(calls.findLast((call) => call.method === 'PATCH')).toMatchObject({ path: expect.stringContaining('/posts/po-1'), body: { name: { zh: '东大门岗' }, team: 'tm-1' } });
});

test('a post that no plan needs is removed after a question', async () => {
  const { calls } = await open(to(SITE, 'plans'), (call) => (call.method === 'DELETE' ? { status: 204, body: null } : undefined));
  await screen.findByText('东门岗');
  await press(screen.getByRole('button', { name: /东门岗/ }));
  await press(within(await screen.findByRole('dialog')).getByRole('button', { name: '去掉' }));
  await screen.findByText('已去掉岗位');
  expect(calls.some((call) => call.method === 'DELETE' && call.path.endsWith('/posts/po-1'))).toBe(true);
});
