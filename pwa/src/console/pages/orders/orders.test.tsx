import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { refusal, type Answered, type Call } from '../../testing/fake';
import { as, at, open, press, SITE, type } from '../../testing/page';
import type { Board, Candidates, Deadline, Entry, Log, Order, OrderRow, OrderStateName } from './types';

const now = Date.UTC(2026, 10, 23, 14, 58);
const minutes = (n: number) => now + n * 60_000;

function due(span: number, left: number, more: Partial<Deadline> = {}): Deadline {
  return { key: 'arrive', clause: 'P1-02', what: 'arrive', due_ms: minutes(left), span_ms: span * 60_000, state: 'running', came_ms: null, corrected: false, ...more };
}

function row(n: number, state: OrderStateName, more: Partial<OrderRow> = {}): OrderRow {
  return {
    id: `w-${n}`, version: 3, number: `W-000${n}`, kind: 'repair', class: 'water', urgency: 'normal', state, title: { zh: `<b>漏水 ${n}</b>`, en: '' }, note: null, place: '5 栋', target: null,
    source: { kind: 'office', id: 'p-chen', name: null }, assignee: null, holder: null, opened_ms: minutes(-60), done_ms: null, ended_ms: null, due_ms: null, next_due_ms: null, deadlines: [], paused: null,
    done: null, returned: null, proposal: null, conflicts: 0, reopened: 0, labour_min: 0, asks_signature: false, needs: [], ...more,
  }; // prettier-ignore
}

const wang = { id: 'p-wang', name: '王建国' };
const step = (kind: string, more: Partial<Entry> = {}): Entry => ({
  id: `${kind}-${'0'.repeat(60)}`, kind, office: true, by: { id: 'p-chen', name: '陈静' }, device: null, lower_ms: minutes(-30), estimate_ms: minutes(-30), upper_ms: minutes(-30), quality: 'A',
  received_ms: null, marks: [], p: {}, note: null, name: null, photos: [], scan: null, kept: false, ...more,
}); // prettier-ignore
const order = (base: OrderRow, more: Partial<Order> = {}): Order => ({
  ...base, opened_by: wang, entries: [], found: [], received: [], parts: [], labour: [], costs: { labour: '30.00', parts: '25.00', unpriced: 0, other: '10.10', total: '65.10', currency: 'CNY' }, replaced_by: null, may: [], now_ms: now, ...more,
}); // prettier-ignore
const candidates: Candidates = {
  people: [{ ...wang, trade: 'technician', team: null, company: null, certificates: [], on_shift: true, heard_ms: minutes(-2), orders: 2, urgent: 1 }],
  teams: [{ id: 'tm-1', name: { zh: '工程', en: 'Engineering' } }],
  companies: [],
};

const short = row(1, 'open', { urgency: 'urgent', deadlines: [due(15, 4)], needs: ['undispatched'] });
const over = row(2, 'working', { holder: wang, deadlines: [due(2880, -30, { key: 'repair', what: 'repair' })], needs: ['missed'] });
const calm = row(3, 'working', { holder: wang, deadlines: [due(2880, 2800, { key: 'repair', what: 'repair' })] });
const board: Board = {
  columns: [
    { state: 'open', count: 1, orders: [short] },
    { state: 'working', count: 25, orders: [over, calm] },
  ],
  needs: [short, over],
  now_ms: now,
};

/** The orders' side of the server; `acts` answers what is done. */
function server(shown: Order | null, acts: (body: Record<string, unknown>) => Answered = () => ({ status: 200, body: shown })) {
  return (call: Call): Answered | undefined => {
    const path = call.path.split('?')[0] ?? '';
    if (path.endsWith('/requests')) return { status: 200, body: { requests: [], more: false, counts: { new: 0, open: 0, done: 0, late: 0 }, now_ms: now } };
    if (path.endsWith('/orders/board')) return { status: 200, body: board };
    if (path.endsWith('/orders/candidates')) return { status: 200, body: candidates };
    if (path.endsWith('/acts')) return acts(call.body as Record<string, unknown>);
    if (shown && path.endsWith(`/orders/${shown.id}`)) return { status: 200, body: shown };
    return as('supervisor')(call);
  };
}

