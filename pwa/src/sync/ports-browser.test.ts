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
    const broken = new ReadableStream({ start: (stream) => stream.error(new TypeError('cut')) });
    const cut = new Response(broken);
    vi.stubGlobal('fetch', () => Promise.resolve(cut));
    await expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'offline' });
  });

  it('waits for a slow answer as long as it goes on coming', async () => {
    vi.useFakeTimers();
    let pipe: ReadableStreamDefaultController<Uint8Array> | null = null;
    vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => {
      const body = new ReadableStream<Uint8Array>({ start: (stream) => void (pipe = stream) });
      signal?.addEventListener('abort', () => pipe?.error(new DOMException('', 'AbortError')));
      return Promise.resolve(new Response(body));
    });
    const answer = browserNet.send(request);
    for (let i = 0; i < 5; i += 1) {
      await vi.advanceTimersByTimeAsync(900);
      pipe!.enqueue(utf8('a'));
    }
    await vi.advanceTimersByTimeAsync(900);
    pipe!.close();
    expect((await answer).body).toEqual(utf8('aaaaa'));

    const silent = expect(browserNet.send(request)).rejects.toMatchObject({ kind: 'timeout' });
    await vi.advanceTimersByTimeAsync(1_001);
    await silent;
  });

  it('takes no more of an answer into memory than any message has', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(stream) {
        given += 1;
        stream.enqueue(new Uint8Array(1_048_576));
      },
    });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(endless)));
    const answer = await browserNet.send(request);
    expect(answer.body.length).toBeLessThan(10_000_000);
    expect(given).toBeLessThan(12);
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
    expect(await browserLocks.run('fs-sync', 1_000, () => Promise.resolve(7))).toBe(7);
  });

  it('a lock that a frozen tab holds is waited for a while, and then no longer', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('navigator', { locks: heldLocks() });
    const task = vi.fn(() => Promise.resolve(7));
    const done = browserLocks.run('fs-sync', 30_000, task);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(task).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await done).toBe(7);
    expect(task).toHaveBeenCalledOnce();
  });

  it('a task that fails under the lock is not done again', async () => {
    const locks = { request: (_name: string, _options: object, then: () => Promise<unknown>) => then() };
    vi.stubGlobal('navigator', { locks });
    const task = vi.fn(() => Promise.reject(new DOMException('', 'AbortError')));
    await expect(browserLocks.run('fs-sync', 30_000, task)).rejects.toThrow(DOMException);
    expect(task).toHaveBeenCalledOnce();
  });
});

/** Locks that somebody holds for ever. */
function heldLocks(): object {
  return {
    request: (_name: string, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      }),
  };
}
