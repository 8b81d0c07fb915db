/** How the server's receipt key is replaced: the old one vouches for the new one (docs/protocol/server-key.md). */
import { b64urlDecode, logId } from './encoding';
import { verifyText } from './keys';
import type { Crypto } from './ports';
import { ANY_INTEGER, B64URL, literal, open, read, type Read } from './schema';
import { tryStrict } from './strict';

const MAX_BYTES = 1_024;
const SPKI_BYTES = 91;

const CHANGE = open({ v: literal(1), old: B64URL, new: B64URL, made_ms: ANY_INTEGER });
/** What a change says. Its text is what is signed. */
type KeyChange = Read<typeof CHANGE>;

/** A text, its signature and the old key's name. */
export type SignedChange = { body: string; sig: string; kid: string };

/** The public key to which `changes` lead from the one that is known; that one when none does. */
export async function newestKey(crypto: Crypto, known: string, changes: readonly SignedChange[]): Promise<string> {
  let key = known;
  for (const change of changes) {
    const said = await readChange(crypto, change);
    if (said?.old === key) key = said.new;
  }
  return key;
}

/** The name of a public key, as receipts carry it; null when it is none. */
export async function keyName(crypto: Crypto, publicKey: string): Promise<string | null> {
  const spki = b64urlDecode(publicKey, SPKI_BYTES);
  return spki && logId(crypto, spki);
}

async function readChange(crypto: Crypto, { body, sig }: SignedChange): Promise<KeyChange | null> {
  const said = read(CHANGE, tryStrict(body, { maxBytes: MAX_BYTES }));
  const isSigned = said !== null && (await verifyText(crypto, said.old, `fieldsync/1 server key\n${body}`, sig));
  return isSigned && b64urlDecode(said.new, SPKI_BYTES) ? said : null;
}
