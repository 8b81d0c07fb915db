import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { ActionError, enrol, lacks, pollEnrolment } from '../../testing/seam/actions';
import { violations } from '../../testing/axe';
import { setScene } from '../../testing/seam/scene';
import { phase } from '../../testing/seam/state';
import { Enrol } from './Enrol';

const CODE = 'aB3_-xyzABCDEFGHIJKLMN';

beforeEach(() => {
  setScene();
  phase.value = 'new';
  location.hash = '';
});

test('the code in the address is there at once, and leaves the address when it is spent', async () => {
  location.hash = `#enrol=${CODE}`;
  const { container } = render(<Enrol />);
  expect(await violations(container)).toEqual([]);
  fireEvent.input(screen.getByLabelText(/给手机起个名字/), { target: { value: ' 4 号手机 ' } });
  expect(enrol).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText('登记'));
  expect(enrol).toHaveBeenCalledWith(CODE, '4 号手机');
  await waitFor(() => expect(location.hash).toBe('#/'));
});

test('a code that is scanned while the app is open is taken from the new address', async () => {
  render(<Enrol />);
  location.hash = `#enrol=${CODE}`;
  dispatchEvent(new HashChangeEvent('hashchange'));
  await waitFor(() => expect((screen.getByLabelText(/登记码/) as HTMLInputElement).value).toBe(CODE));
});

test('without a code the act says what is missing and leads to its field', () => {
  render(<Enrol />);
  fireEvent.click(screen.getByText('先填登记码'));
  expect(document.activeElement).toBe(screen.getByLabelText(/登记码/));
  fireEvent.input(screen.getByLabelText(/登记码/), { target: { value: `https://rounds.example/app/#enrol=${CODE}` } });
  fireEvent.click(screen.getByText('登记'));
  expect(enrol).toHaveBeenCalledWith(CODE, '');
});

test('a code that is used up or too old is said in words, and another may be entered', async () => {
  vi.mocked(enrol).mockRejectedValueOnce(new ActionError('enrolment-over'));
  location.hash = `#enrol=${CODE}`;
  render(<Enrol />);
  fireEvent.click(screen.getByText('登记'));
  await waitFor(() => expect(screen.getByText('登记码用过了或过期了。请要一个新的')).toBeTruthy());
  expect(location.hash).toBe(`#enrol=${CODE}`);
});

test.each([
  ['Mozilla/5.0 MicroMessenger/8.0.50', '点右上角“···”，选“在浏览器打开”。'],
  ['Mozilla/5.0 AlipayClient/10.5.90', '点右上角“···”，选“用浏览器打开”。'],
  ['Mozilla/5.0 DingTalk/7.6.0', '点右上角“···”，选“在浏览器打开”。'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', '先放到主屏幕'],
])('in %s nothing is asked of the server, and the code stays good and at hand', async (userAgent, words) => {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);
  location.hash = `#enrol=${CODE}`;
  const { container } = render(<Enrol />);
  expect(container.textContent).toContain(words);
  expect(container.textContent).toContain('登记码还没有用掉。');
  expect(container.textContent).toContain(CODE);
  expect(container.querySelector('.dock')).toBeNull();
  expect(location.hash).toBe(`#enrol=${CODE}`);
  expect(enrol).not.toHaveBeenCalled();
  expect(await violations(container)).toEqual([]);
  vi.restoreAllMocks();
});

test('what the phone cannot do is said before the code is used; what it cannot do without keeps it from joining', async () => {
  vi.mocked(lacks).mockResolvedValueOnce(['camera', 'install']);
  const view = render(<Enrol />);
  await waitFor(() => expect(view.container.textContent).toContain('没有相机：扫不了码，只能输短码。'));
  expect(view.container.querySelector('.dock')).not.toBeNull();
  view.unmount();
  vi.mocked(lacks).mockResolvedValueOnce(['store']);
  const { container } = render(<Enrol />);
  await waitFor(() => expect(container.querySelector('.dock')).toBeNull());
  expect(container.textContent).toContain('这个浏览器不能存数据，不能登记。');
});

test('while it waits it shows the word that both compare, and asks again by itself', async () => {
  vi.useFakeTimers();
  phase.value = 'waiting';
  const { container, unmount } = render(<Enrol />);
  expect(container.querySelector('.word')!.textContent).toBe('7F3K-92QD');
  await vi.advanceTimersByTimeAsync(6500);
  expect(vi.mocked(pollEnrolment).mock.calls.length).toBe(3);
  unmount();
  await vi.advanceTimersByTimeAsync(6500);
  expect(vi.mocked(pollEnrolment).mock.calls.length).toBe(3);
  vi.useRealTimers();
});

test('a supervisor who did not confirm is said, and a new code can be entered', async () => {
  phase.value = 'refused';
  const { container } = render(<Enrol />);
  expect(container.textContent).toContain('主管没有确认。请要一个新的登记码。');
  expect(screen.getByLabelText(/登记码/)).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});
