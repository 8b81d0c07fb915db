import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { setLanguage } from '../../i18n/t';
import { violations } from '../../testing/axe';
import { lookAhead, scanCheckpoint, skipStop } from '../../testing/seam/actions';
import { scanned } from '../../testing/seam/acts';
import { nightRound, setScene } from '../../testing/seam/scene';
import { now, person, roster, rounds } from '../../testing/seam/state';
import type { RoundView, StopView } from '../../state/today';
import { Scan } from '../scan/Scan';
import { useScanner, type Hit } from '../scan/useScanner';
import { Round } from './Round';
import { Skip } from './Skip';

vi.mock('../scan/useScanner', () => ({ useScanner: vi.fn() }));

const to = { name: 'round', occurrence: 'o-1' } as const;
const change = (n: number, more: Partial<StopView>, round: Partial<RoundView> = {}) => {
  rounds.value = [{ ...nightRound, ...round, stops: nightRound.stops.map((stop, i) => (i === n - 1 ? { ...stop, ...more } : stop)) }];
};
const card = (container: Element) => container.querySelector('.stop[data-s="next"]')!;

beforeEach(() => {
  setScene();
  location.hash = '#/round/o-1';
});

test('a stop says how long one stays, counts down, and then what shows it', async () => {
  change(4, { stay: { ms: 60_000, since: null, enough: false } });
  const { container, rerender } = render(<Round to={to} />);
  expect(card(container).textContent).toContain('要停留 1 分');
  change(4, { stay: { ms: 60_000, since: now.value - 20_000, enough: false } });
  rerender(<Round to={to} />);
  await waitFor(() => expect(card(container).textContent).toMatch(/还要停留 (40|39) 秒/));
  change(4, { stay: { ms: 60_000, since: now.value - 61_000, enough: false } });
  await waitFor(() => expect(card(container).textContent).toContain('时间到了，再扫一次这个码'));
  expect(await violations(container)).toEqual([]);
});

test('a stop’s own window is told, and when it is not now, what that means', async () => {
  change(4, { window: { from: now.value - 60_000, to: now.value + 60_000 } });
  const { container } = render(<Round to={to} />);
  expect(card(container).textContent).toContain('22:40 至 22:42 到');
  change(4, { window: { from: now.value + 60_000, to: now.value + 120_000 } });
  await waitFor(() => expect(card(container).textContent).toContain('还没到这个点的时间，22:42 起才算'));
  change(4, { window: { from: now.value - 120_000, to: now.value - 60_000 } });
  await waitFor(() => expect(card(container).textContent).toContain('过了这个点的时间，算超时'));
});

test('who lacks the certificate is told so before the walk, and who holds it', async () => {
  change(4, { certificate: 'electrician_low' });
  const { container } = render(<Round to={to} />);
  expect(card(container).textContent).toContain('要低压电工证 · 你没有这个证');
  expect(card(container).textContent).toContain('本项目没人有这个证');
  roster.value = roster.value.map((one) => (one.name === '赵立军' ? { ...one, certificates: [{ kind: 'electrician_low', until: '2026-11-22' }] } : one));
  await waitFor(() => expect(card(container).textContent).toContain('有证的人：赵立军'));
  person.value = roster.value.find((one) => one.name === '赵立军')!;
  await waitFor(() => expect(card(container).textContent).not.toContain('你没有这个证'));
  expect(card(container).textContent).toContain('要低压电工证');
});

test('a crew is told what both do, and what was drawn only once the round has begun', async () => {
  const { container } = render(<Round to={to} />);
  expect(container.textContent).toContain('起点、终点和抽到的两个点，两人都要扫，相隔不超过 10 分');
  expect(container.textContent).not.toContain('抽到 ');
  rounds.value = [{ ...nightRound, stops: nightRound.stops.map((stop, i) => (i === 3 || i === 5 ? { ...stop, both: true } : stop)) }];
  await waitFor(() => expect(container.textContent).toContain('抽到 4、6 号点。'));
  expect(card(container).textContent).toContain('这个点两人都要扫');
  expect(await violations(container)).toEqual([]);
});

