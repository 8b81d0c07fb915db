import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { takePhoto } from '../../camera/photo';
import { ActionError, dropDraft, saveDraft, submitAnswers } from '../../testing/seam/actions';
import { pumpRoom, setScene } from '../../testing/seam/scene';
import { violations } from '../../testing/axe';
import { Checklist } from './Checklist';

// the camera and its pictures are the one double here
vi.mock('../../camera/photo', () => ({ takePhoto: vi.fn() }));

const to = { name: 'form', occurrence: 'o-1', stop: 's-5', scan: 'the-scan' } as const;
const KEY = 'w-0 form o-1 s-5';

beforeEach(async () => {
  setScene();
  await dropDraft(KEY);
  vi.mocked(takePhoto).mockResolvedValue({ bytes: new Uint8Array([1, 2, 3]), mime: 'image/jpeg' });
});

async function open() {
  const view = render(<Checklist to={to} />);
  await waitFor(() => expect(screen.getByText('有没有跑冒滴漏？')).toBeTruthy());
  return view;
}

/** Give the photo input of a field a picture. */
function photograph(container: Element, field: string) {
  const input = container.querySelector(`#field-${field} input[type=file]`)!;
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg', { type: 'image/jpeg' })], configurable: true });
  fireEvent.change(input);
}

function enter(value: string) {
  fireEvent.click(screen.getByText(/输入读数|^改$/));
  for (const key of value) fireEvent.click(key === '.' ? screen.getByLabelText('小数点') : screen.getAllByText(key).at(-1)!);
  fireEvent.click(screen.getByText('确定'));
}

async function fillAll(container: Element, value = '0.45') {
  fireEvent.click(screen.getByLabelText('正常'));
  enter(value);
  photograph(container, 'dial');
  await waitFor(() => expect(container.querySelector('#field-dial .shot img')).toBeTruthy());
  fireEvent.click(screen.getByLabelText('1 号泵'));
}

test('the main act names what is missing and leads there, one after the other', async () => {
  const { container } = await open();
  expect(screen.getByText('还差 4 项：有没有跑冒滴漏？')).toBeTruthy();
  fireEvent.click(screen.getByText('还差 4 项：有没有跑冒滴漏？'));
  expect(document.activeElement?.id).toBe('field-leaks');
  fireEvent.click(screen.getByLabelText('正常'));
  expect(screen.getByText('还差 3 项：出水压力')).toBeTruthy();
  expect(submitAnswers).not.toHaveBeenCalled();
  expect(await violations(container)).toEqual([]);
});

