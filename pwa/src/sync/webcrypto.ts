/** The crypto and randomness ports by WebCrypto, as browsers and Node have it. */
import type { Bytes, Crypto, Randomness } from '../protocol/ports';

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;
const HMAC: HmacKeyGenParams = { name: 'HMAC', hash: 'SHA-256' };

const subtle = (): SubtleCrypto => globalThis.crypto.subtle;

export const webCrypto: Crypto = {
  async sha256(data) {
    return new Uint8Array(await subtle().digest('SHA-256', data));
  },
  async newSigningKey() {
    const pair = await subtle().generateKey(EC, false, ['sign', 'verify']);
    return { privateKey: pair.privateKey, spki: new Uint8Array(await subtle().exportKey('spki', pair.publicKey)) };
  },
  async newWeakKey() {
    const pair = await subtle().generateKey(EC, true, ['sign', 'verify']);
    const spki = new Uint8Array(await subtle().exportKey('spki', pair.publicKey));
    return { privateKey: pair.privateKey, spki, jwk: await subtle().exportKey('jwk', pair.privateKey) };
  },
  async sign(key, data) {
    return new Uint8Array(await subtle().sign(ES256, key, data));
  },
  async verify(spki, data, signature) {
    try {
      const key = await subtle().importKey('spki', spki, EC, false, ['verify']);
      return await subtle().verify(ES256, key, signature, data);
    } catch {
      return false;
    }
  },
  async newMacKey() {
    return subtle().generateKey(HMAC, false, ['sign']);
  },
  async mac(key, data) {
    return new Uint8Array(await subtle().sign('HMAC', key, data));
  },
  async pbkdf2(secret, salt, iterations) {
    const key = await subtle().importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
    return new Uint8Array(await subtle().deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256));
  },
};

export const webRandom: Randomness = {
  bytes(count): Bytes {
    const bytes = new Uint8Array(count);
    // a browser gives 64 KiB at a time
    for (let at = 0; at < count; at += 65_536) globalThis.crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    return bytes;
  },
  share: () => Math.random(),
};
