/** The fake server's word about phones that leave. */
import type { LogKey } from '../protocol/ports';
import { signText } from '../protocol/keys';
import { webCrypto } from '../sync/webcrypto';

const ORDER = '6f1e5a3e-7777-4c1a-9d8e-0a0b0c0d0e07';
/** The one phone that a fake server knows. */
export const DEVICE = '6f1e5a3e-1111-4c1a-9d8e-0a0b0c0d0e01';

export type Leaving = {
  deviceState: 'waiting' | 'active' | 'refused' | 'draining' | 'revoked' | 'wiped';
  now: number;
  epoch: string;
  /** The order to wipe that stands: how much may be lost, for which phone, and whether another key signed it. */
  wipe: { records: number; photos: number; device?: string; forged?: true } | null;
  /** What the phone said that it lost when it wiped itself. */
  wiped: { records: number; photos: number }[];
};

/** What a phone in this state may not ask. */
export function refusalFor(state: Leaving['deviceState'], name: string): string | null {
  if (state === 'revoked' || state === 'wiped') return ['push', 'have', 'leave', 'wiped'].includes(name) ? null : 'device-revoked';
  return state === 'draining' && ['pull', 'snapshot', 'sign-in'].includes(name) ? 'device-draining' : null;
}

/** The phone as `hello` tells of it. */
export function deviceOf({ deviceState: state }: Leaving): object {
  const told = { id: DEVICE, name: '4 号手机' };
  return state === 'draining' ? { ...told, state: 'active', uploads_only: true } : { ...told, state };
}

type Answer = (message: Record<string, unknown>) => Promise<object>;

export function leaving(server: () => Leaving, key: LogKey, stranger: LogKey): Record<'leave' | 'wiped', Answer> {
  return {
    leave: async () => {
      const { wipe, deviceState: state, now, epoch } = server();
      if (!wipe) return { epoch, state, wipe: null };
      const { records, photos, device = DEVICE, forged } = wipe;
      const body = JSON.stringify({ v: 1, order: ORDER, device, records, photos, made_ms: now });
      const sig = await signText(webCrypto, forged ? stranger : key, `fieldsync/1 wipe\n${body}`);
      return { epoch, state, wipe: { body, sig, kid: 'k1' } };
    },
    wiped: async ({ records, photos }) => {
      server().wiped.push({ records, photos } as { records: number; photos: number });
      server().deviceState = 'wiped';
      return {};
    },
  };
}