test('what is filled in goes into one record: answers, texts and photos with their fields', async () => {
  const { container } = await open();
  await fillAll(container);
  fireEvent.input(screen.getByLabelText(/备注/), { target: { value: '滤网该换了' } });
  fireEvent.click(screen.getByText('存下'));
  await waitFor(() => expect(submitAnswers).toHaveBeenCalledOnce());
  expect(submitAnswers).toHaveBeenCalledWith({
    occurrence: 'o-1',
    stop: 's-5',
    target: { kind: 'checkpoint', id: 'c-5' },
    scan: 'the-scan',
    form: pumpRoom,
    values: { leaks: 'ok', pressure: '0.45', dial: { photos: 1 }, running: 'p1', remark: { private: true } },
    texts: { remark: '滤网该换了' },
    note: null,
    photos: [{ key: expect.any(String), field: 'dial', bytes: new Uint8Array([1, 2, 3]), mime: 'image/jpeg' }],
    meters: {},
  });
  await waitFor(() => expect(dropDraft).toHaveBeenCalledWith(KEY));
  expect(location.hash).toMatch(/^#\/saved\/\d+$/);
});

test('a value over the alarm says so in words, and what follows', async () => {
  const { container } = await open();
  enter('0.72');
  expect(screen.getByText('超上限')).toBeTruthy();
  expect(container.querySelector('#field-pressure')!.className).toContain('field--bad');
  expect(container.querySelector('#field-pressure')!.textContent).toContain('超过报警上限 0.65。请拍表盘');
  expect(await violations(container)).toEqual([]);
});

test('a fault opens photo and note in place; the note is kept only while the fault stands', async () => {
  const { container } = await open();
  await fillAll(container);
  fireEvent.click(screen.getByLabelText('异常'));
  expect(screen.getByText('还差 1 项：有没有跑冒滴漏？')).toBeTruthy();
  photograph(container, 'leaks');
  await waitFor(() => expect(screen.getByText('存下')).toBeTruthy());
  fireEvent.input(screen.getByLabelText(/说一句/), { target: { value: '接头滴水' } });
  fireEvent.click(screen.getByText('存下'));
  await waitFor(() => expect(submitAnswers).toHaveBeenCalledOnce());
  expect(vi.mocked(submitAnswers).mock.calls[0]![0]).toMatchObject({ texts: { leaks: '接头滴水' }, values: { leaks: 'fault' } });
});

test('a note on a fault that was taken back does not travel', async () => {
  const { container } = await open();
  fireEvent.click(screen.getByLabelText('异常'));
  fireEvent.input(screen.getByLabelText(/说一句/), { target: { value: '接头滴水' } });
  await fillAll(container);
  fireEvent.click(screen.getByText('存下'));
  await waitFor(() => expect(submitAnswers).toHaveBeenCalledOnce());
  expect(vi.mocked(submitAnswers).mock.calls[0]![0]).toMatchObject({ texts: {} });
});

test('a meter that cannot be read says why and counts as answered', async () => {
  await open();
  fireEvent.click(screen.getByLabelText('正常'));
  fireEvent.click(screen.getByText('输入读数'));
  fireEvent.click(screen.getByText('无法读数'));
  fireEvent.click(screen.getByLabelText('太暗'));
  expect(screen.getByText('无法读数 · 太暗')).toBeTruthy();
  expect(screen.getByText('还差 2 项：表盘照片')).toBeTruthy();
});

test('a half-filled checklist is there again, with its photos', async () => {
  const first = await open();
  fireEvent.click(screen.getByLabelText('正常'));
  photograph(first.container, 'dial');
  await waitFor(() => expect(first.container.querySelector('#field-dial .shot img')).toBeTruthy());
  first.unmount();
  expect(saveDraft).toHaveBeenCalled();

  const { container } = await open();
  expect(screen.getByText('上次没填完，接着填')).toBeTruthy();
  expect((screen.getByLabelText('正常') as HTMLInputElement).checked).toBe(true);
  expect(container.querySelectorAll('#field-dial .shot img').length).toBe(1);
});

test('a phone without room says that nothing was saved, and keeps what was filled in', async () => {
  vi.mocked(submitAnswers).mockRejectedValueOnce(new ActionError('store-full'));
  const { container } = await open();
  await fillAll(container);
  fireEvent.click(screen.getByText('存下'));
  await waitFor(() => expect(screen.getByText('手机空间不够，没存下来。删些东西再存')).toBeTruthy());
  expect(dropDraft).toHaveBeenCalledTimes(1);
  expect(screen.getByText('存下')).toBeTruthy();
  expect((screen.getByLabelText('正常') as HTMLInputElement).checked).toBe(true);
});

test('a picture that cannot be read is said at its field and the rest stays', async () => {
  vi.mocked(takePhoto).mockRejectedValueOnce(new Error('no picture'));
  const { container } = await open();
  photograph(container, 'dial');
  await waitFor(() => expect(container.querySelector('#field-dial')!.textContent).toContain('这张读不出来，请再拍'));
});

test('a photo is removed only after a question', async () => {
  const { container } = await open();
  photograph(container, 'dial');
  await waitFor(() => expect(container.querySelector('#field-dial .shot img')).toBeTruthy());
  fireEvent.click(screen.getByLabelText('删去照片 1'));
  fireEvent.click(screen.getByText('留着'));
  expect(container.querySelectorAll('#field-dial .shot img').length).toBe(1);
  fireEvent.click(screen.getByLabelText('删去照片 1'));
  fireEvent.click(screen.getByText('删去'));
  await waitFor(() => expect(container.querySelector('#field-dial .shot img')).toBeNull());
});
