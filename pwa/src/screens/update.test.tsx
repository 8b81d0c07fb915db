import { render, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { setScene } from '../testing/seam/scene';
import { QUIET, sync } from '../testing/seam/state';
import { Conditions } from './Conditions';

const shell = vi.hoisted(() => ({ takeUpdate: vi.fn(), updateWaits: { value: {} } }));
vi.mock('../shell/update', () => shell);

test('a new version is offered between two rounds, never in the middle of one', async () => {
  setScene();
  sync.value = { ...QUIET, activity: 'sending' };
  const { container } = render(<Conditions />);
  expect(container.querySelector('.strip')).toBeNull();
  sync.value = QUIET;
  await waitFor(() => expect(container.querySelector('.strip button')).not.toBeNull());
  container.querySelector<HTMLButtonElement>('.strip button')!.click();
  expect(shell.takeUpdate).toHaveBeenCalledOnce();
});
