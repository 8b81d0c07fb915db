/**
 * The service worker's life as the page sees it: registered once, a new version waits until the person says so.
 * Nothing is ever reloaded under a person's hands.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { SERVICE_WORKER, trustedScript } from './trusted';

const waiting = signal<ServiceWorker | null>(null);
const ready = signal(false);

/** Whether a newer version has been fetched and waits. */
export const updateWaits: ReadonlySignal<ServiceWorker | null> = waiting;
/** Whether the shell is kept on this phone, so that it opens without a network. */
export const shellKept: ReadonlySignal<boolean> = ready;

/** Register the worker and watch for a new version; without service workers it does nothing. */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const workers = navigator.serviceWorker;
  const registration = await workers.register(trustedScript(SERVICE_WORKER), { scope: '/app/' });
  ready.value = registration.active !== null;
  void workers.ready.then(() => (ready.value = true));

  const look = (): void => {
    // the first worker of all has nothing to take over from
    if (registration.waiting && workers.controller) waiting.value = registration.waiting;
  };
  look();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined);
  });
}

/** Let the waiting version take over and load it. Call it only at the person's word. */
export function takeUpdate(): void {
  const worker = waiting.value;
  if (!worker) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage('take-over');
}
