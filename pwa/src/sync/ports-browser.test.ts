import { afterEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '../protocol/encoding';
import type { NetRequest } from '../protocol/ports';
import { browserClock, browserLocks, browserNet, webRandom } from './ports-browser';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const request: NetRequest = { method: 'POST', path: '/api/v1/sync/hello', headers: { A: 'b' }, body: utf8('{}'), timeoutMs: 1_000 };

describe('the net', () => {
  it('sends no cookie, reads no cache, follows no redirect', async () => {
    const fetch = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(new Response('{}', { headers: { 'X-Y': 'z' } })));
    vi.stubGlobal('fetch', fetch);
    const answer = await browserNet.send(request);
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ credentials: 'omit', cache: 'no-store', redirect: 'manual' });
    expect([answer.status, answer.header('x-y'), answer.body]).toEqual([200, 'z', utf8('{}')]);
  });

  it('tells a redirect apart from an answer', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ type: 'opaqueredirect', status: 0, headers: new Headers() }));
    await expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'redirect' });
  });

  it('is offline when nothing comes, and when the body is cut short', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'offline' });
    const cut = { type: 'basic', status: 200, headers: new Headers(), arrayBuffer: () => Promise.reject(new TypeError('cut')) };
    vi.stubGlobal('fetch', () => Promise.resolve(cut));
    await expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'offline' });
  });

  it('gives up after the longest silence', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => {
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
    });
    const answer = expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(1_000);
    await answer;
  });
});

describe('the other ports', () => {
  it('a page session has a name of its own and clocks in whole ms', () => {
    const [one, two] = [browserClock(), browserClock()];
    expect(one.boot).toMatch(/^[0-9a-f]{8}$/);
    expect(one.boot).not.toBe(two.boot);
    expect(Number.isInteger(one.wall()) && Number.isInteger(one.mono())).toBe(true);
  });

  it('gives as many random bytes as asked, also more than a browser gives at once', () => {
    const bytes = webRandom.bytes(200_000);
    expect(bytes.subarray(190_000).some((byte) => byte !== 0)).toBe(true);
  });

  it('without Web Locks the work is done all the same', async () => {
    vi.stubGlobal('navigator', {});
    expect(await browserLocks.tryRun('fs-sync', () => Promise.resolve(7))).toBe(7);
  });

  it('a lock that somebody holds is not waited for', async () => {
    const locks = { request: (_name: string, _options: object, then: (lock: null) => unknown) => then(null) };
    vi.stubGlobal('navigator', { locks });
    const task = vi.fn();
    expect(await browserLocks.tryRun('fs-sync', task)).toBeNull();
    expect(task).not.toHaveBeenCalled();
  });
});
