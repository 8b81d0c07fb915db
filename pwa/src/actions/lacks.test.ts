import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isNeeded, lacks, type Lack } from './lacks';

/** A browser that can do everything, but for what a case takes away. */
const able = () => ({
  isSecureContext: true,
  indexedDB: globalThis.indexedDB as unknown,
  crypto: globalThis.crypto as unknown,
  matchMedia: () => ({ matches: true }),
  navigator: {
    mediaDevices: { enumerateDevices: async () => [{ kind: 'audioinput' }, { kind: 'videoinput' }] },
    serviceWorker: {},
    storage: { persisted: async () => true, persist: async () => true, estimate: async () => ({ usage: 0, quota: 1e9 }) },
  } as Record<string, unknown>,
});
type Browser = ReturnType<typeof able>;

let browser: Browser;
const use = (change: (one: Browser) => void = () => undefined): void => {
  change(browser);
  for (const [name, value] of Object.entries(browser)) vi.stubGlobal(name, value);
};

beforeEach(() => {
  browser = able();
});
afterEach(() => vi.unstubAllGlobals());

it('a phone that can do everything lacks nothing, and the trial leaves nothing behind', async () => {
  use();
  expect(await lacks()).toEqual([]);
  await vi.waitFor(async () => expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain('roundsman-trial'));
});

const refuses = async (): Promise<never> => {
  throw new Error('not here');
};

it.each([
  ['an address without TLS', ['secure'], (one) => (one.isSecureContext = false)],
  ['no database', ['store'], (one) => (one.indexedDB = { open: () => { throw new DOMException('private mode', 'SecurityError'); }, deleteDatabase: () => ({}) })],
  ['no WebCrypto', ['crypto'], (one) => (one.crypto = {})],
  ['keys that cannot be made', ['keys'], (one) => (one.crypto = { subtle: { generateKey: refuses } })],
  ['a camera that is not there', ['camera'], (one) => (one.navigator['mediaDevices'] = { enumerateDevices: async () => [{ kind: 'audioinput' }] })],
  ['a browser that tells of no devices', ['camera'], (one) => delete one.navigator['mediaDevices']],
  ['devices that may not be listed', ['camera'], (one) => (one.navigator['mediaDevices'] = { enumerateDevices: refuses })],
  ['no service worker', ['worker'], (one) => delete one.navigator['serviceWorker']],
  ['no promise to keep the store', ['persist'], (one) => (one.navigator['storage'] = { ...(one.navigator['storage'] as object), persisted: async () => false, persist: async () => false })],
  ['no icon on the home screen', ['install'], (one) => (one.matchMedia = () => ({ matches: false }))],
  ['several things', ['camera', 'worker', 'install'], (one) => {
    delete one.navigator['mediaDevices'];
    delete one.navigator['serviceWorker'];
    one.matchMedia = () => ({ matches: false });
  }],
] as [string, Lack[], (one: Browser) => unknown][])('%s is found out', async (_what, expected, change) => {
  use(change);
  expect(await lacks()).toEqual(expected);
});

it('an iPhone says by its own word that it stands on the home screen', async () => {
  use((one) => {
    one.matchMedia = () => ({ matches: false });
    one.navigator['standalone'] = true;
  });
  expect(await lacks()).toEqual([]);
});

it('only what the app cannot work without keeps a phone from joining', () => {
  const all: Lack[] = ['secure', 'store', 'crypto', 'keys', 'camera', 'persist', 'worker', 'install'];
  expect(all.filter(isNeeded)).toEqual(['secure', 'store', 'crypto']);
});
