/** The service worker runs as the build emits it, in a world of its own with a cache and a network in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformWithOxc } from 'vite';
import { beforeEach, expect, test, vi } from 'vitest';

const FILES = ['/app/', '/app/rescue.html', '/app/icon-192.png', '/assets/app-1.js', '/assets/reader-1.wasm'];
const ORIGIN = 'https://rounds.example';

type Handler = (event: Record<string, unknown>) => void;

/** A browser's caches, as far as the worker uses them. */
function someCaches(network: (url: string) => Response | undefined) {
  const kept = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const cache = kept.get(name) ?? new Map<string, Response>();
    kept.set(name, cache);
    return Promise.resolve({
      addAll: async (requests: { url: string }[]) => {
        const answers = requests.map(({ url }) => [url, network(url)] as const);
        if (answers.some(([, answer]) => !answer)) throw new TypeError('one file is missing');
        for (const [url, answer] of answers) cache.set(url, answer!);
      },
      match: (url: string) => Promise.resolve(cache.get(url)),
    });
  };
  return { kept, caches: { open, keys: () => Promise.resolve([...kept.keys()]), delete: (name: string) => Promise.resolve(kept.delete(name)) } };
}

let handlers: Record<string, Handler>;
let world: ReturnType<typeof someCaches>;
const fetched = vi.fn((request: { url: string }) => Promise.resolve(new Response(`network ${request.url}`)));
const skipWaiting = vi.fn(() => Promise.resolve());
let missing: string | null;

async function start(version: string): Promise<void> {
  const path = join(import.meta.dirname, 'index.ts');
  const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path);
  handlers = {};
  const self = {
    addEventListener: (name: string, handler: Handler) => (handlers[name] = handler),
    skipWaiting,
    clients: { claim: () => Promise.resolve() },
    location: { origin: ORIGIN },
  };
  class FakeRequest {
    constructor(readonly url: string) {}
  }
  const run = new Function('self', 'caches', 'fetch', 'Request', code.replaceAll('__FILES__', JSON.stringify(FILES)).replaceAll('__VERSION__', `"${version}"`));
  run(self, world.caches, fetched, FakeRequest);
}

/** Send an event and wait for what it promised. */
async function happen(name: string, event: Record<string, unknown> = {}): Promise<Response | undefined> {
  let promised: Promise<unknown> | undefined;
  const hold = (work: Promise<unknown>) => (promised = work);
  handlers[name]!({ waitUntil: hold, respondWith: hold, ...event });
  return (await promised) as Response | undefined;
}

const ask = (url: string, more: object = {}) => happen('fetch', { request: { url: ORIGIN + url, method: 'GET', mode: 'cors', ...more } });

beforeEach(async () => {
  missing = null;
  world = someCaches((url) => (url === missing ? undefined : new Response(`kept ${url}`)));
  await start('one');
});

test('a link into the app opens from the kept shell, and so do its files', async () => {
  await happen('install');
  expect(await (await ask('/app/anything?x=1', { mode: 'navigate' }))!.text()).toBe('kept /app/');
  expect(await (await ask('/assets/reader-1.wasm'))!.text()).toBe('kept /assets/reader-1.wasm');
  expect(fetched).not.toHaveBeenCalled();
});

test('the safe page opens without a network as what it is, never as the app', async () => {
  await happen('install');
  expect(await (await ask('/app/rescue.html', { mode: 'navigate' }))!.text()).toBe('kept /app/rescue.html');
  expect(fetched).not.toHaveBeenCalled();
});

test('a file that is not kept comes from the network', async () => {
  await happen('install');
  expect(await (await ask('/assets/other.js'))!.text()).toBe(`network ${ORIGIN}/assets/other.js`);
});

test.each([
  ['/api/v1/sync/push', { method: 'POST' }],
  ['/api/v1/sync/nonce', {}],
  ['/app/', { method: 'POST' }],
  ['/console/', { mode: 'navigate' }],
  ['/t/0123456789ABCDEF', { mode: 'navigate' }],
])('it never touches %s %j', async (url, more) => {
  await happen('install');
  expect(await ask(url, more)).toBeUndefined();
});

test('a version with a missing file is not installed', async () => {
  missing = '/assets/reader-1.wasm';
  await expect(happen('install')).rejects.toThrow();
});

test('a new version waits until it is told, then the old shell goes and other caches stay', async () => {
  await happen('install');
  world.kept.set('photos-of-somebody', new Map());
  await start('two');
  await happen('install');
  expect(skipWaiting).not.toHaveBeenCalled();
  await happen('message', { data: 'take-over' });
  expect(skipWaiting).toHaveBeenCalledOnce();
  await happen('activate');
  expect([...world.kept.keys()]).toEqual(['photos-of-somebody', 'roundsman-shell-two']);
});
