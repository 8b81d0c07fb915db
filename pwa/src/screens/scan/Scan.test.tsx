import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ScanResult } from '../../actions/scanCheckpoint';
import { ActionError, scanCheckpoint } from '../../testing/seam/actions';
import { scanned } from '../../testing/seam/acts';
import { violations } from '../../testing/axe';
import { nightRound, setScene } from '../../testing/seam/scene';
import { rounds } from '../../testing/seam/state';
import { Saved } from '../saved/Saved';
import { lastPlace } from './last';
import { Scan } from './Scan';
import { useScanner, type Hit, type Scanner } from './useScanner';

// the camera is a double: a test lets a code appear before it
vi.mock('./useScanner', () => ({ useScanner: vi.fn() }));

let appear: (hit: Partial<Hit>) => Promise<void>;
const camera: Scanner = {
  state: 'looking',
  video: { current: null },
  frame: { current: null },
  camera: null,
  retry: vi.fn(),
  fromPhoto: vi.fn(),
};

function point(more: Partial<Scanner> = {}) {
  vi.mocked(useScanner).mockImplementation((onHit) => {
    appear = (hit) => onHit({ text: 'HTTPS://R/T/X', frame: new Uint8Array(2), method: 'camera', ...hit });
    return { ...camera, ...more };
  });
}

beforeEach(() => {
  setScene();
  lastPlace.value = null;
  location.hash = '#/scan/o-1';
  point();
});

const to = { name: 'scan', occurrence: 'o-1', stop: null } as const;
const stop4 = { id: 's-4', number: 4, name: nightRound.stops[3]!.name, target: nightRound.stops[3]!.target, form: null };
const place = { target: stop4.target, number: '14', name: stop4.name };
const answer = (result: Partial<ScanResult>) => vi.mocked(scanCheckpoint).mockResolvedValueOnce({ ...scanned, occurrence: 'o-1', ...result });

test('it asks for the next stop, by number and name, and hands on code and frame', async () => {
  const { container } = render(<Scan to={to} />);
  expect(container.querySelector('h1')!.textContent).toBe('请扫 4 号点的码 · 没网也能存地下车库 B1 东');
  answer({ stop: stop4, place });
  await appear({});
  expect(scanCheckpoint).toHaveBeenCalledWith({
    text: 'HTTPS://R/T/X',
    method: 'camera',
    occurrence: 'o-1',
    expectedStop: 's-4',
    frame: new Uint8Array(2),
  });
  expect(await violations(container)).toEqual([]);
});

test('walking on: saved is said in place, with the next stop, and the scanner stays open', async () => {
  render(<Scan to={to} />);
  answer({ stop: stop4, place });
  rounds.value = [{ ...nightRound, stops: nightRound.stops.map((s) => (s.id === 's-4' ? { ...s, state: 'done' } : s.id === 's-5' ? { ...s, state: 'next' } : s)) }];
  await appear({});
  await waitFor(() => expect(screen.getByText('4 号点 · 已存在本机')).toBeTruthy());
  expect(screen.getByText('下一个 5 号点 · 生活水泵房')).toBeTruthy();
  expect(location.hash).toBe('#/scan/o-1');
  fireEvent.click(screen.getByText('有异常'));
  expect(location.hash).toBe('#/finding/o-1/s-4');
});

test('after the scan of the other one of a crew, saved names them and leads on to the next stop', async () => {
  const { unmount } = render(<Scan to={to} second={{ id: 'p-2', name: '王海生' }} />);
  answer({ seq: 12, stop: stop4, place });
  await appear({});
  expect(location.hash).toBe('#/saved/12');
  unmount();
  const { container } = render(<Saved to={{ name: 'saved', seq: 12 }} />);
  expect(container.textContent).toContain('14 地下车库 B1 东 · 王海生');
  expect(container.querySelector('.btn--main')!.getAttribute('href')).toBe('#/scan/o-1');
});

test('a stop that asks for readings leads to its checklist with the scan', async () => {
  render(<Scan to={to} />);
  answer({ stop: { ...stop4, id: 's-5', number: 5 }, needsForm: true, hash: 'the-scan' });
  await appear({});
  expect(location.hash).toBe('#/form/o-1/s-5/the-scan');
});

