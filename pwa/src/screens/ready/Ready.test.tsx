import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startReader } from '../../camera/reader';
import { setScene } from '../../testing/seam/scene';
import { now, scheduledUntil } from '../../testing/seam/state';
import { violations } from '../../testing/axe';
import { runChecks } from './checks';
import { Ready } from './Ready';

vi.mock('../../camera/reader', () => ({ startReader: vi.fn() }));
vi.mock('../../shell/update', () => ({ shellKept: { value: true } }));

type Phone = { persisted: boolean; quota: number; cameras: number; permission: string; battery?: { level: number; charging: boolean }; reader: boolean };

/** The browser of a phone, as the checks ask it. */
function have(phone: Phone) {
  vi.mocked(startReader).mockReturnValue({ read: () => (phone.reader ? Promise.resolve(null) : Promise.reject(new Error('no wasm'))), close: vi.fn() });
  vi.stubGlobal('navigator', {
    language: 'zh-CN',
    storage: {
      persisted: () => Promise.resolve(phone.persisted),
      persist: () => Promise.resolve(phone.persisted),
      estimate: () => Promise.resolve({ quota: phone.quota, usage: 0 }),
    },
    mediaDevices: { enumerateDevices: () => Promise.resolve(Array.from({ length: phone.cameras }, () => ({ kind: 'videoinput' }))) },
    permissions: { query: () => Promise.resolve({ state: phone.permission }) },
    ...(phone.battery ? { getBattery: () => Promise.resolve(phone.battery) } : {}),
  });
}

const fit: Phone = { persisted: true, quota: 3.1e9, cameras: 1, permission: 'granted', battery: { level: 0.8, charging: false }, reader: true };

beforeEach(() => {
  setScene();
  vi.stubGlobal('ImageData', vi.fn());
  now.value = Date.now();
  scheduledUntil.value = Date.now() + 86_400_000;
});

afterEach(() => vi.unstubAllGlobals());

test('a phone that can do everything gets one verdict, and no fact explains itself', async () => {
  have(fit);
  const { container } = render(<Ready />);
  await waitFor(() => expect(screen.getByText('可以下去，没网也能用')).toBeTruthy());
  expect(container.querySelector('.kv__why')).toBeNull();
  expect(screen.getByText('3.1 GB')).toBeTruthy();
  expect(screen.getByText('3 条 · 照片 1 张')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test.each([
  ['storage', { persisted: false }],
  ['room', { quota: 1e8 }],
  ['camera', { cameras: 0 }],
  ['camera', { permission: 'denied' }],
  ['battery', { battery: { level: 0.18, charging: false } }],
  ['reader', { reader: false }],
] as const)('%s that is wrong is counted and explained: %j', async (id, wrong) => {
  have({ ...fit, ...wrong });
  const checks = await runChecks();
  expect(checks.filter((check) => check.tone === 'warn').map((check) => check.id)).toEqual([id]);
  expect(checks.find((check) => check.id === id)!.why).toBeTruthy();
});

test('a clock that is far off and a plan that ran out are told', async () => {
  have(fit);
  now.value = Date.now() - 3 * 60_000;
  scheduledUntil.value = now.value - 1;
  const checks = await runChecks();
  expect(checks.filter((check) => check.tone === 'warn').map((check) => [check.id, check.value])).toEqual([
    ['clock', '快 3 分'],
    ['plan', '还没有'],
  ]);
});

test('a browser that does not tell the battery shows none, and a charging one is fine at any level', async () => {
  const { battery: _battery, ...without } = fit;
  have(without);
  expect((await runChecks()).some((check) => check.id === 'battery')).toBe(false);
  have({ ...fit, battery: { level: 0.1, charging: true } });
  expect((await runChecks()).find((check) => check.id === 'battery')!.tone).toBe('good');
});

test('it can be checked again after something was put right', async () => {
  have({ ...fit, persisted: false });
  render(<Ready />);
  await waitFor(() => expect(screen.getByText('先看 1 项')).toBeTruthy());
  have(fit);
  fireEvent.click(screen.getByLabelText('再查一遍'));
  await waitFor(() => expect(screen.getByText('可以下去，没网也能用')).toBeTruthy());
});