const got = (calls: readonly Call[], end: string) => calls.filter((call) => call.method === 'GET' && call.path.endsWith(end));

test('the board frames what is short or over, counts what it does not show, and shows markup as text', async () => {
  const { container } = await open(at('orders'), server(null));
  const column = await screen.findByRole('region', { name: '待派' });
  const urgent = within(column).getByRole('article');
  expect(urgent.className).toBe('wo wo--bad');
  expect(within(urgent).getByText('<b>漏水 1</b>')).toBeTruthy();
  expect(within(urgent).getByText('还没派人')).toBeTruthy();
  const working = screen.getByRole('region', { name: '处理中' });
  expect(within(working).getAllByRole('article').map((one) => one.className)).toEqual(['wo wo--bad', 'wo']);
  expect(within(working).getByText('25')).toBeTruthy();
  expect(within(working).getByRole('link', { name: /23/ }).getAttribute('href')).toContain('state=working%2Cpaused');
  expect(await violations(container)).toEqual([]);
});

test('an overdue request stands with what needs somebody, with the way to it, for whoever works at the desk', async () => {
  const asked = { id: 'r-7', number: 'R-0007', kind: 'repair', class: 'leak', urgency: 'urgent', state: 'new', channel: 'code', place: '3-501', target: null, text: '厨房漏水', owner: null, offered_to: null, department: null, window: null, opened_ms: minutes(-60), next_due_ms: minutes(-45), deadlines: [{ ...due(15, -45), clause: 'P1-02' }], unread: false, satisfied: null };
  const queue = { requests: [asked], more: false, counts: { new: 1, open: 0, done: 0, late: 1 }, now_ms: now };
  const both = (call: Call) => (call.path.includes('/requests?late=true') ? { status: 200, body: queue } : server(null)(call));
  const { container, unmount, calls } = await open(at('orders'), both);
  const needs = within((await screen.findByRole('heading', { name: /^待我处理/ })).closest('section')!);
  expect(needs.getByRole('link', { name: '厨房漏水' }).getAttribute('href')).toBe(at('requests/r-7'));
  expect(needs.getByText('没人受理')).toBeTruthy();
  expect(needs.getAllByRole('article')).toHaveLength(3);
  expect(await violations(container)).toEqual([]);
  expect(got(calls, '/requests?late=true')).toHaveLength(1);
  unmount();

  const other = await open(at('orders'), (call) => (call.path === '/session' ? as('contractor')(call) : both(call)));
  await screen.findByRole('region', { name: '待派' });
  expect(got(other.calls, '/requests?late=true')).toHaveLength(0);
});