test.each([
  ['unknown', '本机没有这个码。照样存下了', '上传后主管会看到'],
  ['retired', '这张码已停用，换过新的。照样存下了', '请找新贴的码再扫一次'],
  ['not_here', '这个点不在这一轮里。照样存下了', '要扫的是 4 号点 地下车库 B1 东'],
  ['no_tag', '这不是点位的码。内容已存下', '找带点位名字的码'],
] as const)('a code that is %s gets a clear sentence and says that it was kept', async (result, sentence, why) => {
  const { container } = render(<Scan to={to} />);
  answer({ result, place: result === 'not_here' ? place : null });
  await appear({});
  await waitFor(() => expect(screen.getByText(sentence)).toBeTruthy());
  expect(screen.getByText(why)).toBeTruthy();
  expect(container.querySelector('[data-tone="good"]')).toBeNull();
  expect(await violations(container)).toEqual([]);
  fireEvent.click(screen.getByText('接着扫'));
  expect(screen.queryByText(sentence)).toBeNull();
});

test('out of order, already done and a lost frame are said and nothing is hidden', async () => {
  render(<Scan to={to} />);
  answer({ stop: stop4, outOfOrder: true, already: true, frameKept: false });
  await appear({});
  await waitFor(() => expect(screen.getByText('不是下一个点，已照存，记为顺序不同')).toBeTruthy());
  expect(screen.getByText('4 号点已到过。这一次也存下了')).toBeTruthy();
  expect(screen.getByText('画面没存下：手机空间不够')).toBeTruthy();
});

test('what could not be saved is never called saved', async () => {
  vi.mocked(scanCheckpoint).mockRejectedValueOnce(new ActionError('store'));
  const { container } = render(<Scan to={to} />);
  await appear({});
  await waitFor(() => expect(screen.getByText('没存下来。请再存一次')).toBeTruthy());
  expect(container.textContent).not.toContain('已存');
});

test('a scan outside a round says where it was, and a report knows the place', async () => {
  render(<Scan to={{ name: 'scan', occurrence: null, stop: null }} />);
  answer({ occurrence: null, place });
  await appear({});
  await waitFor(() => expect(screen.getByText('地下车库 B1 东 · 已存在本机')).toBeTruthy());
  expect(lastPlace.value).toMatchObject({ target: place.target });
});

test.each([
  ['denied', '打不开相机。到手机设置里允许'],
  ['none', '这部手机没有相机'],
  ['busy', '相机被别的应用占用。关掉再试'],
  ['insecure', '这个地址不安全，浏览器不给相机'],
  ['engine', '识别程序没有下载好。连一次网'],
] as const)('without a picture (%s) it says why, offers another try and a photo', async (state, sentence) => {
  point({ state });
  const { container } = render(<Scan to={to} />);
  expect(screen.getByText(sentence)).toBeTruthy();
  fireEvent.click(screen.getByText('再试一次'));
  expect(camera.retry).toHaveBeenCalled();
  expect(screen.getByText('拍照识别')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('a photo without a code says so', async () => {
  point({ fromPhoto: () => Promise.resolve(false) });
  const { container } = render(<Scan to={to} />);
  const input = container.querySelector('input[type=file]')!;
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg')], configurable: true });
  fireEvent.change(input);
  await waitFor(() => expect(screen.getByText('照片里没有看到码。走近再拍')).toBeTruthy());
});

test('torch and zoom are there only where the phone has them, and the state is a word', async () => {
  const torch = vi.fn(() => Promise.resolve());
  render(<Scan to={to} />);
  expect(screen.queryByText(/手电/)).toBeNull();
  document.body.innerHTML = '';
  point({ camera: { close: () => undefined, torch } });
  render(<Scan to={to} />);
  fireEvent.click(screen.getByText('手电 关'));
  await waitFor(() => expect(screen.getByText('手电 开')).toBeTruthy());
  expect(torch).toHaveBeenCalledWith(true);
  expect(screen.queryByText(/放大/)).toBeNull();
});
