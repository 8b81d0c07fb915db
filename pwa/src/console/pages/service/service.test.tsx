import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import type { Outcome, ServicePlan, Standing, Template } from '../../model/servicePlan';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import { session } from '../../testing/estate';
import { refusal, type Answered, type Call } from '../../testing/fake';
import { as, at, choose, follow, open, press, SITE, type } from '../../testing/page';

const l = (zh: string, en: string) => ({ zh, en });
const demand = (id: string, text: string, kinds: ServicePlan['demands'][0]['kinds'] = ['R']) => ({ id, chapter: l('公共秩序', 'Public order'), text: l(text, text), figure: l('每日', 'Daily'), kinds });
const catalogue: ServicePlan[] = [
  { id: 'P1', version: 1, name: l('住宅小区', 'Residential estate'), demands: [demand('P1-35', '巡视园区'), demand('P1-36', '巡视楼内'), demand('P1-37', '夜间两人'), demand('P1-02', '急修到场', ['W'])] },
  { id: 'P4', version: 1, name: l('分区小区', 'Estate with zones'), demands: [demand('P4-07', '开意见箱')] },
];
const templates: Template[] = [
  {
    id: 'residential', version: 3, name: l('住宅小区', 'Residential estate'), about: l('巡逻', 'Patrols'), per: [{ key: 'building', ask: l('几栋楼', 'Buildings'), count: 4, most: 40 }], crafts: ['security', 'desk'],
    demands: [{ id: 'P1-35', first: true, plans: 2 }, { id: 'P1-36', first: true, plans: 2 }, { id: 'P4-07', first: false, plans: 1 }],
  },
]; // prettier-ignore
const standing: Standing = {
  daytime: { from_min: 420, to_min: 1140 }, usual_daytime: { from_min: 420, to_min: 1140 },
  origins: [{ kind: 'plan', id: 'pl-1', template: 'residential', version: 2, newer: 3, gone: false, differs: ['recurrence', 'crew'], changed: ['name'] }],
}; // prettier-ignore
const outcome: Outcome = {
  made: false, zones: [], forms: [], missing: ['夜班'],
  places: [{ key: 'gate', name: l('东门岗', 'East gate'), id: 'cp-01', there: 'name', differs: false, kind: 'checkpoint', number: '01', zone: null }],
  routes: [{ key: 'grounds', name: l('园区巡逻', 'Grounds'), id: 'ro-1', there: 'made', differs: true, stops: 11 }],
  plans: [{ key: 'day', name: l('园区巡逻 · 白天', 'Grounds, by day'), id: null, there: null, differs: false, demand: 'P1-35', also: ['P1-38'], whose: 'security', recurrence: { kind: 'calendar', rule: 'FREQ=DAILY', windows: [{ from: '08:00', to: '10:00' }] }, crew: 1, grace_min: 20, judged: true, route: 'grounds' }],
}; // prettier-ignore

function answers(call: Call): Answered | undefined {
  if (call.path === '/service-plans') return { status: 200, body: { service_plans: catalogue } };
  if (call.path === '/templates') return { status: 200, body: { templates } };
  if (call.path === `/sites/${SITE}/service-plan` && call.method === 'GET') return { status: 200, body: standing };
  if (call.path.endsWith('/look')) return { status: 200, body: outcome };
  if (call.path === '/sites/s-2/plans') return { status: 200, body: { plans: [{ ...outcome.plans[0], id: 'pl-9', special: null, assignee: null, stop: null, route: null, starts_on: '2026-11-01', ends_on: null, paused: false }] } };
  if (call.method === 'POST' && call.path.startsWith(`/sites/${SITE}/service-plan`)) return { status: 200, body: { ...outcome, made: true } };
  return undefined;
}
const posted = (calls: Call[]) => calls.filter((call) => call.method === 'POST').map(({ path, body }) => [path, body] as const);
const row = (id: string) => within(screen.getByRole('link', { name: id }).closest('tr')!);

