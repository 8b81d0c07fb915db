import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { attention, board, people, round, routes } from '../../testing/estate';
import { refusal, type Call } from '../../testing/fake';
import { at, choose, open, press, SITE, type } from '../../testing/page';

const sent = (calls: Call[]) => calls.filter((call) => call.method !== 'GET').at(-1);
const step = (n: number) => document.querySelectorAll<HTMLElement>('.step')[n - 1]!;
// the library gives no drag events their names
const drag = (type: string, on: Element) => on.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
const ofRound = (call: Call) => /\/occurrences\/[^/]+$|\/skip$/.test(call.path);
const list = (items: object[]) => (call: Call) => (call.method === 'GET' && call.path.endsWith('/routes') ? { status: 200, body: { routes: items } } : undefined);

test('the terms of a stop are folded away, said in words, and sent as figures', async () => {
  const { calls, container } = await open(at('routes/ro-1'));
  await screen.findByRole('button', { name: '2 号点 上移' });
  const second = within(step(2));
  expect(second.getByText('没有别的要求')).toBeTruthy();
  expect(step(2).querySelector('details')!.open).toBe(false);
  expect(within(step(1)).queryByLabelText(/从上一个点走来/)).toBeNull();
  await type(second.getByLabelText('最早'), '30');
  await type(second.getByLabelText('最晚'), '60');
  await type(second.getByLabelText('停留'), '90');
  await type(second.getByLabelText('从上一个点走来至少'), '120');
  await choose(second.getByLabelText('要什么证'), 'electrician_low');
  expect(step(2).querySelector('summary')!.textContent).toContain('开始后 30–60 分 · 停留 90 秒 · 走 120 秒以上 · 低压电工证');
  await choose(screen.getByLabelText('顺序'), 'enforced');
  expect(screen.getByText('手机先问再存；没按顺序的点算待核实，不会拒收。')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '保存' }));
  await screen.findByText('已保存');
  const { order, stops } = sent(calls)!.body as { order: string; stops: object[] };
  expect(order).toBe('enforced');
  expect(stops[1]).toMatchObject({ window: { from_min: 30, to_min: 60 }, dwell_s: 90, walk_s: 120, certificate: 'electrician_low' });
  expect(stops[0]).toMatchObject({ window: null, dwell_s: null, walk_s: null, certificate: null });
});

test('terms that are there are shown, and what the server refuses opens where it is wrong', async () => {
  const [first] = routes;
  const known = { ...first!, stops: [first!.stops[0], { ...first!.stops[1]!, window: { from_min: 10, to_min: 5 }, dwell_s: 40 }] };
  const wrong = refusal('invalid-body', 422, { errors: { json: { stops: { 1: { window: { to_min: ['It ends after its start'] } } } } } });
  await open(at('routes/ro-1'), (call) => (call.method === 'PATCH' ? wrong : list([known])(call)));
  await screen.findByRole('button', { name: '2 号点 上移' });
  expect(step(2).querySelector('summary')!.textContent).toContain('开始后 10–5 分 · 停留 40 秒');
  await press(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(screen.getAllByLabelText('最晚')[1]!.getAttribute('aria-invalid')).toBe('true'));
  expect(step(2).querySelector('details')!.open).toBe(true);
});

test('a stop that is dragged by its number goes where it is dropped, terms and all', async () => {
  const { calls } = await open(at('routes/ro-1'));
  await screen.findByRole('button', { name: '2 号点 上移' });
  const places = () => [...document.querySelectorAll<HTMLSelectElement>('.step__f > .field:first-child select')].map((one) => one.value);
  const before = places();
  drag('dragstart', step(2).querySelector('.step__grip')!);
  drag('dragover', step(1));
  expect(step(1).hasAttribute('data-over')).toBe(true);
  drag('drop', step(1));
  await waitFor(() => expect(places().slice(0, 2)).toEqual([before[1], before[0]]));
  expect(step(1).hasAttribute('data-over')).toBe(false);
  drag('drop', step(2)); // a file, say: nothing was dragged
  await press(screen.getByRole('button', { name: '保存' }));
  await screen.findByText('已保存');
  const { stops } = sent(calls)!.body as { stops: { target: { kind: string; id: string } }[] };
  expect(stops.slice(0, 2).map((stop) => `${stop.target.kind}:${stop.target.id}`)).toEqual([before[1], before[0]]);
});

const skip = { hash: 'h', reason: 'locked', note: '铁门锁了', person: { id: 'p', name: '王建国' }, lower_ms: null, estimate_ms: round.from_ms, upper_ms: round.from_ms, quality: 'A', photos: [], decision: null };
const skipped = { ...round, state: 'partial', asked: 1, stops: round.stops.map((stop, i) => (i === 2 ? { ...stop, skips: [skip] } : stop)), why: { key: 'partial', params: { done: 2, total: 3, phones: 1 } } };

