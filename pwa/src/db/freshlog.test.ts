import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testClock } from '../testing/phone';
import { beginFreshLog } from './freshlog';

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(IDBVersionChangeEvent.prototype, 'dataLoss');
});

const inChromium = () => Object.defineProperty(IDBVersionChangeEvent.prototype, 'dataLoss', { value: 'none', configurable: true });

/** Count the characters that are put into any store. */
function written(): () => number {
  let count = 0;
  const real = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: string, key) {
    count += value.length;
    return real.call(this, value, key);
  });
  return () => count;
}

describe('a fresh log', () => {
  it('in Chromium takes more than the 4 MiB after which it begins a file, and leaves nothing', async () => {
    inChromium();
    const before = await indexedDB.databases();
    const count = written();
    await beginFreshLog(testClock());
    expect(count()).toBeGreaterThan(4 * 1024 * 1024);
    await vi.waitFor(async () => expect(await indexedDB.databases()).toEqual(before));
  });

  it('elsewhere writes nothing', async () => {
    const count = written();
    await beginFreshLog(testClock());
    expect(count()).toBe(0);
  });

  it('does not keep the phone from starting when there is no room', async () => {
    inChromium();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await expect(beginFreshLog(testClock())).resolves.toBeUndefined();
  });

  it('does not keep the phone from starting when nothing answers', async () => {
    inChromium();
    const clock = testClock();
    vi.spyOn(indexedDB, 'open').mockReturnValue({} as IDBOpenDBRequest);
    const begun = beginFreshLog(clock);
    clock.pass(5_000);
    await expect(begun).resolves.toBeUndefined();
  });
});
