/**
 * A crypto port for simulations: the same shapes and the same yes and no as the real one, but foretold by the seed,
 * and without a pool of threads whose order nobody knows. It protects nothing.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Bytes, Crypto } from '../../protocol/ports';
import type { Dice } from './dice';

type Secret = { secret: string };

const SPKI_BYTES = 91;

export function toyCrypto(dice: Dice): Crypto {
  const secretOf = (spki: Bytes): string => own(createHash('sha256').update(spki).digest()).join('.');
  const keyPair = (): { privateKey: CryptoKey; spki: Bytes } => {
    const spki = dice.bytes(SPKI_BYTES);
    return { privateKey: { secret: secretOf(spki) } satisfies Secret as unknown as CryptoKey, spki };
  };
  const signed = (secret: string, data: Bytes): Bytes => own(createHash('sha512').update(secret).update(data).digest());
  return {
    async sha256(data) {
      return own(createHash('sha256').update(data).digest());
    },
    async newSigningKey() {
      return keyPair();
    },
    async newWeakKey() {
      return { ...keyPair(), jwk: { kty: 'toy' } };
    },
    async sign(key, data) {
      return signed((key as unknown as Secret).secret, data);
    },
    async verify(spki, data, signature) {
      return Buffer.compare(signed(secretOf(spki), data), signature) === 0;
    },
    async newMacKey() {
      return { secret: dice.bytes(8).join('.') } as unknown as CryptoKey;
    },
    async mac(key, data) {
      return own(createHmac('sha256', (key as unknown as Secret).secret).update(data).digest());
    },
    async pbkdf2(secret, salt) {
      return own(pbkdf2Sync(secret, salt, 1, 32, 'sha256'));
    },
  };
}

function own(buffer: Buffer): Bytes {
  return new Uint8Array(buffer);
}