test('why a stop was skipped is shown, and accepting it goes to the server and shows at once', async () => {
  const decided = { ...skipped, state: 'done', asked: 0, skipped: 1, stops: skipped.stops.map((stop, i) => (i === 2 ? { ...stop, skips: [{ ...skip, decision: { accepted: true, why: '物业锁门', by: '陈静', at_ms: 1 } }] } : stop)) };
  const { calls, container } = await open(at('rounds/occ-11'), (call) => (ofRound(call) ? { status: 200, body: call.method === 'POST' ? decided : skipped } : undefined));
  expect(await screen.findByText('锁着，没钥匙')).toBeTruthy();
  expect(container.textContent).toContain('：铁门锁了');
  expect(container.querySelector('.verdict')!.textContent).toContain('有 1 个点跳过了，原因还没同意');
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '同意跳过' }));
  const dialog = await screen.findByRole('dialog');
  await type(within(dialog).getByRole('textbox'), '物业锁门');
  await press(within(dialog).getByRole('button', { name: '同意跳过' }));
  expect(await screen.findByText('陈静 同意：物业锁门')).toBeTruthy();
  expect(sent(calls)).toEqual({ method: 'POST', path: `/sites/${SITE}/occurrences/occ-11/stops/st-3/skip`, body: { accepted: true, why: '物业锁门' } });
  expect(container.querySelector('.verdict')!.textContent).toContain('其中 1 个点有原因跳过，已同意');
});

test('a stop that is only claimed says why, and one where only one of two scanned says that', async () => {
  const stops = round.stops.map((stop, i) => (i === 0 ? { ...stop, doubts: ['stay', 'order'], dwell_s: 60, certificate: 'height', both: true } : i === 1 ? { ...stop, alone: true } : stop));
  await open(at('rounds/occ-11'), (call) => (ofRound(call) ? { status: 200, body: { ...round, stops } } : undefined));
  expect(await screen.findByText('停留不够 · 没按顺序')).toBeTruthy();
  expect(screen.getByText(/停留 60 秒 · 高处作业证 · 抽到：两人都扫/)).toBeTruthy();
  expect(screen.getByText('只有一人按时扫')).toBeTruthy();
});

test('certificates are noted and withdrawn on the page of their person', async () => {
  const held = { id: 'ce-1', kind: 'electrician_low', number: 'T320', valid_until: '2020-01-01' };
  const made = { id: 'ce-2', kind: 'height', number: 'G-7', valid_until: null };
  const { calls, container } = await open(at('people/p-zhao'), (call) => {
    if (call.path.endsWith('/certificates')) return { status: 201, body: made };
    if (call.path.endsWith('/ce-1')) return { status: 204, body: null };
    return call.method === 'GET' && call.path.endsWith('/people') ? { status: 200, body: { people: people.map((one) => (one.id === 'p-zhao' ? { ...one, certificates: [held] } : one)) } } : undefined;
  });
  expect((await screen.findByText('T320')).closest('li')!.textContent).toContain('已过期');
  expect(await violations(container)).toEqual([]);
  await choose(screen.getByLabelText('证书'), 'height');
  await type(screen.getByLabelText('证号'), ' G-7 ');
  await press(screen.getByRole('button', { name: '登记证书' }));
  expect((await screen.findByText('G-7')).closest('li')!.textContent).toContain('长期有效');
  expect(sent(calls)).toEqual({ method: 'POST', path: `/sites/${SITE}/people/p-zhao/certificates`, body: { kind: 'height', number: 'G-7', valid_until: null } });
  await press(screen.getByRole('button', { name: '撤销 低压电工证' }));
  await press(within(await screen.findByRole('dialog')).getByRole('button', { name: '撤销' }));
  expect(sent(calls)).toMatchObject({ method: 'DELETE', path: `/sites/${SITE}/people/p-zhao/certificates/ce-1` });
  await waitFor(() => expect(screen.queryByText('T320')).toBeNull());
});

test('a certificate that expires stands under what needs somebody and leads to its person', async () => {
  const expiring = { ...attention[0]!, kind: 'certificate', occurrence: null, visit: null, plan: null, from_ms: null, to_ms: null, certificate: { person: { id: 'p-zhao', name: '赵立军' }, kind: 'electrician_low', valid_until: '2026-12-01', over: false } };
  await open(at('board'), (call) => (call.path.includes('/board') ? { status: 200, body: { ...board, attention: [expiring] } } : undefined));
  const link = await screen.findByRole('link', { name: '赵立军 的低压电工证' });
  expect(link.getAttribute('href')).toContain('people/p-zhao');
  expect(link.closest('li')!.textContent).toContain('2026-12-01 到期');
});
