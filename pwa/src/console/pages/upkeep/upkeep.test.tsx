import { screen, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import type { Answered, Call } from '../../testing/fake';
import { at, open, press, type } from '../../testing/page';
import type { Thread, UpkeepRule, WholeRule, YearRow } from './types';

const NEXT = { by: 'calendar' as const, from_ms: 1_798_732_800_000, to_ms: 1_799_942_400_000, opens_ms: 1_798_128_000_000, forecast: false };
const PUMP: Thread = {
  thing: 'as-2', number: 'P-02', name: { zh: '生活水泵 2#', en: '' }, target: { kind: 'asset', id: 'as-2' }, in_use: true, next: NEXT, open: null, last_done_ms: null, left: null, meter: null, no_meter: false,
}; // prettier-ignore
const RULE: UpkeepRule = {
  id: 'up-1', name: { zh: '水泵保养', en: 'Pump service' }, target: { kind: 'category', id: null, category: '水泵' }, form: null, parts: [], assignee: null, class: 'water', asks_signature: false, demand: 'P1-27',
  recurrence: null, meter: { key: 'hours', every: '250', origin: 'completion', open_days: 14 }, starts_on: '2026-01-01', ends_on: null, lead_days: 7, paused: false, threads: [PUMP],
}; // prettier-ignore
const LATE: UpkeepRule = {
  ...RULE, id: 'up-2', name: { zh: '水箱清洗', en: '' },
  threads: [{ ...PUMP, thing: 'site', target: null, open: { id: 't-1', by: 'calendar', made_ms: 0, window: null, skipped: false, why: '', order: { id: 'o-1', number: 'W-0018', state: 'dispatched', due_ms: 1 }, ended_ms: null, done: false, late: true, joined: 0 } }],
}; // prettier-ignore
const WHOLE: WholeRule = { ...RULE, turns: [] };
const none = Array.from({ length: 12 }, () => []);
const YEAR: YearRow[] = [{ rule: 'up-1', name: RULE.name, demand: 'P1-27', thing: { number: 'P-02', name: PUMP.name }, months: [...none.slice(0, 11), [{ day: 25, what: 'planned', forecast: true }]] }];

function upkeep({ path, method, body }: Call): Answered | undefined {
  if (path.endsWith('/upkeep')) return { status: 200, body: { rules: [RULE, LATE] } };
  if (path.endsWith('/upkeep/up-1')) return { status: 200, body: WHOLE };
  if (path.endsWith('/up-1/skip') && method === 'POST') {
    return { status: 200, body: { ...WHOLE, turns: [{ ...LATE.threads[0]!.open!, thing: 'as-2', order: null, skipped: true, late: false, why: (body as { why: string }).why }] } };
  }
  if (path.includes('/upkeep/year')) return { status: 200, body: { rows: YEAR } };
  return undefined;
}

test('what is overdue comes first and leads to its order', async () => {
  const { container } = await open(at('upkeep'), upkeep);
  const rows = within(await screen.findByRole('table')).getAllByRole('row').slice(1);
  expect(rows[0]!.textContent).toContain('水箱清洗');
  expect(screen.getByRole('link', { name: 'W-0018' }).getAttribute('href')).toContain('/orders/o-1');
  await press(screen.getByRole('button', { name: '已逾期 1' }));
  expect(screen.queryByText('水泵保养')).toBeNull();
  expect(await violations(container)).toEqual([]);
});

test('a turn is left out with a reason, which stands in the history', async () => {
  const { calls } = await open(at('upkeep/up-1'), upkeep);
  await press(await screen.findByRole('button', { name: '跳过这次' }));
  const asks = within(screen.getByRole('dialog'));
  await type(asks.getByRole('textbox'), '大修刚做过');
  await press(asks.getByRole('button', { name: '跳过这次' }));
  expect(calls.find((call) => call.method === 'POST')!.body).toEqual({ thing: 'as-2', why: '大修刚做过' });
  expect(await screen.findByText('大修刚做过')).toBeTruthy();
});

test('the year says in words what each mark stands for, and which day is reckoned', async () => {
  const { container } = await open(at('upkeep/year?year=2026'), upkeep);
  expect(await screen.findByText(/^计划 12-25/)).toBeTruthy();
  expect(screen.getByText('≈25')).toBeTruthy();
  expect(container.querySelectorAll('td[data-none]').length).toBe(11);
  expect(await violations(container)).toEqual([]);
});
