/** The ports as a browser has them. */
import { hex } from '../protocol/encoding';
import { NetError, type Bytes, type Clock, type Locks, type Net } from '../protocol/ports';
import type { Change } from '../protocol/store';
import type { Channel } from '../db/store';
import type { Phone } from './phone';
import type { Page } from './triggers';
import { webRandom } from './webcrypto';

export { webCrypto, webRandom } from './webcrypto';

export function browserClock(): Clock {
  return {
    wall: () => Date.now(),
    mono: () => Math.floor(performance.now()),
    boot: hex(webRandom.bytes(4)),
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** A longer answer is nobody's that the phone knows, bytes unpacked. */
const MOST_BYTES = 8_388_608;

/** No cookies, no cache, no redirect: a redirect is somebody else's answer, and is told apart, never followed. */
export const browserNet: Net = {
  async send({ method, path, headers, body, timeoutMs }) {
    const silence = new AbortController();
    // the time counts from the last sign of life, so that a slow answer that goes on coming is waited for
    let timer = setTimeout(() => silence.abort(), timeoutMs);
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), timeoutMs);
    };
    try {
      const response = await fetch(path, {
        method,
        headers,
        body,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: silence.signal,
      });
      if (response.type === 'opaqueredirect') throw new NetError('redirect');
      return {
        status: response.status,
        header: (name) => response.headers.get(name),
        body: await wholeBody(response, heard),
      };
    } catch (error) {
      if (error instanceof NetError) throw error;
      throw new NetError(silence.signal.aborted ? 'timeout' : 'offline');
    } finally {
      clearTimeout(timer);
    }
  },
  ...('CompressionStream' in globalThis ? { gzip } : {}),
};

/** The whole body. Of one that unpacks without end only the beginning is taken, and that is no message. */
async function wholeBody(response: Response, heard: () => void): Promise<Bytes> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    heard();
    size += piece.value.length;
    pieces.push(piece.value);
    if (size > MOST_BYTES) {
      await reader?.cancel();
      break;
    }
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

async function gzip(data: Bytes): Promise<Bytes> {
  const packed = new Blob([data]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export const browserLocks: Locks = {
  async run(name, patienceMs, task) {
    // without Web Locks nothing is wrong: every step compares before it writes
    if (!('locks' in navigator)) return task(true);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), patienceMs);
    try {
      return await navigator.locks.request(name, { signal: patience.signal }, () => {
        clearTimeout(timer);
        return task(true);
      });
    } catch (error) {
      // a task that began has called the waiting off: then this is its own failure
      if (!patience.signal.aborted) throw error;
      return task(false);
    } finally {
      clearTimeout(timer);
    }
  },
};

/** The phone's other tabs. */
export function browserChannel(name: string): Channel | undefined {
  if (!('BroadcastChannel' in globalThis)) return undefined;
  const channel = new BroadcastChannel(name);
  return {
    post: (change) => channel.postMessage(change),
    listen: (listener) => channel.addEventListener('message', (event: MessageEvent<Change>) => listener(event.data)),
  };
}

export const browserPage: Page = {
  isVisible: () => document.visibilityState === 'visible',
  onVisible(then) {
    const look = (): void => {
      if (document.visibilityState === 'visible') then();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  },
  onOnline(then) {
    addEventListener('online', then);
    return () => removeEventListener('online', then);
  },
};

/** What the browser says of the phone's store. */
export const browserStorage: NonNullable<Phone['storage']> = async () => {
  const storage = 'storage' in navigator ? navigator.storage : undefined;
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => null) ?? null,
    storage?.estimate?.().catch(() => null) ?? null,
  ]);
  return { persisted, usage: whole(estimate?.usage), quota: whole(estimate?.quota) };
};

function whole(bytes: number | undefined): number | null {
  return bytes === undefined || !Number.isFinite(bytes) ? null : Math.max(0, Math.floor(bytes));
}
