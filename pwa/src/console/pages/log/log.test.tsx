import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import { visitLook } from '../../parts/visit';
import { at as time, visits, ZONE } from '../../testing/estate';
import { at, follow, open, press } from '../../testing/page';
import { askFor, narrows, readFilters } from './filters';

const days = 'log?from=2026-11-22&to=2026-11-23';
const asked = (calls: { path: string }[]) => calls.map((call) => call.path).filter((path) => path.includes('/visits?')).at(-1) ?? '';

test('the days of the address are asked for from the start of the site’s day to the start of the next', () => {
  const filters = readFilters({ from: '2026-11-22', to: '2026-11-23' }, ZONE, 360, 0);
  const ask = new URLSearchParams(askFor(filters, ZONE, 360, 50));
  expect(Number(ask.get('from'))).toBe(time('06:00', -1));
  expect(Number(ask.get('to'))).toBe(time('06:00', 1));
});

test('without days the log shows today and yesterday, and days the wrong way round are still days', () => {
  expect(readFilters({}, ZONE, 360, time('02:00', 1))).toMatchObject({ from: '2026-11-22', to: '2026-11-23' });
  expect(readFilters({ from: '2026-12-01', to: '2026-11-01' }, ZONE, 0, 0)).toMatchObject({ from: '2026-11-01', to: '2026-11-01' });
  expect(narrows(readFilters({ from: '2026-11-22' }, ZONE, 0, 0))).toBe(false);
});

test('a row tells time, place, person, content, state and record', async () => {
  await open(at(days));
  const link = await screen.findByRole('link', { name: /地下车库 B1 西/ });
  const row = link.closest('tr')!;
  expect(link.getAttribute('href')).toBe(at('visits/v-811'));
  for (const words of ['22:36–22:43', '园区巡查', '王建国', '照片 2', '异常', '照片待传', '#811']) expect(row.textContent).toContain(words);
});

test('a visit whose time is only claimed is shown as claimed, even when its reading is in order', async () => {
  await open(at(days));
  const row = (await screen.findByRole('link', { name: /东垃圾房/ })).closest('tr')!;
  expect(row.textContent).toContain('约 06:42');
  expect(row.textContent).toContain('待核实');
  expect(row.textContent).not.toContain('已完成');
});

test('a visit whose code was not proven is claimed too, however good its time is', () => {
  const [good] = visits;
  expect(visitLook({ ...good!, faulty: false }).word).toBe('state.done');
  expect(visitLook({ ...good!, faulty: false, marks: ['tag_unproven'] }).word).toBe('state.unproven');
  expect(visitLook({ ...good!, quality: 'C' }).word).toBe('state.unproven');
  expect(visitLook({ ...good!, quality: 'B', faulty: false, late: true }).word).toBe('state.late');
});

test('a filter goes into the address and to the server, and clearing takes it out of both', async () => {
  const { calls } = await open(at(days));
  await screen.findByRole('link', { name: /东垃圾房/ });
  await press(screen.getByRole('button', { name: '只看有异常' }));
  await screen.findByRole('button', { name: '清除筛选' });
  expect(place.value.query).toEqual({ from: '2026-11-22', to: '2026-11-23', faulty: 'true' });
  expect(asked(calls)).toContain('faulty=true');
  await press(screen.getByRole('button', { name: '清除筛选' }));
  await screen.findByRole('link', { name: /东垃圾房/ });
  expect(place.value.query).toEqual({ from: '2026-11-22', to: '2026-11-23' });
});

test('the older page is asked for by the server’s cursor, and a new filter begins at the newest again', async () => {
  const { calls } = await open(at(days));
  const older = await screen.findByRole('link', { name: '更早' });
  await follow(older.getAttribute('href')!);
  expect(await screen.findByRole('link', { name: '最新' })).toBeTruthy();
  expect(asked(calls)).toContain('before=cursor-2');
  await press(screen.getByRole('button', { name: '只看需说明' }));
  expect(place.value.query['before']).toBeUndefined();
});

test('an empty log says what to do', async () => {
  await open(at(days), (call) => (call.path.includes('/visits?') ? { status: 200, body: { visits: [], next: null } } : undefined));
  expect(await screen.findByText('这里没有记录')).toBeTruthy();
  expect(screen.getByText('换个日期看看。')).toBeTruthy();
});

test('the log is free of barriers that a machine can find', async () => {
  const { container } = await open(at(days));
  await screen.findByRole('link', { name: /东垃圾房/ });
  expect(await violations(container)).toEqual([]);
});
