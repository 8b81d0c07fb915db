import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { phase, start } from './app';

it('a store that does not open is said; opened again, the phone starts new', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
  expect(phase.value).toBe('starting');
  const opening = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError');
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const failed = start();
  await vi.advanceTimersByTimeAsync(30_000);
  await failed;
  vi.useRealTimers();
  expect(phase.value).toBe('broken');

  opening.mockRestore();
  await start();
  expect(phase.value).toBe('new');
});
