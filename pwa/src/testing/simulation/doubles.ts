/** Parts that do what a careless phone would do. The simulation must find each of them out. */
import { createHash } from 'node:crypto';
import type { OpenStore } from '../../db/store';
import type { WireRecord } from '../../protocol/messages';
import type { Crypto, Net, NetAnswer, Store } from '../../protocol/ports';
import { NONCE_HEADER, STORED_HEADER } from '../../protocol/proof';
import type { Broken } from './world';

/** A record is taken in whatever the head is by now. */
function withoutCompare(store: OpenStore): OpenStore {
  return {
    ...store,
    async append(_expected, row, effects) {
      for (;;) {
        const head = await store.head();
        if (!head || (await store.append(head, row, effects))) return true;
      }
    },
  };
}

/** "Saved" is said while the record is still on its way to the disk. */
function saidTooEarly(store: OpenStore): OpenStore {
  return {
    ...store,
    async append(expected, row, effects) {
      store.append(expected, row, effects).catch(() => undefined);
      return true;
    },
  };
}

/** Whatever the server says of a record, it counts as stored. */
function anyOutcomeIsStored(store: OpenStore): OpenStore {
  return {
    ...store,
    settle: (outcomes, receipt) => store.settle(outcomes.map((one) => ({ ...one, outcome: 'applied' })), receipt),
  };
}

/** The phone compares numbers with the server, never hashes. */
function numbersOnly(store: OpenStore): OpenStore {
  return { ...store, hashAt: async (log, seq) => (seq === 1 ? store.hashAt(log, seq) : null), kept: async () => [] };
}

/** What the server lost is not sent again. */
function neverAgain(store: OpenStore): OpenStore {
  return { ...store, resend: async () => 0 };
}

/** The bookmark moves first, the rows follow. */
function bookmarkFirst(store: OpenStore): OpenStore {
  return {
    ...store,
    async applyPage(expected, rows, next) {
      if (!(await store.applyPage(expected, [], next))) return false;
      return store.applyPage(next, rows, next);
    },
  };
}

/** A push whose answer has the status 200 has arrived. */
function statusIsEnough(net: Net, store: Store): Net {
  return {
    async send(request) {
      const answer = await net.send(request);
      if (request.path.endsWith('/push') && answer.status === 200) {
        const { records } = JSON.parse(new TextDecoder().decode(request.body!)) as { records: WireRecord[] };
        const hashes = records.map((record) => createHash('sha256').update(record.body).digest('hex'));
        await store.settle(hashes.map((hash) => ({ hash, outcome: 'applied' as const })), null);
      }
      return answer;
    },
  };
}

/** Whoever answers for a photo with 200 is taken for the server, and the photo for stored. */
function anybodyIsTheServer(net: Net): Net {
  return {
    async send(request): Promise<NetAnswer> {
      const answer = await net.send(request);
      const named = /sha256 ([^,]*)/.exec(request.headers['Upload-Metadata'] ?? '')?.[1];
      const sha256 = named === undefined ? request.path.split('/').at(-1)! : atob(named);
      const said: Record<string, string> = { [NONCE_HEADER]: 'nonce-0', 'Tus-Resumable': '1.0.0', [STORED_HEADER]: sha256 };
      return { ...answer, header: (name) => answer.header(name) ?? (answer.status === 200 ? (said[name] ?? null) : null) };
    },
  };
}

/** No signature of the server is looked at. */
function anySignature(crypto: Crypto): Crypto {
  return { ...crypto, verify: async () => true };
}

export const DOUBLES = {
  withoutCompare: { store: withoutCompare },
  saidTooEarly: { store: saidTooEarly },
  anyOutcomeIsStored: { store: anyOutcomeIsStored },
  numbersOnly: { store: numbersOnly },
  neverAgain: { store: neverAgain },
  bookmarkFirst: { store: bookmarkFirst },
  statusIsEnough: { net: statusIsEnough },
  anybodyIsTheServer: { net: anybodyIsTheServer },
  anySignature: { crypto: anySignature },
} satisfies Record<string, Broken>;
