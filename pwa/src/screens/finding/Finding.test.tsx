import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { takePhoto } from '../../camera/photo';
import { dropDraft, reportFinding } from '../../testing/seam/actions';
import { nightRound, setScene } from '../../testing/seam/scene';
import { now } from '../../testing/seam/state';
import { violations } from '../../testing/axe';
import { lastPlace } from '../scan/last';
import { Finding } from './Finding';

vi.mock('../../camera/photo', () => ({ takePhoto: vi.fn() }));

const place = { target: { kind: 'checkpoint', id: 'c-9' } as const, number: '09', name: { zh: '化粪池', en: 'Septic tank' } };

beforeEach(async () => {
  setScene();
  lastPlace.value = null;
  await dropDraft('w-0 finding');
  vi.mocked(takePhoto).mockResolvedValue({ bytes: new Uint8Array([7]), mime: 'image/jpeg' });
});

async function open(occurrence: string | null, stop: string | null) {
  const view = render(<Finding to={{ name: 'finding', occurrence, stop }} />);
  await waitFor(() => expect(screen.getByText('什么事')).toBeTruthy());
  return view;
}

test('a report says where, what, how urgent, and needs a photo or a line', async () => {
  const { container } = await open('o-1', 's-3');
  expect(screen.getByText('3 地下车库 B1 西')).toBeTruthy();
  fireEvent.click(screen.getByText('先选什么事'));
  expect(document.activeElement?.id).toBe('what');
  fireEvent.click(screen.getByLabelText('占用消防通道'));
  fireEvent.click(screen.getByText('拍一张，或写一句'));
  expect(document.activeElement?.id).toBe('photos');
  fireEvent.click(screen.getByLabelText('马上来'));
  fireEvent.input(screen.getByLabelText(/补充说明/), { target: { value: '三轮车堵门' } });
  expect(await violations(container)).toEqual([]);
  fireEvent.click(screen.getByText('存下，报上去'));
  await waitFor(() => expect(reportFinding).toHaveBeenCalledOnce());
  expect(reportFinding).toHaveBeenCalledWith({
    occurrence: 'o-1',
    stop: 's-3',
    target: nightRound.stops[2]!.target,
    urgency: 'urgent',
    kind: 'blocked',
    note: '三轮车堵门',
    photos: [],
  });
  expect(location.hash).toMatch(/^#\/saved\//);
});

test('a photo alone is enough, and no text is asked of anybody', async () => {
  const { container } = await open(null, null);
  fireEvent.click(screen.getByLabelText('脏乱'));
  const input = container.querySelector('input[type=file]')!;
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg')], configurable: true });
  fireEvent.change(input);
  await waitFor(() => expect(screen.getByText('存下，报上去')).toBeTruthy());
  fireEvent.click(screen.getByText('存下，报上去'));
  await waitFor(() => expect(reportFinding).toHaveBeenCalledOnce());
  expect(vi.mocked(reportFinding).mock.calls[0]![0]).toMatchObject({ occurrence: null, target: null, note: null, photos: [{ field: null }] });
});

test('the tag that was scanned minutes ago says where; an old one does not', async () => {
  lastPlace.value = { ...place, at: now.value - 5 * 60_000 };
  const first = await open(null, null);
  expect(screen.getByText('09 化粪池')).toBeTruthy();
  first.unmount();
  lastPlace.value = { ...place, at: now.value - 15 * 60_000 };
  await open(null, null);
  expect(screen.getByText('不在点位上')).toBeTruthy();
  expect(screen.getByText('扫码定位').closest('a')!.getAttribute('href')).toBe('#/scan');
});
