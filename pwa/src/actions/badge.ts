/** Who a badge belongs to. It says who somebody is; the PIN proves it. */
import { badgeHash, readBadge } from '../protocol/badges';
import { roster } from '../state/app';
import { running } from '../state/running';

/** The person of the roster whose badge was read, or null: no badge, or one that was printed again since. */
export async function personOfBadge(text: string): Promise<string | null> {
  const token = readBadge(text);
  if (token === null) return null;
  const hash = await badgeHash(running().phone.crypto, token);
  return roster.value.find(({ badge }) => badge === hash)?.id ?? null;
}
