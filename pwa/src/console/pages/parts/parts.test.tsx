import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import type { Answered, Call } from '../../testing/fake';
import { as, at, open, press, type } from '../../testing/page';
import type { Counted, Part, WholeTake } from './types';

const SEAL: Part = {
  id: 'pt-1', number: 'S-01', name: { zh: '机械密封', en: 'Seal' }, unit: '个', category: '水泵', code: null, minimum: '2', reorder: '4', price: '186.00', places: ['B1 库 A-1'], stock: '0', order: '4', retired: false,
}; // prettier-ignore
const FILTER: Part = { ...SEAL, id: 'pt-2', number: 'S-18', name: { zh: '机油滤芯', en: 'Oil filter' }, category: '发电机', stock: '-1', order: '2' };
const LAMP: Part = { ...SEAL, id: 'pt-3', number: 'S-08', name: { zh: '灯管', en: '' }, category: '照明', stock: '9', order: '0' };
const ONE: Counted = { part: 'pt-1', number: 'S-01', name: SEAL.name, unit: '个', places: [], counted: '3', expected: '2', difference: '1', at_ms: 1_795_438_800_000, by: '吴明远', source: 'phone', times: 1 };
const TAKE: WholeTake = {
  id: 'tk-1', category: '', begun_ms: 1_795_438_800_000, begun_by: '陈静', settled_ms: null, settled_by: null, outcome: null, may_confirm: true,
  parts: [ONE, { ...ONE, part: 'pt-3', number: 'S-08', name: LAMP.name, counted: null, expected: null, difference: null, at_ms: null, by: null, times: 0 }],
}; // prettier-ignore

function stock({ path, method, body }: Call): Answered | undefined {
  if (path.endsWith('/parts')) return { status: 200, body: { parts: [SEAL, FILTER, LAMP] } };
  if (path.endsWith('/parts/pt-1')) return { status: 200, body: SEAL };
  if (path.endsWith('/parts/pt-1/moves')) return method === 'POST' ? { status: 201, body: { ...SEAL, stock: (body as { quantity: string }).quantity } } : { status: 200, body: { moves: [], next: null } };
  if (path.endsWith('/stock-takes/tk-1')) return { status: 200, body: TAKE };
  if (path.endsWith('/tk-1/settle')) return { status: 200, body: { ...TAKE, outcome: 'confirmed', settled_ms: TAKE.begun_ms, settled_by: '陈静' } };
  return undefined;
}

test('the list tells what is short and what is below nothing; a filter stands in the address', async () => {
  const { container } = await open(at('parts'), stock);
  expect(await screen.findByText('机油滤芯')).toBeTruthy();
  await press(screen.getByRole('button', { name: '账面为负 1' }));
  expect(location.hash).toContain('show=below');
  expect(screen.queryByText('灯管')).toBeNull();
  expect(await violations(container)).toEqual([]);
});

test('the office enters what came; the card shows what there is then', async () => {
  const { calls } = await open(at('parts/pt-1'), stock);
  await press(await screen.findByRole('button', { name: '出入库' }));
  await type(screen.getByLabelText(/^数量 · 个/), ' 12 ');
  await press(screen.getByRole('button', { name: '保存' }));
  expect(calls.find((call) => call.method === 'POST')!.body).toEqual({ why: 'received', quantity: '12', note: '' });
  expect(await screen.findByText('12 个')).toBeTruthy();
});

test('a count is confirmed with its differences, by somebody who did not count', async () => {
  const { calls } = await open(at('parts/take.tk-1'), stock);
  await press(await screen.findByRole('button', { name: '确认盘点，1 处差异' }));
  expect(calls.at(-1)).toMatchObject({ method: 'POST', body: { confirm: true } });
  expect(await screen.findByText('已确认')).toBeTruthy();
});

test('who counted is told that another one confirms', async () => {
  await open(at('parts/take.tk-1'), (call) => (call.path.endsWith('/stock-takes/tk-1') ? { status: 200, body: { ...TAKE, may_confirm: false } } : stock(call)));
  expect(await screen.findByText('你参加了这次盘点，要由另一个人确认')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /确认盘点/ })).toBeNull();
});

test('who may not change the stock enters nothing', async () => {
  await open(at('parts/pt-1'), (call) => as('team_leader')(call) ?? stock(call));
  expect(await screen.findByRole('heading', { level: 1, name: '机械密封' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: '出入库' })).toBeNull();
});
