/** What this phone can do, as it tells the server when it joins. */
import type { Capabilities } from '../protocol/records';
import { browserStorage } from '../sync/ports-browser';

export async function capabilities(): Promise<Capabilities> {
  const { persisted } = await browserStorage();
  const isInstalled = matchMedia('(display-mode: standalone)').matches;
  return {
    camera: 'mediaDevices' in navigator,
    detector: 'BarcodeDetector' in globalThis,
    storage: persisted === null ? 'unknown' : persisted ? 'persisted' : 'best-effort',
    keys: 'not-extractable',
    install: isInstalled ? 'installed' : 'browser',
    locks: 'locks' in navigator,
  };
}

/** Ask the browser to keep what it is given. Some ask the person, some decide by themselves; a no is shown, not fought. */
export async function askToKeep(): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined;
  await storage?.persist?.().catch(() => false);
}
