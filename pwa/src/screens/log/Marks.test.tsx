import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { ActionError, dropDraft, explainRecord } from '../../testing/seam/actions';
import { setScene } from '../../testing/seam/scene';
import { log } from '../../testing/seam/state';
import { Marks } from './Marks';

const marked = () => log.value.find(({ marks }) => marks.length > 0)!;

beforeEach(async () => {
  setScene();
  await dropDraft(`w-0 explain ${marked().hash}`);
});

async function open() {
  const view = render(<Marks entry={marked()} />);
  await screen.findByText('说明情况');
  return view;
}
const box = () => screen.getByLabelText<HTMLTextAreaElement>('说明情况');

test('what was begun is there when the page is opened again, until it is saved', async () => {
  const first = await open();
  fireEvent.input(box(), { target: { value: '两点挨着' } });
  first.unmount();

  const again = await open();
  await waitFor(() => expect(box().value).toBe('两点挨着'));
  fireEvent.click(screen.getByText('存下说明'));
  await screen.findByText('已存在本机，主管会看到');
  expect(explainRecord).toHaveBeenCalledExactlyOnceWith(marked().hash, '两点挨着');
  await waitFor(() => expect(box().value).toBe(''));
  again.unmount();

  await open();
  expect(box().value).toBe('');
});

test('an explanation that could not be saved stays, also over a second saying', async () => {
  vi.mocked(explainRecord).mockRejectedValueOnce(new ActionError('store-full'));
  const first = await open();
  fireEvent.input(box(), { target: { value: '门锁了' } });
  fireEvent.click(screen.getByText('存下说明'));
  await waitFor(() => expect(document.querySelector('.note[data-tone=bad]')).toBeTruthy());
  expect(box().value).toBe('门锁了');
  first.unmount();

  await open();
  expect(box().value).toBe('门锁了');
  fireEvent.click(screen.getByText('存下说明'));
  await waitFor(() => expect(box().value).toBe(''));
  fireEvent.input(box(), { target: { value: '后来开了' } });
  fireEvent.click(screen.getByText('存下说明'));
  await waitFor(() => expect(explainRecord).toHaveBeenCalledTimes(3));
});
