/** The order to wipe: the server's signed word for this one phone (docs/protocol/leaving.md). */
import { verifyText } from './keys';
import { ANY_INTEGER, COUNT, UUID, literal, open, read, type Read } from './schema';
import type { Crypto } from './ports';
import { tryStrict } from './strict';

const MAX_BYTES = 1_024;

const ORDER = open({ v: literal(1), order: UUID, device: UUID, records: COUNT, photos: COUNT, made_ms: ANY_INTEGER });
/** What an order says: so many unsent records and photos may be lost. */
export type WipeOrder = Read<typeof ORDER>;

/** What would be lost with the phone's store. */
export type LeftBehind = { records: number; photos: number };

/** The order when the server's key signed its text and it is meant for this phone, else null. */
export async function verifyOrder(
  crypto: Crypto,
  publicKey: string,
  body: string,
  sig: string,
  device: string,
): Promise<WipeOrder | null> {
  if (!(await verifyText(crypto, publicKey, `fieldsync/1 wipe\n${body}`, sig))) return null;
  const order = read(ORDER, tryStrict(body, { maxBytes: MAX_BYTES }));
  return order?.device === device ? order : null;
}

/** Whether a phone that has so much unsent may wipe itself. */
export function mayWipe(order: WipeOrder, left: LeftBehind): boolean {
  return left.records <= order.records && left.photos <= order.photos;
}
