import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import type { Sums } from '../../types';
import { refusal, type Answered, type Call } from '../../testing/fake';
import { as, at, choose, open, press, type } from '../../testing/page';
import { dayAfter, firstDay, keyAround, kindOf, periodWords, readKey, step } from './periods';
import type { Closing, Report } from './types';

const sums = (some: Partial<Sums>): Sums => ({ due: 0, upcoming: 0, open: 0, progress: 0, done: 0, late: 0, partial: 0, missed: 0, excused: 0, unheard: 0, unproven: 0, low: null, high: null, ...some });
const grounds = sums({ due: 154, done: 146, late: 3, partial: 1, missed: 1, unheard: 2, unproven: 1, low: '0.968', high: '0.987' });
const name = (zh: string) => ({ zh, en: '' });
const closing: Closing = {
  id: 'c-1', period: '2026-11', revision: 1, closed_ms: Date.UTC(2026, 11, 5), by: '陈静', itself: false, received_ms: Date.UTC(2026, 11, 4), share: '0.968', sums: grounds,
  footnotes: [{ kind: 'unheard', count: 2, phones: [{ name: '5 号手机', heard_ms: Date.UTC(2026, 10, 28) }] }],
};
const report: Report = {
  period: { key: '2026-11', kind: 'month', first: '2026-11-01', last: '2026-11-30', from_ms: Date.UTC(2026, 9, 31, 22), to_ms: Date.UTC(2026, 10, 30, 22), over: true },
  now_ms: Date.UTC(2026, 11, 10), received_ms: Date.UTC(2026, 11, 9), phones: { total: 6, silent: 2 }, sums: grounds, against: null,
  demands: [
    { key: 'P1-35', demand: { id: 'P1-35', text: name('巡视园区'), figure: name('日 3、夜 4') }, plans: ['pl-1'], sums: grounds, against: null, verdict: 'short', lacking: 2, next_ms: null, gap: null },
    { key: 'P1-11', demand: { id: 'P1-11', text: name('单元门'), figure: name('每日 1') }, plans: ['pl-2'], sums: sums({ due: 22, done: 22, low: '1.000', high: '1.000' }), against: null, verdict: 'met', lacking: 0, next_ms: null, gap: null },
    { key: 'P1-26', demand: { id: 'P1-26', text: name('化粪池'), figure: name('每季 1') }, plans: ['pl-3'], sums: sums({}), against: null, verdict: 'none', lacking: 0, next_ms: Date.UTC(2026, 11, 15), gap: null },
  ],
  plans: [{ key: 'pl-1', name: name('园区巡视'), demand: 'P1-35', sums: grounds, against: sums({ due: 10, done: 9, missed: 1, low: '0.900', high: '0.900' }), gap: { from_ms: 0, to_ms: 36_000_000, unsure: 1 } }],
  routes: [{ key: 'r-1', name: name('园区路线'), demand: null, sums: grounds, against: null, gap: null }],
  teams: [{ key: null, name: null, demand: null, sums: grounds, against: null, gap: null }],
  days: [{ day: '2026-11-01', sums: grounds }],
  closed: { revisions: [], changed: false }, closable_ms: Date.UTC(2026, 11, 5),
};
const round = { occurrence: 'occ-9', plan: name('园区夜巡'), demands: ['P1-35'], day: '2026-11-02', from_ms: Date.UTC(2026, 10, 2, 14), to_ms: Date.UTC(2026, 10, 2, 16), state: 'missed', done: 0, total: 7, end_ms: null };

function serve(some: Partial<Report> = {}, special: (call: Call) => Answered | undefined = () => undefined) {
  return (call: Call): Answered | undefined => {
    const found = special(call);
    if (found) return found;
    if (call.path.includes('/report/trend')) return { status: 200, body: { demand: null, months: [{ key: '2026-10', first: '2026-10-01', sums: sums({}), over: true, closed: null }, { key: '2026-11', first: '2026-11-01', sums: grounds, over: true, closed: { revision: 1, share: '0.968' } }] } };
    if (call.path.includes('/report/rounds')) return { status: 200, body: { period: report.period, count: 2, rounds: [round], next: call.path.includes('after=') ? null : '5.x' } };
    if (call.path.includes('/report/people')) return { status: 200, body: { people: [{ person: { id: 'w-1', name: '王建国' }, team: null, visits: 41, faults: 1, marked: 0, rounds: sums({ done: 6 }) }] } };
    if (call.path.includes('/report/places')) return { status: 200, body: { days: 7, in_use: 9, places: [{ place: { kind: 'checkpoint', id: 'p-1', number: '07', name: name('西门岗') }, on_route: true, last_ms: null, days: null }] } };
    if (call.path.includes('/report/chat')) return { status: 200, body: { zh: '幸福花园\n完成率 96.8 %', en: 'Happiness Garden' } };
    if (call.path.endsWith('/closings')) return { status: 200, body: { settings: { close_after_days: 5, closes_itself: false }, closings: [{ ...closing, revision: 2 }, { ...closing, id: 'c-0', period: '2026-10', itself: true, by: null, share: '0.900' }] } };
    if (call.path.includes('/report?')) return { status: 200, body: { ...report, ...some } };
    return undefined;
  };
}
const asked = (calls: { path: string }[], part: string) => calls.map(({ path }) => path).filter((path) => path.includes(part)).at(-1) ?? '';

