/**
 * Keeps the phone app's shell, so that it opens without a network.
 *
 * It answers GET under `/app/` and `/assets/` from its own versioned cache and touches nothing else,
 * least of all `/api/`. A new version waits until the page says that it may take over.
 * The build fills in the two constants; see `scripts/phone-worker.ts`.
 */
declare const __FILES__: string[];
declare const __VERSION__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = 'roundsman-shell-';
const CACHE = PREFIX + __VERSION__;
const SHELL = '/app/';
/** The safe page: it opens where the app does not. */
const RESCUE = '/app/rescue.html';

worker.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => worker.clients.claim()));
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (!url.pathname.startsWith('/app/') && !url.pathname.startsWith('/assets/')) return;
  event.respondWith(answer(request, url));
});

/** Fetch every file of this version; one that is missing stops the installation. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(__FILES__.map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload' })));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const isShell = request.mode === 'navigate' && url.pathname !== RESCUE;
  const kept = await cache.match(isShell ? SHELL : url.pathname);
  return kept ?? fetch(request);
}
