import { render, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { setScene } from '../testing/seam/scene';
import { QUIET, sync } from '../testing/seam/state';
import { say } from '../i18n/label';
import * as data from '../state/data';
import { isOlder } from '../state/keeping';
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

test('an app that is too old asks to be renewed, unless the new one is here already', async () => {
  setScene();
  sync.value = QUIET;
  data.advice.value = { advice: { min_app: '99.0', pull: true }, notices: [] };
  shell.updateWaits.value = null as never;
  const { container } = render(<Conditions />);
  await waitFor(() => expect(container.textContent).toContain('应用版本太旧'));
  expect(container.querySelector('.strip button')).toBeNull();
});

test('what the server has to say is shown when nothing graver is', async () => {
  setScene();
  const text = { zh: '今晚 23 点停网维护', en: 'No network at 23:00' };
  data.advice.value = { advice: { min_app: null, pull: true }, notices: [{ code: 'maintenance', text }] };
  shell.updateWaits.value = null as never;
  sync.value = { ...QUIET, trouble: 'offline' };
  const { container } = render(<Conditions />);
  expect(container.textContent).not.toContain(say(text));
  sync.value = QUIET;
  await waitFor(() => expect(container.textContent).toContain(say(text)));
});

test.each([
  ['0.9.0', '0.10.0', true],
  ['0.10', '0.9.9', false],
  ['1.2', '1.2.0', false],
  ['1.2', '1.2.1', true],
  ['0.1.0', '', false],
])('%s is older than %s: %s', (ours, theirs, older) => {
  expect(isOlder(ours, theirs)).toBe(older);
});