test('the score tells of each clause what was due, as an interval, and what follows', async () => {
  await open(at('score?period=2026-11'), serve());
  const row = (await screen.findByText('巡视园区')).closest('tr')!;
  for (const words of ['P1-35', '日 3、夜 4', '154', '96.8–98.7 %', '欠 2 次']) expect(row.textContent).toContain(words);
  expect(within(row).getByRole('img').getAttribute('aria-label')).toContain('未回传 2');
  expect(screen.getByText('单元门').closest('tr')!.textContent).toContain('达标');
  const none = screen.getByText('化粪池').closest('tr')!.textContent;
  expect(none).toContain('12 月 15 日');
  expect(none).toContain('未到时间');
  expect(screen.getByText(/6 部手机中 2 部没消息/)).toBeTruthy();
  expect(await violations(document.body)).toEqual([]);
});

test('every number leads to the rounds behind it', async () => {
  await open(at('score?period=2026-11'), serve());
  const row = (await screen.findByText('巡视园区')).closest('tr')!;
  expect(within(row).getByRole('link', { name: '154' }).getAttribute('href')).toContain('behind?period=2026-11&axis=demand&key=P1-35&state=due');
  expect(within(row).getByRole('link', { name: '欠 2 次' }).getAttribute('href')).toContain('state=short');
  expect(screen.getByRole('link', { name: '未回传 2' }).getAttribute('href')).toContain('state=unheard');
});

test('the rounds behind a figure lead to their evidence, page by page', async () => {
  const { calls } = await open(at('behind?period=2026-11&axis=demand&key=P1-35&state=short'), serve());
  const link = await screen.findByRole('link', { name: '园区夜巡' });
  expect(link.getAttribute('href')).toBe(at('rounds/occ-9'));
  expect(asked(calls, '/report/rounds')).toContain('period=2026-11&axis=demand&key=P1-35&state=partial&state=missed');
  await press(screen.getByRole('button', { name: '再看一些' }));
  expect(await screen.findByText('2 次中的 2 次')).toBeTruthy();
  expect(asked(calls, '/report/rounds')).toContain('after=5.x');
});

test('the rounds of a person are asked of that person, and stand under the name', async () => {
  const { calls } = await open(at('behind?period=2026-11&axis=person&key=w-1&state=done'), serve({}, (call) => (call.path.includes('/people/w-1/rounds') ? { status: 200, body: { period: report.period, count: 1, rounds: [round], next: null, person: { id: 'w-1', name: '王建国' } } } : undefined)));
  expect(await screen.findByText(/2026 年 11 月 · 王建国 · /)).toBeTruthy();
  expect(screen.getByRole('link', { name: '园区夜巡' }).getAttribute('href')).toBe(at('rounds/occ-9'));
  expect(asked(calls, '/rounds?')).toMatch(/\/report\/people\/w-1\/rounds\?period=2026-11&state=done$/);
});

test('a period is closed after a question, and the one number stands with its footnotes', async () => {
  let closed = false;
  const { calls } = await open(at('score?period=2026-11'), (call) => {
    if (call.method === 'POST' && call.path.endsWith('/closings')) {
      closed = true;
      return { status: 201, body: closing };
    }
    return serve(closed ? { closed: { revisions: [closing], changed: false } } : {})(call);
  });
  await press(await screen.findByRole('button', { name: '定稿' }));
  await press(within(screen.getByRole('dialog')).getByRole('button', { name: '定稿' }));
  expect(calls.find((call) => call.method === 'POST')?.body).toEqual({ period: '2026-11' });
  expect(await screen.findByText(/2 次未回传：5 号手机/)).toBeTruthy();
  expect(screen.getByText('96.8 %', { selector: 'b' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: '定稿' })).toBeNull();
});

