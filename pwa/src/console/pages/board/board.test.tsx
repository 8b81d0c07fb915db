import { screen, waitFor, within } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { violations } from '../../../testing/axe';
import { board } from '../../testing/estate';
import { refusal } from '../../testing/fake';
import { as, at, open, pass, press } from '../../testing/page';
import { place } from '../../route';

afterEach(() => vi.useRealTimers());

test('the board says what was due, what is proven and what cannot be said', async () => {
  await open(at('board'));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
  expect(screen.getByText('完成率 79–92% · 未回传和待核实的 3 次还不能定')).toBeTruthy();
  expect(screen.getByText(/最后收到 22:57 · 6 部手机中 2 部未回传/)).toBeTruthy();
});

test('every bar is a link named by its time, its state and its stops', async () => {
  await open(at('board'));
  const link = await screen.findByRole('link', { name: '22:00 至 23:30，进行中，5/7' });
  expect(link.getAttribute('href')).toBe(at('rounds/occ-4'));
  expect(screen.getByRole('link', { name: '12:00 至 14:00，超时完成，7/7，最后一点 14:25' })).toBeTruthy();
  expect(screen.getByRole('link', { name: '08:00 至 12:00，免巡，大雨' })).toBeTruthy();
});

test('a bar of a round that nobody began says its stops too', async () => {
  await open(at('board'));
  expect(await screen.findByRole('link', { name: '14:00 至 16:00，漏巡，0/9' })).toBeTruthy();
  expect(screen.getAllByRole('link', { name: '00:30 至 02:00，未到时间，7 个点' })).toHaveLength(1);
});

test('a number stands in a bar only where it fits whole', async () => {
  const width = (px: number) => vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(px);
  const wide = width(724);
  const { unmount } = await open(at('board'));
  const figure = async () => (await screen.findByRole('link', { name: '18:00 至 20:00，已完成，9/9' })).querySelector('.c')?.textContent;
  expect(await figure()).toBe('9/9');
  unmount();
  wide.mockRestore();
  const narrow = width(480);
  await open(at('board'));
  expect(await figure()).toBeUndefined();
  narrow.mockRestore();
});

test('a bar is placed by custom properties, which the policy allows, and not by an attribute of the markup', async () => {
  await open(at('board'));
  const link = await screen.findByRole('link', { name: '22:00 至 23:30，进行中，5/7' });
  const bar = link.closest('li') as HTMLElement;
  expect(bar.style.getPropertyValue('--a')).toBe('0.6667');
  expect(bar.style.getPropertyValue('--p')).toBe('0.714');
  expect(bar.dataset['s']).toBe('progress');
});

test('a number of the tally filters the lanes and stands in the address', async () => {
  await open(at('board'));
  const button = await screen.findByRole('button', { name: /2\s*未回传/ });
  expect(screen.getByRole('list', { name: '垃圾清运' })).toBeTruthy();
  await press(button);
  expect(place.value.query['state']).toBe('unheard');
  expect(button.getAttribute('aria-pressed')).toBe('true');
  expect(screen.queryByRole('list', { name: '垃圾清运' })).toBeNull();
  expect(screen.getByRole('list', { name: '消防巡查' })).toBeTruthy();
  await press(button);
  expect(screen.getByRole('list', { name: '垃圾清运' })).toBeTruthy();
});

test('silence is told with the phone and its last word, and never as missed', async () => {
  await open(at('board'));
  const column = within(await screen.findByRole('complementary', { name: '待我处理' }));
  const item = column.getAllByRole('listitem')[0]!;
  expect(item.textContent).toContain('5 号手机 19:42 后没消息，不算漏。');
  expect(item.dataset['tone']).toBe('unsure');
});

test('the order of the server is kept: what gets worse by waiting comes first', async () => {
  await open(at('board'));
  const column = within(await screen.findByRole('complementary', { name: '待我处理' }));
  expect(column.getAllByRole('listitem').map((item) => item.querySelector('.chip')?.textContent)).toEqual(['未回传', '漏巡', '超报警限', '待核实', '部分完成', '需说明']);
});

test('the marks of one round are one item that counts them, and the alarms of one meter are one', async () => {
  await open(at('board'));
  const column = within(await screen.findByRole('complementary', { name: '待我处理' }));
  const marked = column.getByRole('link', { name: '园区巡查 08:00–10:00' });
  expect(marked.getAttribute('href')).toBe(at('rounds/occ-1'));
  expect(marked.closest('li')!.textContent).toContain('5 条记录要说明：走得太快 4 条、时钟不准 2 条。');
  expect(column.getByText('水泵房、排污泵 · 生活水泵房 · 3 次，最近 16:20')).toBeTruthy();
});

