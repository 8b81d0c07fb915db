/** The keys of this phone, and how it joins. A browser that cannot keep keys keeps texts, and the log says so. */
import { ZERO_HASH } from '../protocol/encoding';
import type { LogKey, Store } from '../protocol/ports';
import type { Change, Meta } from '../protocol/store';
import type { Connection } from './connection';
import type { Transaction } from './schema';

type KeyPart = Pick<Store, 'logKey' | 'macKey' | 'beginJoin' | 'finishJoin'>;

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export function keyPart(db: Connection, announce: (change: Change) => void): KeyPart {
  return {
    async logKey(log) {
      const [row, weak] = await db.run(['keys', 'meta'], 'readonly', async (tx) => {
        return [await tx.objectStore('keys').get(log), (await weakKeys(tx))[log]] as const;
      });
      if (row) return { log, publicKey: row.publicKey, privateKey: row.key };
      if (!weak) return null;
      const privateKey = await crypto.subtle.importKey('jwk', weak.jwk, EC, false, ['sign']);
      return { log, publicKey: weak.publicKey, privateKey, weak: weak.jwk };
    },

    async macKey() {
      return (await db.run(['keys'], 'readonly', (tx) => tx.objectStore('keys').get('mac')))?.key ?? null;
    },

    async beginJoin(code, key, macKey, capabilities) {
      await db.run(['keys', 'meta'], 'readwrite', async (tx) => {
        await putKey(tx, key);
        if (macKey) await tx.objectStore('keys').put({ id: 'mac', publicKey: '', key: macKey });
        await tx.objectStore('meta').put({ key: 'joining', value: { code, log: key.log } });
        await tx.objectStore('meta').put({ key: 'capabilities', value: capabilities });
      });
      announce({ meta: ['weak'] });
    },

    async finishJoin(device, log) {
      await db.run(['head', 'meta'], 'readwrite', async (tx) => {
        await tx.objectStore('meta').put({ key: 'device', value: device });
        const head = await tx.objectStore('head').get('head');
        // a second answer to the same request must not set a log back that has begun
        if (head?.log !== log) {
          await tx.objectStore('head').put({ id: 'head', log, seq: 0, hash: ZERO_HASH, n: head?.n ?? 0 });
        }
        await tx.objectStore('meta').delete('joining');
      });
      announce({ meta: ['device'] });
    },
  };
}

/** Keep the key of a log; a weak one lies where texts lie. */
export async function putKey(tx: Transaction, { log, publicKey, privateKey, weak }: LogKey): Promise<void> {
  if (!weak) await tx.objectStore('keys').put({ id: log, publicKey, key: privateKey });
  else {
    const value = { ...(await weakKeys(tx)), [log]: { publicKey, jwk: weak } };
    await tx.objectStore('meta').put({ key: 'weak', value });
  }
}

async function weakKeys(tx: Transaction): Promise<Meta['weak']> {
  return ((await tx.objectStore('meta').get('weak'))?.value as Meta['weak'] | undefined) ?? {};
}
