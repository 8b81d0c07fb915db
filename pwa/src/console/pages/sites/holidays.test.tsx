import { screen, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { session } from '../../testing/estate';
import { refusal, type Answered, type Call } from '../../testing/fake';
import { open, press, type } from '../../testing/page';
import type { HolidayYear } from './days';

const known: HolidayYear = { year: 2026, in_library: true, said: null, unusual: [{ day: '2026-10-01', works: false }, { day: '2026-10-10', works: true }], differs: [] };
const unknown: HolidayYear = { year: 2027, in_library: false, said: null, unusual: [], differs: [] };
const said: HolidayYear = { year: 2027, in_library: false, said: { number: 2, free: ['2027-01-01'], working: [], at_ms: 1_796_000_000_000 }, unusual: [{ day: '2027-01-01', works: false }], differs: [] };

function answers(years: HolidayYear[], special: (call: Call) => Answered | undefined = () => undefined) {
  return (call: Call): Answered | undefined => {
    const answered = special(call);
    if (answered) return answered;
    if (call.path === '/holidays' && call.method === 'GET') return { status: 200, body: { years } };
    if (call.path === '/holidays/look') return { status: 200, body: said };
    return call.path === '/holidays' ? { status: 201, body: said } : undefined;
  };
}
const panel = (year: number) => screen.getByRole('heading', { name: String(year) }).closest('section')!;
const posts = (calls: Call[]) => calls.filter((call) => call.method === 'POST');

test('an announcement is pasted, looked at, and only then said', async () => {
  const { calls, container } = await open('#/sites/holidays', answers([known, unknown]));
  await screen.findByText('程序里已有国务院的安排');
  expect(panel(2026).textContent).toContain('10 月 10 日');
  await press(screen.getByRole('button', { name: '录入 2027 年' }));
  await type(screen.getByLabelText(/国务院通知原文/), '元旦：1月1日（周五）至2日（周六）放假。1月9日（周六）上班。');
  await press(screen.getByRole('button', { name: '填到下面' }));
  expect(await violations(container)).toEqual([]);
  expect((screen.getByLabelText('哪天') as HTMLInputElement).value).toBe('2027-01-09');

  await press(screen.getByRole('button', { name: '先看一看' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain('1 月 1 日');
  const body = { year: 2027, free: ['2027-01-01', '2027-01-02'], working: ['2027-01-09'] };
  expect(posts(calls)).toEqual([{ method: 'POST', path: '/holidays/look', body }]);
  await press(within(dialog).getByRole('button', { name: '保存' }));
  await screen.findByText('已保存');
  expect(posts(calls).at(-1)).toEqual({ method: 'POST', path: '/holidays', body });
});

test('what is wrong with a day stands at the row in which it was typed', async () => {
  const wrong = answers([known, unknown], (call) => (call.path === '/holidays/look' ? refusal('invalid-body', 422, { errors: { json: { working: { 0: ['Both off and worked'] } } } }) : undefined));
  await open('#/sites/holidays', wrong);
  await press(await screen.findByRole('button', { name: '录入 2027 年' }));
  await press(screen.getByRole('button', { name: '加一个上班日' }));
  await press(screen.getByRole('button', { name: '加一个上班日' }));
  await type(screen.getAllByLabelText('哪天')[1]!, '2027-01-01');
  await press(screen.getByRole('button', { name: '先看一看' }));
  expect(await screen.findByText('这天既放假又上班')).toBeTruthy();
  expect(screen.getAllByLabelText('哪天').map((field) => field.getAttribute('aria-invalid'))).toEqual([null, 'true']);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('what was said can be taken back, after a question', async () => {
  const { calls } = await open('#/sites/holidays', answers([known, said]));
  await press(await screen.findByRole('button', { name: '撤回 2027 年的录入' }));
  expect(posts(calls)).toEqual([]);
  await press(within(await screen.findByRole('dialog')).getByRole('button', { name: '撤回' }));
  expect(posts(calls)).toEqual([{ method: 'POST', path: '/holidays', body: { year: 2027, free: [], working: [] } }]);
});

test('who does not administer sees the days and no act', async () => {
  const looking = (call: Call) => (call.path === '/session' ? { status: 200, body: { ...session, administrator: false } } : undefined);
  await open('#/sites/holidays', answers([known, unknown], looking));
  await screen.findByText('程序里已有国务院的安排');
  expect(screen.queryByRole('button', { name: '录入 2027 年' })).toBeNull();
});
