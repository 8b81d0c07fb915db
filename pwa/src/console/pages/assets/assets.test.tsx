import { act, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import type { Answered, Call } from '../../testing/fake';
import { as, at, open, press } from '../../testing/page';
import type { AssetCard, Register, RegisterRow } from './types';

const ROW: RegisterRow = {
  id: 'as-2', number: 'P-02', name: { zh: '生活水泵 2#', en: 'Booster pump 2' }, category: '水泵', zone: 'z-2', parent: null, parts: 2, maker: '格兰富', model: 'CDL32', criticality: 'A',
  special: false, registration: '', state: 'stopped', next_due: '2027-02-11', gaps: ['photo', 'serial'],
}; // prettier-ignore
const REGISTER: Register = {
  rows: [ROW],
  total: 61,
  offset: 0,
  tallies: { assets: 61, stopped: 1, over: 2, soon: 3, gaps: 40, special: 1 },
  categories: [{ category: '水泵', assets: 61 }],
};
const CARD: AssetCard = {
  id: 'as-2', number: 'P-02', name: ROW.name, category: '水泵', zone: 'z-2', position: null, retired: false, tag: null, parent: null, state: 'stopped', maker: '格兰富', model: '', serial: '',
  installed_on: '2014-06', warranty_until: null, criticality: 'A', special: false, registration: '', certificate: null, photo: null, whole: [], parts: [], gaps: ['photo', 'serial'],
}; // prettier-ignore
const INTAKE = {
  id: 'im-1', file_name: '台账.csv', made_ms: 0, total: 503, new: 500, changed: 0, same: 0, bad: 3, faults: [{ row: 9, column: 'installed_on', why: 'day', value: '2014-13' }],
  passed_over: ['胡说'], parts: 2, taken: 0, state: 'judged',
}; // prettier-ignore
const ROOF = { group: 'parts', category: '', item: 'roof', asset: null, found: null, note: '', checked_ms: null, checked_by: null };
const TAKE = {
  take_over: {
    id: 'to-1', from_whom: '某开发商', begun_ms: 1_795_438_800_000, begun_by: '陈静', ended_ms: null, ended_by: null, sums: { total: 3, checked: 1, there: 0, defect: 1, missing: 0 },
    groups: [{ group: 'parts', category: '', total: 1, checked: 0, there: 0, defect: 0, missing: 0 }, { group: 'papers', category: '', total: 1, checked: 1, there: 0, defect: 1, missing: 0 }, { group: 'assets', category: '水泵', total: 1, checked: 0, there: 0, defect: 0, missing: 0 }],
  },
  items: [
    ROOF,
    { ...ROOF, group: 'papers', item: 'as_built', found: 'defect', note: '缺一张', checked_ms: 1_795_438_800_000, checked_by: '陈静' },
    { ...ROOF, group: 'assets', category: '水泵', item: null, asset: { id: 'as-2', number: 'P-02', name: ROW.name, state: 'running' } },
  ],
  total: 3,
  offset: 0,
}; // prettier-ignore

function register({ path, method, body }: Call): Answered | undefined {
  if (path.includes('/assets/register')) return { status: 200, body: REGISTER };
  if (path.endsWith('/assets/as-2')) return { status: 200, body: CARD };
  if (path.endsWith('/as-2/running')) return { status: 200, body: { state: 'stopped', now_ms: 1_795_438_800_000, said: [], stretches: [], months: [] } };
  if (path.endsWith('/as-2/documents')) return { status: 200, body: { documents: [] } };
  if (path.endsWith('/duties')) return { status: 200, body: { duties: [] } };
  if (path.endsWith('/assets/imports')) return { status: 200, body: { imports: [INTAKE] } };
  if (path.endsWith('/take') && method === 'POST') {
    const taken = (body as { part: number }).part + 1;
    return { status: 200, body: { ...INTAKE, taken, state: taken === 2 ? 'done' : 'taking' } };
  }
  if (path.includes('/take-over')) return method === 'POST' ? { status: 201, body: TAKE.take_over } : { status: 200, body: TAKE };
  if (path.endsWith('/assets/completeness')) {
    const one = { category: '水泵', assets: 61, whole: 21, needed: 610, there: 570, gaps: [{ member: 'photo', needed: 61, missing: 40 }], needs: ['photo'], chosen: false };
    return { status: 200, body: { assets: 61, whole: 21, needed: 610, there: 570, categories: [one] } };
  }
  return undefined;
}

test('the register tells what stands, is due and lacks something; a number filters it and stands in the address', async () => {
  const { calls } = await open(at('assets'), register);
  expect((await screen.findByRole('link', { name: '生活水泵 2#' })).getAttribute('href')).toBe(at('assets/as-2'));
  expect(screen.getByRole('link', { name: '2 件' }).getAttribute('href')).toBe(at('assets?parent=as-2'));

  await press(screen.getByRole('button', { name: /检测过期/ }));
  expect(location.hash).toBe(at('assets?due=over'));
  expect(calls.some(({ path }) => path.includes('/assets/register') && path.includes('due=over'))).toBe(true);
  await press(await screen.findByRole('button', { name: '下一页' }));
  expect(location.hash).toContain('offset=1');
});

test('a card says what is not known, and what it lacks', async () => {
  await open(at('assets/as-2'), register);
  expect((await screen.findAllByText('停用')).length).toBeGreaterThan(0);
  expect(await screen.findByText(/还缺：照片、出厂编号|还缺：照片和出厂编号|还缺：/)).toBeTruthy();
  expect(screen.getAllByText('不详').length).toBeGreaterThan(1);
});

test('every refused row of a table is named, and the good ones are taken over part by part in one act', async () => {
  const { calls } = await open(at('assets/import'), register);
  expect(await screen.findByText('看不出是哪天')).toBeTruthy();
  expect(screen.getByText('2014-13')).toBeTruthy();

  await press(screen.getByRole('button', { name: '写入 500 行，跳过 3 行' }));
  expect(await screen.findByText(/写入了 500 行/)).toBeTruthy();
  expect(calls.filter(({ path }) => path.endsWith('/take')).map(({ body }) => body)).toEqual([{ part: 0 }, { part: 1 }]);
});

test('a take-over tells its share with the denominator; what is chosen is noted in one act', async () => {
  const { calls } = await open(at('assets/takeover'), register);
  expect(await screen.findByText('已查验 33.3 %（1 / 3 项）· 有缺陷 1 · 缺 0')).toBeTruthy();
  expect(screen.getByText('缺一张').closest('tr')!.textContent).toContain('陈静');
  expect(screen.getByRole('link', { name: 'P-02 生活水泵 2#' }).getAttribute('href')).toBe(at('assets/as-2'));
  await press(screen.getByRole('checkbox', { name: /屋顶/ }));
  await press(screen.getByRole('checkbox', { name: /P-02/ }));
  await press(screen.getByRole('button', { name: '登记选中的 2 项' }));
  await press(screen.getByRole('button', { name: '保存' }));
  const sent = calls.find(({ method }) => method === 'POST')!;
  expect(sent.path).toMatch(/\/take-over\/checks$/);
  expect(sent.body).toEqual({ found: 'there', note: '', items: ['roof'], assets: ['as-2'] });
  await press(screen.getByRole('button', { name: '未查或有问题' }));
  expect(location.hash).toBe(at('assets/takeover?left=true'));
});

test('who may only look finds nothing to note in a take-over', async () => {
  await open(at('assets/takeover'), (call) => as('desk')(call) ?? register(call));
  await screen.findByText('缺一张');
  expect(screen.queryByRole('checkbox')).toBeNull();
  expect(screen.queryByRole('button', { name: '结束承接查验' })).toBeNull();
});

test.each(['assets', 'assets/takeover', 'assets/as-2', 'assets/gaps', 'assets/due', 'assets/import', 'assets/as-2?edit=yes'])('the page %s is free of barriers that a machine can find', async (page) => {
  const { container } = await open(at(page), register);
  await screen.findByRole('heading', { level: 1 });
  await act(async () => {
    await new Promise((go) => setTimeout(go, 300));
  });
  expect(await violations(container)).toEqual([]);
});