test('a revision stands beside the number that it took the place of, which is struck out', async () => {
  const second: Closing = { ...closing, id: 'c-2', revision: 2, share: '0.981', itself: true, by: null, footnotes: [] };
  await open(at('score?period=2026-11'), serve({ closed: { revisions: [closing, second], changed: true } }));
  expect((await screen.findByText('96.8 %', { selector: 's' })).tagName).toBe('S');
  expect(screen.getAllByText('98.1 %').length).toBeGreaterThan(0);
  expect(screen.getByText(/定稿之后又有变化/)).toBeTruthy();
  expect(screen.getByRole('button', { name: '出修订版' })).toBeTruthy();
});

test('closed periods stand in a list, each with its revision, and lead to their own page', async () => {
  await open(at('score?period=2026-11'), serve());
  const table = within(await screen.findByRole('table', { name: '已定稿的期间' }));
  const rows = table.getAllByRole('row').slice(1).map((row) => row.textContent);
  expect(rows).toHaveLength(2);
  for (const words of ['2026 年 11 月', '96.8 %', '第 2 版', '陈静 定稿']) expect(rows[0]).toContain(words);
  expect(rows[1]).toContain('到期自动定稿');
  expect(table.getByRole('link', { name: '2026 年 10 月' }).getAttribute('href')).toBe(at('score?period=2026-10'));
  expect(table.queryByRole('link', { name: '2026 年 11 月' })).toBeNull();
});

test('a supervisor says after how many days a period is closed, and whether by itself', async () => {
  let settings = { close_after_days: 5, closes_itself: false };
  const { calls } = await open(at('score?period=2026-11'), serve({}, (call) => {
    if (call.method === 'PATCH') settings = { ...settings, ...(call.body as object) };
    return call.method === 'PATCH' ? { status: 200, body: settings } : call.path.endsWith('/closings') ? { status: 200, body: { settings, closings: [] } } : undefined;
  }));
  expect(await screen.findByText('期满 5 天后可以定稿，由人来定。')).toBeTruthy();
  await press(screen.getByRole('button', { name: '定稿设置' }));
  const dialog = within(screen.getByRole('dialog'));
  await type(dialog.getByLabelText(/期满几天后/), '10');
  await press(dialog.getByLabelText(/月份到时自动定稿/));
  const before = calls.filter(({ path }) => path.includes('/report?')).length;
  await press(dialog.getByRole('button', { name: '保存' }));
  expect(await screen.findByText('期满 10 天后可以定稿，月份到时自动定稿。')).toBeTruthy();
  expect(calls.find((call) => call.method === 'PATCH')).toMatchObject({ path: expect.stringMatching(/\/reporting$/) as string, body: { close_after_days: 10, closes_itself: true } });
  expect(calls.filter(({ path }) => path.includes('/report?')).length).toBe(before + 1);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(await violations(document.body)).toEqual([]);
});

test('no days and too many are refused at the field, and nothing typed is lost', async () => {
  const { calls } = await open(at('score?period=2026-11'), serve({}, (call) => (call.method === 'PATCH' ? refusal('invalid-body', 422, { errors: { json: { close_after_days: ['Must be greater than or equal to 0 and less than or equal to 90.'] } } }) : undefined)));
  await press(await screen.findByRole('button', { name: '定稿设置' }));
  const dialog = within(screen.getByRole('dialog'));
  await type(dialog.getByLabelText(/期满几天后/), '');
  await press(dialog.getByRole('button', { name: '保存' }));
  expect(calls.find((call) => call.method === 'PATCH')?.body).toEqual({ close_after_days: null, closes_itself: false });
  await type(dialog.getByLabelText(/期满几天后/), '400');
  await press(dialog.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(dialog.getByLabelText(/期满几天后/).getAttribute('aria-invalid')).toBe('true'));
  expect(dialog.getByLabelText<HTMLInputElement>(/期满几天后/).value).toBe('400');
});

test('who only looks closes nothing, and a refusal is told', async () => {
  await open(at('score?period=2026-11'), (call) => as('viewer')(call) ?? serve()(call));
  await screen.findByText('巡视园区');
  expect(screen.queryByRole('button', { name: '定稿' })).toBeNull();
  expect(await screen.findByText(/期满 5 天后/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: '定稿设置' })).toBeNull();
  expect(screen.queryByRole('link', { name: '台账' })).toBeNull();
});

test('a closing that comes too early says so', async () => {
  await open(at('score?period=2026-11'), serve({}, (call) => (call.method === 'POST' ? refusal('too-early', 409) : undefined)));
  await press(await screen.findByRole('button', { name: '定稿' }));
  await press(within(screen.getByRole('dialog')).getByRole('button', { name: '定稿' }));
  expect(await screen.findByText(/还太早/)).toBeTruthy();
});

