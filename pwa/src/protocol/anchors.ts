/** Anchors: the server's signed time, bound to the phone's clocks as its request stated them. */
import { verifyText } from './keys';
import type { Crypto } from './ports';

export type Anchor = {
  /** The server's time, ms. */
  server_ms: number;
  wall: number;
  mono: number;
  boot: string;
};

const TOKEN = /^(-?[0-9]{1,16})\.(-?[0-9]{1,16})\.([0-9]{1,16})\.([0-9a-f]{8})\.([A-Za-z0-9_-]{86})$/;

/** What a token claims, or null when it is none. Nothing is verified. */
export function parseAnchor(token: string): Anchor | null {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const [, server_ms, wall, mono, boot] = match as unknown as [string, string, string, string, string];
  const anchor = { server_ms: Number(server_ms), wall: Number(wall), mono: Number(mono), boot };
  const exact = [anchor.server_ms, anchor.wall, anchor.mono].every(Number.isSafeInteger);
  // a number has one form: "007" would be another text with the same meaning
  return exact && token.startsWith(`${anchorText(anchor)}.`) ? anchor : null;
}

/** The anchor when the server's key signed it for this very log, else null. */
export async function verifyAnchor(
  crypto: Crypto,
  publicKey: string,
  log: string,
  token: string,
): Promise<Anchor | null> {
  const anchor = parseAnchor(token);
  if (!anchor) return null;
  const text = anchorText(anchor);
  const message = `fieldsync/1 anchor\n${log}\n${text}`;
  return (await verifyText(crypto, publicKey, message, token.slice(text.length + 1))) ? anchor : null;
}

function anchorText(anchor: Anchor): string {
  return `${anchor.server_ms}.${anchor.wall}.${anchor.mono}.${anchor.boot}`;
}