test('marked visits of no round lead to the log of the day with only the marked ones', async () => {
  const stray = { ...board.attention.at(-1)!, occurrence: null, plan: null, to_ms: null, count: 2 };
  await open(at('board'), (call) => (call.path.includes('/board') ? { status: 200, body: { ...board, attention: [stray] } } : undefined));
  const link = await screen.findByRole('link', { name: '不在计划里' });
  expect(link.getAttribute('href')).toBe(at('log?from=2026-11-23&to=2026-11-23&marked=true'));
});

test('a viewer sees the board without acts', async () => {
  await open(at('board'), as('viewer'));
  await screen.findByRole('complementary', { name: '待我处理' });
  expect(screen.queryByRole('link', { name: '免巡' })).toBeNull();
  expect(screen.queryByRole('link', { name: '项目' })).toBeNull();
  expect(screen.queryByRole('heading', { name: /谁在哪/ })).toBeNull();
});

test('the page asks again every 15 seconds with the tag of what it has', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const tags: (string | null)[] = [];
  await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  const answering = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    tags.push(new Headers(init?.headers).get('If-None-Match'));
    return tags.length === 1 ? new Response(null, { status: 304 }) : answering(input, init);
  };
  await pass(15_100);
  await pass(15_100);
  expect(tags).toEqual(['"board-1"', '"board-1"']);
  expect(screen.getByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('when the server falls silent the last board stands and says of when it is', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  globalThis.fetch = () => Promise.reject(new TypeError('failed'));
  await pass(15_100);
  expect(screen.getByText(/服务器没有应答。/).textContent).toMatch(/下面是 \d\d:\d\d 的样子/);
  expect(screen.getByRole('link', { name: '22:00 至 23:30，进行中，5/7' })).toBeTruthy();
});

test('a refused board says why and offers nothing that cannot be', async () => {
  await open(at('board'), (call) => (call.path.includes('/board') ? refusal('busy', 503) : undefined));
  expect(await screen.findByText('服务器正忙，稍后再试')).toBeTruthy();
});

test('a day without plans says what to do first', async () => {
  await open(at('board'), (call) => (call.path.includes('/board') ? { status: 200, body: { ...board, lanes: [], attention: [], whereabouts: [] } } : undefined));
  expect(await screen.findByText('这一天没有计划')).toBeTruthy();
  expect(screen.getByRole('link', { name: '新建计划' }).getAttribute('href')).toBe(at('plans/new'));
});

test('the board is free of barriers that a machine can find', async () => {
  const { container } = await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  expect(await violations(container)).toEqual([]);
});

test('a round whose stops all came is told as part done for want of the second person', async () => {
  const row = { ...board.attention[0]!, kind: 'partial' as const, done: 11, total: 11, stops: [] };
  await open(at('board'), (call) => (call.path.includes('/board') ? { status: 200, body: { ...board, attention: [row] } } : undefined));
  expect(await screen.findByText('到了 11 / 11 点。该两人都扫的点只有一人扫。')).toBeTruthy();
});

const corrected = {
  kind: 'corrected', occurrence: 'occ-9', visit: null, plan: { zh: '园区夜巡', en: 'Grounds, night' }, from_ms: board.from_ms, to_ms: board.from_ms + 3_600_000, done: 7, total: 7,
  device: { id: 'd-5', name: '5 号手机', heard_ms: board.now_ms }, reading: null, lower_ms: null, upper_ms: null, stops: null, count: null, marks: null,
  correction: { report: 'rep-1', was: 'missed', was_ms: board.from_ms, state: 'done', at_ms: board.from_ms + 7_200_000 },
}; // prettier-ignore
const withCorrection = (call: { path: string; method: string }) => {
  if (call.path.includes('/board')) return { status: 200, body: { ...board, attention: [corrected, ...board.attention] } };
  return call.path.endsWith('/corrections/seen') ? { status: 204, body: null } : undefined;
};

test('what was reported wrongly says so with both states until one has taken note', async () => {
  const { calls } = await open(at('board'), withCorrection);
  expect(await screen.findByText('已更正，原报漏巡')).toBeTruthy();
  expect(screen.getByText(/现在是「已完成」，7 \/ 7 点。.*来自 5 号手机/)).toBeTruthy();
  expect(screen.getByRole('link', { name: /园区夜巡/ }).getAttribute('href')).toBe(at('rounds/occ-9'));
  await press(screen.getByRole('button', { name: '知道了' }));
  expect(calls.findLast((call) => call.path.endsWith('/corrections/seen'))?.body).toEqual({ reports: ['rep-1'] });
  await waitFor(() => expect(screen.queryByText('已更正，原报漏巡')).toBeNull());
});