test('an order is given out from the board: to nobody until somebody is chosen, then as it was shown', async () => {
  const said: unknown[] = [];
  const none = refusal('invalid-body', 422, { errors: { json: { to: ['Not a valid value.'] } } });
  const { calls } = await open(at('orders'), server(null, (body) => { said.push(body); return said.length === 1 ? none : { status: 200, body: order(short) }; })); // prettier-ignore
  await press(within(await screen.findByRole('region', { name: '待派' })).getByRole('button', { name: '派给…' }));
  const dialog = await screen.findByRole('dialog', { name: '把 W-0001 派给谁？' });
  await screen.findByText('在岗');
  await press(within(dialog).getByRole('button', { name: '派单' }));
  expect(await within(dialog).findByText('先选一个人')).toBeTruthy();
  await press(within(dialog).getByRole('radio', { name: /王建国/ }));
  await press(within(dialog).getByRole('button', { name: '派单' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(said.at(-1)).toEqual({ act: 'dispatch', version: 3, to: { kind: 'person', id: 'p-wang' } });
  await waitFor(() => expect(got(calls, '/orders/board')).toHaveLength(2));
});

test('who may not give orders out is offered nothing of it', async () => {
  await open(at('orders'), (call) => (call.path === '/session' ? as('contractor')(call) : server(null)(call)));
  await screen.findByRole('region', { name: '待派' });
  expect(screen.queryByRole('button', { name: '派给…' })).toBeNull();
  expect(screen.queryByRole('link', { name: /开工单/ })).toBeNull();
});

test('the page tells what stands behind each step, and what it cost', async () => {
  const sha256 = 'a'.repeat(64);
  const done = step('complete', {
    office: false, by: wang, device: { id: 'd-4', name: '4 号手机' }, quality: 'C', lower_ms: minutes(-40), upper_ms: minutes(-20), received_ms: minutes(-1), p: { result: 'fixed' }, note: '换了<i>垫圈</i>',
    photos: [{ sha256, role: 'photo', state: 'there' }, { sha256: 'b'.repeat(64), role: 'photo', state: 'pending' }, { sha256: 'c'.repeat(64), role: 'voice', state: 'there' }],
  }); // prettier-ignore
  const shown = order(row(4, 'done', { done_ms: minutes(-30), labour_min: 30 }), {
    entries: [done],
    parts: [
      { key: 'm-1', part: { id: 'pt-1', number: 'P-01', name: { zh: '机械密封', en: '' }, unit: '个' }, quantity: '2', why: 'used', by: wang, at_ms: minutes(-35), cost: '25.00' },
      { key: 'm-2', part: null, quantity: '-1', why: 'returned', by: null, at_ms: minutes(-34), cost: null },
    ],
    labour: [{ key: 'l-1', by: wang, at_ms: minutes(-31), minutes: 15, people: 2, cost: '30.00' }],
    costs: { labour: '30.00', parts: '25.00', unpriced: 2, other: '10.10', total: '65.10', currency: 'CNY' } });
  const { container } = await open(at('orders/w-4'), server(shown));
  expect(await screen.findByText('换了<i>垫圈</i>')).toBeTruthy();
  expect(screen.getByText(/\[22:18–22:38\]/)).toBeTruthy();
  expect(screen.getByRole('img', { name: '照片 1' }).getAttribute('src')).toBe(`/api/v1/sites/${SITE}/photos/${sha256}?width=320`);
  expect(screen.getByText('照片还没上传')).toBeTruthy();
  expect(screen.getByRole('button', { name: '听语音' })).toBeTruthy();
  expect(screen.getAllByRole('img', { name: /^照片/ })).toHaveLength(1);
  expect(screen.getByText('（人工 30.00，备件 25.00，其他 10.10）')).toBeTruthy();
  expect(screen.getByText('2 笔没有单价，没算进去')).toBeTruthy();
  const rows = (name: string) => within(screen.getByRole('table', { name })).getAllByRole('row').slice(1).map((one) => [...one.querySelectorAll('td')].map((cell) => cell.textContent));
  expect(rows('用了哪些备件')).toEqual([
    ['机械密封P-01', '2 个领用', '王建国2026-11-23 22:23', '25.00 CNY'],
    ['已不在册的备件', '-1 退回', '—2026-11-23 22:24', '没有单价'],
  ]);
  expect(rows('工时')).toEqual([['2 人 × 15 分', '王建国2026-11-23 22:27', '30.00 CNY']]);
  expect(screen.getByRole('link', { name: '机械密封' }).getAttribute('href')).toBe(at('parts/pt-1'));
  expect(await violations(container)).toEqual([]);
});

test('an order that a quick fix replaced names the one that counts, as a link only where it may be seen', async () => {
  const cancelled = row(5, 'cancelled', { source: { kind: 'finding', id: 'f-1', name: null } });
  const entries = [step('cancel', { by: null, p: { into: 'W-0009' } })];
  const first = await open(at('orders/w-5'), server(order(cancelled, { entries, replaced_by: { id: 'w-9', number: 'W-0009' } })));
  expect((await screen.findByRole('link', { name: 'W-0009' })).getAttribute('href')).toBe(at('orders/w-9'));
  expect(screen.getByText('由 W-0009 代替')).toBeTruthy();
  first.unmount();
  await open(at('orders/w-5'), server(order(cancelled, { entries, replaced_by: { id: null, number: 'W-0009' } })));
  expect(await screen.findByText('W-0009')).toBeTruthy();
  expect(screen.queryByRole('link', { name: 'W-0009' })).toBeNull();
});

test('what somebody else changed meanwhile is said, and the page is fetched anew', async () => {
  const shown = order(row(6, 'done'), { may: ['verify', 'follow'] });
  const { calls } = await open(at('orders/w-6'), server(shown, () => refusal('order-changed', 409)));
  await press(await screen.findByRole('button', { name: '验收通过' }));
  expect((await screen.findByRole('alert')).textContent).toContain('工单已有新变化，请再看一遍');
  await waitFor(() => expect(got(calls, '/orders/w-6')).toHaveLength(2));
});

test('a conflict is settled with a reason; a refusal keeps what was typed', async () => {
  const said: unknown[] = [];
  const clash = { id: 'x-1', kind: 'done_cancelled' as const, event: 'e-1', against: 'e-2', field: null, phone: null, office: null, settled: null, keep: ['done', 'cancelled'] };
  const shown = order(row(7, 'done', { conflicts: 1 }), { may: ['settle'], found: [clash] });
  const settled = order(row(7, 'done'), { found: [{ ...clash, settled: { by: 'p-chen', at_ms: now, keep: 'done' } }] });
  const none = refusal('invalid-body', 422, { errors: { json: { why: ['Missing data for required field.'] } } });
  const { container } = await open(at('orders/w-7'), server(shown, (body) => { said.push(body); return said.length === 1 ? none : { status: 200, body: settled }; })); // prettier-ignore
  await press(await screen.findByRole('button', { name: '定一下' }));
  const dialog = await screen.findByRole('dialog', { name: '以哪个为准？' });
  expect(await violations(container)).toEqual([]);
  await press(within(dialog).getByRole('radio', { name: /算完工/ }));
  await type(within(dialog).getByLabelText('原因'), '确实修好了');
  await press(within(dialog).getByRole('button', { name: '定一下' }));
  expect(await within(dialog).findByRole('alert')).toBeTruthy();
  expect((within(dialog).getByLabelText('原因') as HTMLTextAreaElement).value).toBe('确实修好了');
  await press(within(dialog).getByRole('button', { name: '定一下' }));
  await waitFor(() => expect(screen.queryByText('已完工，但办公室取消了这张单')).toBeNull());
  expect(said.at(-1)).toEqual({ act: 'settle', version: 3, conflict: 'x-1', keep: 'done', why: '确实修好了' });
});

test('the maintenance log sums what the server reckoned and tells what is left out', async () => {
  const line = { ...row(8, 'closed', { done_ms: minutes(-10) }), result: 'fixed' as const, done_by: wang, arrived_ms: null, note_done: null, labour_cost: '30.00', parts_cost: '25.00', unpriced: 1, other_cost: '0.00', total_cost: '55.00' };
  const sum = { orders: 102, labour: '30.00', parts: '25.00', other: '10.10', total: '65.10', unpriced: 1 };
  const log: Log = { orders: [line, { ...line, id: 'w-9', number: 'W-0009', unpriced: 0, total_cost: '10.10' }], after: 'bmV4dA', sum, figures: [], currency: 'CNY' };
  const asked: string[] = [];
  const { container } = await open(at('orders?view=log'), (call) => {
    if (!call.path.includes('/orders/log?')) return server(null)(call);
    asked.push(call.path);
    return { status: 200, body: call.path.includes('after=') ? { ...log, after: null } : log };
  });
  expect(await screen.findByText('102 张 · 合计 65.10 CNY'), 'of all pages, not of this one').toBeTruthy();
  expect(screen.getByText('1 笔没有单价，没算进去')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'PDF' })).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '更早的' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: '更早的' })).toBeNull());
  expect(asked.at(-1)).toContain('&after=bmV4dA');
});
