import { act, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import type { Call } from '../../testing/fake';
import { refusal } from '../../testing/fake';
import { as, at, choose, open, press, type } from '../../testing/page';
import type { Desk, Queue, Row, Whole } from './types';

const now = Date.UTC(2026, 10, 23, 14, 58);
const minutes = (n: number) => now + n * 60_000;
const row: Row = {
  id: 'r-1', number: 'R-0001', kind: 'repair', class: 'water', urgency: 'urgent', state: 'new', channel: 'code', place: '5 栋',
  target: null, text: '<b>没水了</b>', owner: null, offered_to: null, department: null, window: null, opened_ms: minutes(-12), next_due_ms: minutes(3),
  deadlines: [{ clause: 'P1-02', what: 'arrive', due_ms: minutes(3), span_ms: 900_000, state: 'running', came_ms: null }], unread: true, satisfied: null,
}; // prettier-ignore
const whole: Whole = {
  ...row, language: 'zh', done_ms: null, closed_ms: null, urged: 0, reopened: 0, erased: false, contact: { name: '马女士', phone: '138 0000 0001' }, links: 1,
  events: [{ id: 'e-1', at_ms: minutes(-12), kind: 'opened', by: null, text: '没水了', photos: [1], detail: {} }],
  orders: [], merged_into: null, merged: [], doubles: [{ id: 'r-2', number: 'R-0002', kind: 'repair', state: 'new', opened_ms: minutes(-5), text: '停水了？' }], now_ms: now,
}; // prettier-ignore
const desk: Desk = { phone: '', emergency_phone: '', urgent_classes: ['water'], takes_reports: true, contact_days: 90, handlers: [{ id: 'p-me', name: '陈静' }, { id: 'p-2', name: '何伟' }], teams: [{ id: 'tm-1', name: { zh: '工程班', en: 'Engineering' } }], me: 'p-me' };

/** The desk's side of the server; `acts` answers what is done with the request. */
function server(acts: (body: Record<string, unknown>) => ReturnType<typeof refusal> | Whole = () => whole) {
  return (call: Call) => {
    const [path = ''] = call.path.split('?');
    if (path.endsWith('/desk')) return { status: 200, body: desk };
    if (path.endsWith('/acts')) {
      const said = acts(call.body as Record<string, unknown>);
      return 'status' in said ? said : { status: 200, body: said };
    }
    if (path.endsWith('/link')) return { status: 201, body: { url: 'https://patrol.example.org/R/ABC', qr: ['101', '010', '101'] } };
    if (path.endsWith('/callers')) return { status: 200, body: { requests: [{ ...whole.doubles[0]!, name: '马女士', place: '3-501' }] } };
    if (path.endsWith('/requests/r-1')) return { status: 200, body: whole };
    if (path.endsWith('/requests') && call.method === 'POST') return { status: 201, body: whole };
    if (path.endsWith('/requests')) {
      const body: Queue = { requests: [row], more: false, counts: { new: 1, open: 0, done: 0, late: 0 }, now_ms: now };
      return { status: 200, body };
    }
    return as('desk')(call);
  };
}

test('the queue tells what is due next and shows markup as text', async () => {
  const { container } = await open(at('requests'), server());
  const line = (await screen.findByText('还剩 3 分')).closest('tr')!;
  expect(line.className).toBe('pressing');
  expect(within(line).getByText('<b>没水了</b>')).toBeTruthy();
  expect(within(line).getByText('没人受理')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('the keys of the desk go to a new request and to the search', async () => {
  await open(at('requests'), server());
  await screen.findByText('还剩 3 分');
  await act(() => void fireEvent.keyDown(document.body, { key: '/' }));
  expect(document.activeElement?.id).toBe('desk-search');
  await act(() => void fireEvent.keyDown(document.activeElement!, { key: 'n' }));
  expect(location.hash).toBe(at('requests'));
  await act(() => void fireEvent.keyDown(document.body, { key: 'n' }));
  expect(location.hash).toBe(at('requests/new'));
});

test('who calls again is known by the number, and what is typed is sent as typed', async () => {
  const { calls, container } = await open(at('requests/new'), server());
  await type(await screen.findByLabelText('什么事'), '没水了');
  await type(screen.getByLabelText(/来电号码/), '13800000001');
  expect(await screen.findByText('马女士 以前来过')).toBeTruthy();
  await press(screen.getByRole('button', { name: '用这个称呼和地点' }));
  await choose(screen.getByLabelText('哪方面'), 'water');
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '登记' }));
  await waitFor(() => expect(location.hash).toBe(at('requests/r-1')));
  expect(calls.find((call) => call.method === 'POST')?.body).toMatchObject({ kind: 'repair', class: 'water', channel: 'phone', text: '没水了', place: '3-501', contact: { name: '马女士', phone: '13800000001' }, urgency: null, window: null });
});

test('a request is taken; one that somebody took first says so and is shown anew', async () => {
  const { calls } = await open(at('requests/r-1'), server(() => refusal('request-taken', 409)));
  await press(await screen.findByRole('button', { name: '受理' }));
  expect((await screen.findByRole('alert')).textContent).toBe('已经有人受理了');
  await waitFor(() => expect(calls.filter((call) => call.method === 'GET' && call.path.endsWith('/requests/r-1'))).toHaveLength(2));
});

test('what is told to who asked says that they read it; a refusal keeps what was typed', async () => {
  const said: unknown[] = [];
  const refused = { ...refusal('invalid-body', 422, { errors: { json: { text: ['Missing data for required field.'] } } }) };
  await open(at('requests/r-1'), server((body) => { said.push(body); return said.length === 1 ? refused : { ...whole, unread: false }; })); // prettier-ignore
  await press(await screen.findByRole('button', { name: '告诉对方' }));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText('这段话会显示在对方的链接里')).toBeTruthy();
  await type(within(dialog).getByLabelText('要说的话'), '马上到');
  await press(within(dialog).getByRole('button', { name: '发给对方' }));
  expect(await within(dialog).findByRole('alert')).toBeTruthy();
  expect((within(dialog).getByLabelText('要说的话') as HTMLTextAreaElement).value).toBe('马上到');
  await press(within(dialog).getByRole('button', { name: '发给对方' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(said).toEqual([{ act: 'tell', text: '马上到' }, { act: 'tell', text: '马上到' }]);
});

test('sorting sends only what was changed', async () => {
  const said: unknown[] = [];
  await open(at('requests/r-1'), server((body) => { said.push(body); return whole; })); // prettier-ignore
  await press(await screen.findByRole('button', { name: '改分类' }));
  const dialog = await screen.findByRole('dialog');
  await choose(within(dialog).getByLabelText('责任部门'), 'tm-1');
  await press(within(dialog).getByRole('button', { name: '保存' }));
  await waitFor(() => expect(said).toEqual([{ act: 'sort', department: 'tm-1' }]));
});

test('a new private link is shown once, with its code', async () => {
  const { container } = await open(at('requests/r-1'), server());
  await press(await screen.findByRole('button', { name: '发新链接' }));
  expect(await screen.findByText('https://patrol.example.org/R/ABC')).toBeTruthy();
  expect(screen.getByRole('img', { name: '私人链接的二维码' })).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('what may be the same thing is merged into the other', async () => {
  const said: unknown[] = [];
  await open(at('requests/r-1'), server((body) => { said.push(body); return whole; })); // prettier-ignore
  await press(await screen.findByRole('button', { name: '并到 R-0002' }));
  await waitFor(() => expect(said).toEqual([{ act: 'merge', into: 'r-2' }]));
});