test('the plan of a site says what serves each demand, what is not planned, and what is proved otherwise', async () => {
  const { container } = await open(at('service'), answers);
  await screen.findByRole('link', { name: 'P1-35' });
  expect(row('P1-35').getByRole('link', { name: '园区巡查' })).toBeTruthy();
  expect(row('P1-37').getByRole('link', { name: '园区巡查' })).toBeTruthy();
  expect(row('P1-36').getByText('未安排')).toBeTruthy();
  expect(row('P1-02').getByText('由工单证明')).toBeTruthy();
  expect(screen.getByText('白天 07:00–19:00')).toBeTruthy();
  expect(screen.getByText('共 4 条：已安排 2，未安排 1，由其他方式证明 1')).toBeTruthy();
  expect(screen.getByText('模板第 2 版 → 第 3 版；现在不同：时间、人数；手工改过：名称')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '只看未安排' }));
  expect(screen.queryByRole('link', { name: 'P1-35' })).toBeNull();
  await choose(screen.getByLabelText('服务方案'), 'P4');
  expect(screen.getByRole('link', { name: 'P4-07' })).toBeTruthy();
});

test('what follows a newer template is looked at first, and then taken over', async () => {
  const changes = [
    { kind: 'plan', id: 'pl-1', name: l('园区巡查', 'Grounds'), member: 'crew', becomes: 'follows', was: 1, will: 2 },
    { kind: 'plan', id: 'pl-1', name: l('园区巡查', 'Grounds'), member: 'name', becomes: 'by_hand', was: l('园区巡查', 'Grounds'), will: l('园区巡逻', 'Patrol') },
    { kind: 'route', id: 'ro-1', name: l('园区巡逻', 'Grounds'), member: 'stops', becomes: 'waits', was: 3, will: null },
  ];
  const { calls, container } = await open(at('service'), (call) => {
    if (call.path.endsWith('/newer/look')) return { status: 200, body: { template: 'residential', version: 3, done: false, changes } };
    if (call.path.endsWith('/newer')) return { status: 200, body: { template: 'residential', version: 3, done: true, changes } };
    return answers(call);
  });
  await press(await screen.findByRole('button', { name: /住宅小区/ }));
  const dialog = within(await screen.findByRole('dialog', { name: '按模板更新' }));
  expect(dialog.getByText('一人 → 两人同行')).toBeTruthy();
  expect(dialog.getByText('园区巡查 → 园区巡逻')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  expect(posted(calls).length).toBe(1);
  await press(dialog.getByRole('button', { name: '更新这些' }));
  expect(await screen.findByText('已按模板更新 1 处')).toBeTruthy();
  expect(posted(calls)[1]).toEqual([`/sites/${SITE}/service-plan/newer`, { template: 'residential', version: 3 }]);
  expect(screen.queryByRole('dialog')).toBeNull();
  await waitFor(() => expect(calls.filter((call) => call.method === 'GET' && call.path.endsWith('/service-plan')).length).toBe(2));
});

test('who may only look finds no act', async () => {
  const viewer = as('viewer');
  await open(at('service'), (call) => viewer(call) ?? answers(call));
  await screen.findByRole('link', { name: 'P1-35' });
  expect(screen.queryByRole('link', { name: '用模板' })).toBeNull();
  expect(screen.queryByRole('button', { name: /按模板/ })).toBeNull();
});

test('a demand lists its plans and where they came from; one without leads to the template with it ticked', async () => {
  const { unmount } = await open(at('service/P1-35'), answers);
  expect((await screen.findByRole('link', { name: '园区巡查' })).closest('tr')!.textContent).toContain('住宅小区');
  unmount();
  const { calls } = await open(at('service/P4-07'), answers);
  await follow((await screen.findByRole('link', { name: '用模板' })).getAttribute('href')!);
  await waitFor(() => expect(place.value.query).toEqual({ t: 'residential', only: 'P4-07' }));
  expect(await screen.findByRole('checkbox', { name: /P4-07/ })).toHaveProperty('checked', true);
  expect(screen.getByRole('checkbox', { name: /P1-35/ })).toHaveProperty('checked', false);
  expect(posted(calls)).toEqual([]);
});

test('a template is looked at before anything is made, and another choice must be looked at again', async () => {
  const { calls, container } = await open(at('service/template?t=residential'), answers);
  expect(await screen.findByRole('checkbox', { name: /P4-07/ })).toHaveProperty('checked', false);
  await type(screen.getByLabelText('几栋楼'), '6');
  await type(screen.getByLabelText('白天从'), '06:30');
  await choose(screen.getByLabelText('秩序维护'), 'tm-1');
  expect(screen.queryByRole('button', { name: '建立这些' })).toBeNull();
  await press(screen.getByRole('button', { name: '看看会建什么' }));
  await screen.findByText(/1 个新计划（已有 0）/);
  expect(screen.getByText(/同名但不一样/).textContent).toContain('园区巡逻');
  expect(screen.getByText(/没有这些班组或岗位/).textContent).toContain('夜班');
  expect(screen.getByText('方案没定次数，按行业惯例')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('checkbox', { name: /P1-36/ }));
  expect(screen.queryByRole('button', { name: '建立这些' })).toBeNull();
  await press(screen.getByRole('button', { name: '看看会建什么' }));
  await press(await screen.findByRole('button', { name: '建立这些' }));
  expect(await screen.findByText('新建了 1 个计划')).toBeTruthy();
  const sent = { template: 'residential', version: 3, daytime: { from_min: 390, to_min: 1140 }, counts: { building: 6 }, teams: { security: 'tm-1', desk: null } };
  expect(posted(calls).map(([path]) => path)).toEqual([`/sites/${SITE}/service-plan/look`, `/sites/${SITE}/service-plan/look`, `/sites/${SITE}/service-plan`]);
  expect(posted(calls)[2]![1]).toMatchObject({ ...sent, demands: ['P1-35'] });
});

test('a refusal is told at its field and loses nothing', async () => {
  const wrong = refusal('invalid-body', 422, { errors: { json: { counts: { building: ['From 1 to 40'] } } } });
  await open(at('service/template?t=residential'), (call) => (call.path.endsWith('/look') ? wrong : answers(call)));
  await type(await screen.findByLabelText('几栋楼'), '99');
  await press(screen.getByRole('button', { name: '看看会建什么' }));
  await waitFor(() => expect(screen.getByLabelText('几栋楼').getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByLabelText('几栋楼')).toHaveProperty('value', '99');
});

test('plans of another site are chosen, looked at and copied', async () => {
  const two = { ...session, sites: [session.sites[0]!, { ...session.sites[0]!, id: 's-2', name: l('北楼', 'North Wing') }] };
  const { calls } = await open(at('service/copy'), (call) => (call.path === '/session' ? { status: 200, body: two } : answers(call)));
  await choose(await screen.findByLabelText('从哪个项目'), 's-2');
  expect(await screen.findByRole('checkbox', { name: /园区巡逻 · 白天/ })).toHaveProperty('checked', true);
  await press(screen.getByRole('button', { name: '看看会建什么' }));
  await press(await screen.findByRole('button', { name: '复制这些' }));
  await waitFor(() => expect(place.value.page).toBe('service'));
  expect(posted(calls).at(-1)).toEqual([`/sites/${SITE}/service-plan/copy`, { from: 's-2', plans: ['pl-9'], promises: true, starts_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }]);
});

test('a demand that no round serves names what keeps it: the rule of upkeep and the deadline', async () => {
  const rule = { id: 'ru-1', name: l('防雷检测', 'Lightning test'), demand: 'P1-02', recurrence: { kind: 'count', times: 1, per: 'year' }, meter: null, threads: [], paused: false };
  const clause = { key: 'arrive', id: 'P1-02', what: 'arrive', amount: 30, unit: 'minutes', applies: {}, pause_counts: false };
  const kept = (call: Call): Answered | undefined => {
    if (call.path === `/sites/${SITE}/upkeep`) return { status: 200, body: { rules: [rule, { ...rule, id: 'ru-2', demand: null }] } };
    if (call.path === `/sites/${SITE}/orders/policy`) return { status: 200, body: { clauses: [clause, { ...clause, key: 'other', id: 'P1-03' }], findings: {}, rates: {}, signature: [], tell: { near: [], missed: [] } } };
    return answers(call);
  };
  const { container } = await open(at('service/P1-02'), kept);
  expect((await screen.findByRole('link', { name: '防雷检测' })).getAttribute('href')).toContain('/upkeep/ru-1');
  expect(screen.getByRole('link', { name: '到场' }).getAttribute('href')).toContain('/orders/policy');
  expect(screen.getByText('30 分钟')).toBeTruthy();
  expect(screen.queryByText('还没有计划')).toBeNull();
  expect(container.querySelectorAll('tbody tr').length).toBe(2);
  expect(await violations(container)).toEqual([]);
});
