import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { setScene } from '../testing/seam/scene';
import { KeepDock, useKeeping } from './keeping';

function Asking({ act }: { act: () => Promise<void> }) {
  const keeping = useKeeping();
  return <KeepDock keeping={keeping} lack={null} word="存" onKeep={() => keeping.keep(act)} />;
}

test('two quick presses keep one thing', async () => {
  setScene();
  let kept = 0;
  let finish = (): void => undefined;
  const act = () => new Promise<void>((done) => void (finish = done, kept += 1));
  render(<Asking act={act} />);
  const button = screen.getByText('存');
  fireEvent.click(button);
  fireEvent.click(button);
  expect(kept).toBe(1);
  finish();
  await waitFor(() => expect(screen.getByText('存')).toBeTruthy());
  fireEvent.click(screen.getByText('存'));
  expect(kept).toBe(2);
});

test('what could not be kept is said, and may be pressed again', async () => {
  setScene();
  render(<Asking act={() => Promise.reject(new Error('full'))} />);
  fireEvent.click(screen.getByText('存'));
  await waitFor(() => expect(screen.getByRole('status')).toBeTruthy());
  expect(screen.getByText('存').closest('button')!.getAttribute('aria-busy')).not.toBe('true');
});
