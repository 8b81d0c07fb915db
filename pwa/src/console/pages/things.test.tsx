import { act, screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../testing/axe';
import { place } from '../route';
import { session } from '../testing/estate';
import { refusal, type Call } from '../testing/fake';
import { as, at, choose, open, press, SITE, type } from '../testing/page';

const sent = (calls: Call[]) => calls.filter((call) => call.method !== 'GET').at(-1);
const fill = (label: string | RegExp, text: string) => type(screen.getByLabelText(label), text);
const pressName = (name: string | RegExp) => press(screen.getByRole('button', { name }));

test('a new checkpoint goes to the server and the list comes back', async () => {
  const { calls } = await open(at('places/new'));
  await screen.findByLabelText('编号');
  await fill('编号', '19');
  await fill('名称 · 中文', '北门');
  await pressName('保存');
  expect(await screen.findByText('已保存')).toBeTruthy();
  expect(sent(calls)).toEqual({ method: 'POST', path: `/sites/${SITE}/checkpoints`, body: { number: '19', name: { zh: '北门', en: '' }, zone: null } });
  expect(place.value).toMatchObject({ page: 'places', id: null });
});

test('a number that is taken is told at the number and nothing typed is lost', async () => {
  await open(at('places/new'), (call) => (call.method === 'POST' ? refusal('number-taken', 409) : undefined));
  await screen.findByLabelText('编号');
  await fill('编号', '01');
  await pressName('保存');
  await screen.findAllByText('编号已经用过');
  const number = screen.getByLabelText('编号') as HTMLInputElement;
  expect([number.value, number.getAttribute('aria-invalid')]).toEqual(['01', 'true']);
  await waitFor(() => expect(document.activeElement).toBe(number));
});

test('a checkpoint is retired only after a question that says what follows', async () => {
  const { calls } = await open(at('places/cp-14'));
  await screen.findByDisplayValue('地下车库 B1 东');
  await pressName('停用');
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('它的标签同时停用');
  expect(sent(calls)).toBeUndefined();
  await press(within(dialog).getByRole('button', { name: '停用' }));
  expect(sent(calls)).toMatchObject({ method: 'PATCH', path: `/sites/${SITE}/checkpoints/cp-14`, body: { retired: true } });
});

test('stops are moved and added, and a stop that was known keeps its id', async () => {
  const { calls } = await open(at('routes/ro-1'));
  await screen.findByRole('button', { name: '2 号点 上移' });
  await pressName('2 号点 上移');
  await press(await screen.findByRole('button', { name: '加一站' }));
  await pressName('去掉 3 号点');
  await pressName('保存');
  await screen.findByText('已保存');
  const { stops } = sent(calls)!.body as { stops: { id?: string; target: { id: string }; form: string | null }[] };
  expect(stops.map((stop) => [stop.id, stop.target.id, stop.form])).toEqual([['st-b', 'cp-14', 'fo-2'], ['st-a', 'cp-01', null], [undefined, 'cp-01', null]]);
});

test('a form that is opened and published says what it said', async () => {
  const { calls } = await open(at('forms/fo-1'));
  await screen.findByDisplayValue('泵房');
  await pressName('发布第 4 版');
  await screen.findByText('已保存');
  expect((sent(calls)!.body as { fields: unknown[] }).fields).toEqual([
    { id: 'pressure', kind: 'number', label: { zh: '出水压力', en: 'Pressure' }, required: true, unit: 'MPa', decimals: 2, limits: { alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' } },
    { id: 'leaks', kind: 'check', label: { zh: '跑冒滴漏', en: 'Leaks' }, required: true, photo_on_fault: true },
    { id: 'mode', kind: 'choice', label: { zh: '运行方式', en: 'Mode' }, required: true, options: [{ id: 'auto', label: { zh: '自动', en: 'Automatic' }, fault: false }, { id: 'off', label: { zh: '停用', en: 'Off' }, fault: true }] },
    { id: 'room', kind: 'photo', label: { zh: '泵房全景', en: 'Room' }, required: false, min: 1 },
    { id: 'remark', kind: 'text', label: { zh: '备注', en: 'Remark' }, required: false, max: 500 },
  ]);
});

test('what is wrong with a field of a form is told at that field', async () => {
  await open(at('forms/fo-1'), (call) => (call.method === 'PATCH' ? refusal('invalid-body', 422, { errors: { json: { 'fields[0].limits': ['order'], 'fields[1].label.zh': ['form'] } } }) : undefined));
  await screen.findByDisplayValue('泵房');
  await pressName('发布第 4 版');
  expect(await screen.findByText('四个限值要从低到高')).toBeTruthy();
  expect(screen.getByDisplayValue('跑冒滴漏').getAttribute('aria-invalid')).toBe('true');
});

test('a new field takes an id that the form does not use, and full-width limits are read', async () => {
  const { calls } = await open(at('forms/new'));
  await screen.findByLabelText('名称 · 中文');
  await choose(screen.getByLabelText('下一项怎么答'), 'number');
  await pressName('加一项');
  await pressName('加一项');
  await type(screen.getAllByLabelText(/正常上限/)[0]!, '０，６');
  await pressName('发布');
  await screen.findByText('已保存');
  const { fields } = sent(calls)!.body as { fields: { id: string; limits?: object }[] };
  expect(fields.map((field) => field.id)).toEqual(['f1', 'f2']);
  // what was added last is open, the one before shows what it says
  expect(fields[1]!.limits).toEqual({ warn_high: '0.6' });
});

test('only what was changed of a person is sent, so that a supervisor may', async () => {
  const { calls } = await open(at('people/p-wang'));
  await screen.findByDisplayValue('王建国');
  await fill(/六位密码/, '１２３４５６');
  await screen.findByRole('option', { name: '夜班' });
  await choose(screen.getByLabelText('班组'), 'tm-2');
  await pressName('保存');
  await screen.findByText('已保存');
  expect(sent(calls)!.body).toEqual({ team: 'tm-2', pin: '123456' });
});

test('who is no administrator is not offered log-ins and roles that only one may give', async () => {
  await open(at('people/p-wang'), (call) => (call.path === '/session' ? { status: 200, body: { ...session, administrator: false } } : undefined));
  await screen.findByDisplayValue('王建国');
  expect(screen.queryByLabelText(/登录名/)).toBeNull();
  expect([...(screen.getByLabelText('身份') as HTMLSelectElement).options].map((option) => option.text)).toEqual(['员工', '班长', '外委']);
});

test('a viewer may look at a form but finds nothing to keep', async () => {
  await open(at('places/cp-14'), as('viewer'));
  await screen.findByDisplayValue('地下车库 B1 东');
  expect(screen.queryByRole('button', { name: '保存' })).toBeNull();
  expect(screen.getByText(/你只能看，不能改/)).toBeTruthy();
});

test('a tag is printed anew only after a question, and the new one is chosen for printing', async () => {
  const { calls } = await open(at('tags'));
  await press(await screen.findByRole('button', { name: '换新的 地下车库 B1 东' }));
  expect((await screen.findByRole('dialog')).textContent).toContain('第 2 版马上停用');
  await press(within(screen.getByRole('dialog')).getByRole('button', { name: '换新的' }));
  expect(sent(calls)).toMatchObject({ path: `/sites/${SITE}/tags/reprint`, body: { target: { kind: 'checkpoint', id: 'cp-14' } } });
});

test('the label of one thing is chosen when its own page leads here, and only what has a label', async () => {
  const { calls } = await open(at('tags?targets=cp-14,gone'));
  expect((await screen.findByRole('checkbox', { name: /地下车库 B1 东/, checked: true })).closest('tr')).toBe(screen.getAllByRole('row')[1]);
  expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(1);
  await press(screen.getByRole('button', { name: '打印选中的 1 个' }));
  expect(calls.at(-1)!.path).toBe(`/sites/${SITE}/tags/sheet.pdf?size=50x70&targets=cp-14`);
});

test('a site tells the day’s start in minutes, and a new one appears among mine', async () => {
  const { calls } = await open('#/sites/new');
  await screen.findByLabelText('名称 · 中文');
  await fill('名称 · 中文', '滨河苑');
  await fill('时区', 'Asia/Shanghai');
  await fill('一天从几点算起', '07:30');
  await pressName('保存');
  await screen.findByText('已保存');
  expect(sent(calls)!.body).toEqual({ name: { zh: '滨河苑', en: '' }, time_zone: 'Asia/Shanghai', day_start_min: 450, quiet_lock_min: 20, daytime: null, holidays: 'CN' });
  expect(place.value).toMatchObject({ page: 'service', id: 'template' });
  expect(calls.filter((call) => call.path === '/session')).toHaveLength(2);
});

test('what needs a person: records set aside with their reason, findings with the way to their evidence', async () => {
  await open(at('attention'));
  expect(await screen.findByText('签名对不上')).toBeTruthy();
  expect(screen.getByText('占用消防通道')).toBeTruthy();
  expect(screen.getAllByRole('link', { name: '证据' })[0]!.getAttribute('href')).toBe(at('visits/v-811'));
});

test.each(['places', 'places/cp-14', 'places/zone.z-1', 'assets', 'routes/ro-1', 'plans', 'plans/pl-4', 'forms/fo-1', 'people', 'people/p-wang', 'tags', 'attention', 'more'])(
  'the page %s is free of barriers that a machine can find',
  async (page) => {
    const { container } = await open(at(page));
    await screen.findByRole('heading', { level: 1 });
    await act(async () => {
      await new Promise((go) => setTimeout(go, 50));
    });
    expect(await violations(container)).toEqual([]);
  },
);
