import { afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.mock('../camera/reader.worker?worker&url', () => ({ default: '/assets/reader-1.js' }));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('exactly two scripts may start, under the one policy', async () => {
  const createPolicy = vi.fn((_name: string, rules: object) => rules);
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { trustedScript } = await import('./trusted');
  expect(createPolicy).toHaveBeenCalledOnce();
  expect(createPolicy.mock.calls[0]![0]).toBe('roundsman');
  expect(trustedScript('/app/sw.js')).toBe('/app/sw.js');
  expect(trustedScript('/assets/reader-1.js')).toBe('/assets/reader-1.js');
  for (const url of ['/assets/other.js', 'https://evil.example/sw.js', 'blob:x', '/app/sw.js?x']) {
    expect(() => trustedScript(url)).toThrow(TypeError);
  }
});

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly postMessage = vi.fn();
}

function someWorkers(controller: object | null) {
  const registration = Object.assign(new EventTarget(), {
    active: null as object | null,
    waiting: null as FakeWorker | null,
    installing: null as FakeWorker | null,
    update: () => Promise.resolve(),
  });
  const workers = Object.assign(new EventTarget(), {
    controller,
    ready: new Promise<void>(() => undefined),
    register: vi.fn(() => Promise.resolve(registration)),
  });
  vi.stubGlobal('navigator', { serviceWorker: workers });
  /** A new version has been fetched and stands ready. */
  const install = (): FakeWorker => {
    const worker = new FakeWorker();
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    registration.waiting = worker;
    worker.dispatchEvent(new Event('statechange'));
    return worker;
  };
  return { workers, install };
}

test('a new version waits for the person, takes over at the word, and only then the page is loaded anew', async () => {
  const { workers, install } = someWorkers({});
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => undefined);
  const { keepShell, takeUpdate, updateWaits } = await import('./update');
  await keepShell();
  expect(workers.register).toHaveBeenCalledWith('/app/sw.js', { scope: '/app/' });
  expect(updateWaits.value).toBeNull();
  const worker = install();
  expect(updateWaits.value).toBe(worker);
  expect(reload).not.toHaveBeenCalled();
  takeUpdate();
  expect(worker.postMessage).toHaveBeenCalledWith('take-over');
  expect(reload).not.toHaveBeenCalled();
  workers.dispatchEvent(new Event('controllerchange'));
  expect(reload).toHaveBeenCalledOnce();
});

test('the first worker of all has nothing to take over from and asks nobody', async () => {
  const { install } = someWorkers(null);
  const { keepShell, updateWaits } = await import('./update');
  await keepShell();
  install();
  expect(updateWaits.value).toBeNull();
});

test('a browser without service workers is left alone', async () => {
  vi.stubGlobal('navigator', {});
  const { keepShell, shellKept } = await import('./update');
  await keepShell();
  expect(shellKept.value).toBe(false);
});

const tones: number[] = [];

beforeEach(() => {
  tones.length = 0;
  const param = () => ({ setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() });
  vi.stubGlobal(
    'AudioContext',
    class {
      currentTime = 0;
      resume = () => Promise.resolve();
      createOscillator = () => ({
        frequency: { ...param(), setValueAtTime: (hz: number) => tones.push(hz) },
        connect: (next: unknown) => next,
        start: vi.fn(),
        stop: vi.fn(),
      });
      createGain = () => ({ gain: param(), connect: (next: unknown) => next });
    },
  );
});

test.each([
  ['read', [40], [1800]],
  ['saved', [40, 60, 40], [880, 1320]],
  ['fault', [200], [880, 1320, 440]],
  ['unknown', [120, 80, 120], [330, 330]],
  ['failed', [400, 150, 400, 150, 400], [660, 660, 660]],
] as const)('%s has its own buzz and its own tones', async (what, buzz, hz) => {
  const vibrate = vi.fn(() => true);
  vi.stubGlobal('navigator', { vibrate });
  const { feedback } = await import('./feedback');
  expect(feedback(what, true)).toBe(true);
  expect(vibrate).toHaveBeenCalledWith([...buzz]);
  expect(tones).toEqual([...hz]);
});

test('with the sound off it still buzzes; a phone that cannot buzz says so, and the screen flashes instead', async () => {
  const vibrate = vi.fn(() => true);
  vi.stubGlobal('navigator', { vibrate });
  const { feedback } = await import('./feedback');
  feedback('saved', false);
  expect([vibrate.mock.calls.length, tones.length]).toEqual([1, 0]);
  vi.stubGlobal('navigator', {});
  expect(feedback('saved', true)).toBe(false);
});