test('a special round says why it is walked, in the words that were given or else by its kind', async () => {
  rounds.value = [{ ...nightRound, special: { why: 'storm', text: '橙色预警，先看水景' } }];
  const { container } = render(<Round to={to} />);
  expect(container.textContent).toContain('橙色预警，先看水景');
  rounds.value = [{ ...nightRound, special: { why: 'storm', text: '' } }];
  await waitFor(() => expect(container.textContent).toContain('暴雨大风'));
});

test('a stop that cannot be reached is skipped with a reason, in both languages without a barrier', async () => {
  const { container } = render(<Skip to={{ name: 'skip', occurrence: 'o-1', stop: 's-4' }} />);
  await waitFor(() => expect(screen.getByText('选一个原因')).toBeTruthy());
  expect(await violations(container)).toEqual([]);
  fireEvent.click(screen.getByText('别的原因'));
  await waitFor(() => expect(screen.getByText('还要几个字或一张照片')).toBeTruthy());
  fireEvent.click(screen.getByText('锁着，没钥匙'));
  fireEvent.click(await screen.findByText('存下，跳过这个点'));
  await waitFor(() => expect(location.hash).toBe('#/round/o-1'));
  expect(skipStop).toHaveBeenCalledWith({ occurrence: 'o-1', stop: 's-4', target: nightRound.stops[3]!.target, reason: 'locked', note: null, photos: [] });
  await setLanguage('en');
  await waitFor(() => expect(container.textContent).toContain('Why can it not be reached?'));
  expect(container.textContent).not.toMatch(/[\u4e00-\u9fff]{3}原因/);
});

test('a skipped stop stands apart with its reason and can still be scanned', async () => {
  change(4, { state: 'skipped', skipped: { reason: 'works', at: now.value, hash: 'h' } });
  const { container } = render(<Round to={to} />);
  expect(container.textContent).toContain('跳过的点 1');
  const row = screen.getByText('已跳过：正在施工').closest('a')!;
  expect(row.getAttribute('href')).toBe('#/scan/o-1/s-4');
  expect(await violations(container)).toEqual([]);
});

test('where order is enforced a code of another stop is asked about before it is kept', async () => {
  let appear: (hit: Hit) => Promise<void> = () => Promise.resolve();
  vi.mocked(useScanner).mockImplementation((onHit) => {
    appear = onHit;
    return { state: 'looking', video: { current: null }, frame: { current: null }, camera: null, retry: vi.fn(), fromPhoto: vi.fn() };
  });
  change(4, {}, { enforced: true });
  const ref = (n: number) => ({ id: `s-${n}`, number: n, name: nightRound.stops[n - 1]!.name, target: nightRound.stops[n - 1]!.target, form: null });
  lookAhead.mockResolvedValueOnce({ stop: ref(6), next: ref(4) });
  vi.mocked(scanCheckpoint).mockResolvedValueOnce({ ...scanned, occurrence: 'o-1', stop: ref(6), outOfOrder: true });
  const { container } = render(<Scan to={{ name: 'scan', occurrence: 'o-1', stop: null }} />);
  await appear({ text: 'HTTPS://R/T/X', frame: new Uint8Array(1), method: 'camera' });
  await waitFor(() => expect(screen.getByText('不是下一个点。照样存吗？')).toBeTruthy());
  expect(scanCheckpoint).not.toHaveBeenCalled();
  expect(container.textContent).not.toContain('已存');
  expect(await violations(container)).toEqual([]);
  fireEvent.click(screen.getByText('照样存 6 号点'));
  await waitFor(() => expect(screen.getByText('6 号点 · 已存在本机')).toBeTruthy());
  expect(scanCheckpoint).toHaveBeenCalledTimes(1);
});