test('reports stand beside another period, and say that a gap may be shorter', async () => {
  const { calls } = await open(at('reports?period=2026-11'), serve({ against: { period: { ...report.period, key: '2026-10' }, sums: grounds } }));
  const row = (await screen.findByRole('link', { name: '园区巡视' })).closest('tr')!;
  expect(row.textContent).toContain('最多 10 时');
  expect(row.textContent).toContain('90.0 %');
  await choose(screen.getByLabelText('对比'), '2026-10');
  expect(asked(calls, '/report?')).toContain('against=2026-10');
  await press(screen.getByRole('button', { name: '人员' }));
  expect((await screen.findByRole('link', { name: '王建国' })).getAttribute('href')).toContain('log?person=w-1&from=2026-11-01&to=2026-11-30');
  const walked = screen.getByRole('link', { name: '6' });
  expect(walked.getAttribute('href')).toContain('behind?period=2026-11&axis=person&key=w-1&state=done');
  await press(screen.getByRole('button', { name: '没扫的点' }));
  expect(await screen.findByText('07 西门岗')).toBeTruthy();
  expect(screen.getByText('从未')).toBeTruthy();
  expect(await violations(document.body)).toEqual([]);
});

test('the text for a chat is shown before it is copied', async () => {
  await open(at('score?period=2026-11'), serve());
  await press(await screen.findByRole('button', { name: '发群文字' }));
  expect((await screen.findByRole('dialog')).textContent).toContain('完成率 96.8 %');
});

test('a register is one click: the route, the period, the language', async () => {
  const { calls } = await open(at('registers?period=2026-11'), serve({}, (call) => (call.path.includes('/registers/') ? { status: 200, body: {} } : undefined)));
  await screen.findByText('园区路线');
  await press(screen.getByRole('button', { name: '设备巡检' }));
  await press(screen.getByRole('button', { name: '打印台账' }));
  expect(asked(calls, '/registers/pdf')).toContain('kind=equipment&route=r-1&period=2026-11&lang=zh');
  expect(await violations(document.body)).toEqual([]);
});

test('a register that is too long for one paper offers each of its parts', async () => {
  const long = refusal('too-long', 422, { parts: 3 });
  const { calls } = await open(at('registers?period=2026-11'), serve({}, (call) => {
    if (!call.path.includes('/registers/')) return undefined;
    return call.path.includes('part=') ? { status: 200, body: {} } : long;
  })); // prettier-ignore
  await screen.findByText('园区路线');
  await press(screen.getByRole('button', { name: '打印台账' }));
  await screen.findByText('这份台账一册印不下，分成 3 册：');
  await press(screen.getByRole('button', { name: '第 3 册' }));
  expect(asked(calls, '/registers/pdf')).toContain('part=3');
  expect(screen.queryByRole('alert')).toBeNull();
  await press(await screen.findByRole('button', { name: '设备巡检' }));
  expect(screen.queryByRole('button', { name: '第 3 册' })).toBeNull();
  await press(screen.getByRole('button', { name: '巡查登记' }));
  await screen.findByRole('button', { name: '第 3 册' });
  expect(await violations(document.body)).toEqual([]);
});

test('the period stands in the address and steps by its kind', async () => {
  await open(at('score?period=2026-11'), serve());
  await press(await screen.findByRole('button', { name: '上一期' }));
  expect(place.value.query['period']).toBe('2026-10');
  await choose(screen.getByLabelText('期间'), 'quarter');
  expect(place.value.query['period']).toBe('2026-Q4');
});

test('keys of periods are read, stepped and named as on the server', () => {
  expect(keyAround('2027-01-02', 'week')).toBe('2026-W53');
  expect(keyAround('2026-01-01', 'week')).toBe('2026-W01');
  expect([firstDay('2026-W01'), dayAfter('2026-W01')]).toEqual(['2025-12-29', '2026-01-05']);
  expect([firstDay('2028-Q1'), dayAfter('2028-Q1'), dayAfter('2028-02')]).toEqual(['2028-01-01', '2028-04-01', '2028-03-01']);
  expect(step('2026-W53', 1)).toBe('2027-W01');
  expect(step('2026-11-01..2026-11-10', -1)).toBe('2026-10-22..2026-10-31');
  expect(step('2026', 1)).toBe('2027');
  expect(['2026', '2026-Q4', '2026-11', '2026-W48', '2026-11-05', '2026-11-01..2026-11-23'].map(kindOf)).toEqual(['year', 'quarter', 'month', 'week', 'day', 'span']);
  expect(readKey('tomorrow', '2026-11-23')).toBe('2026-11');
  expect(readKey('2026-13', '2026-11-23')).toBe('2026-11');
  expect(periodWords('2026-11')).toBe('2026 年 11 月');
});
