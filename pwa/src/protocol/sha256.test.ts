import { expect, it } from 'vitest';
import { webCrypto, webRandom } from '../sync/webcrypto';
import { sha256Hex, utf8 } from './encoding';
import { sha256 } from './sha256';

it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000, 70_001])('%i bytes hash as WebCrypto has it, in whatever pieces', async (size) => {
  const data = webRandom.bytes(size);
  const hasher = sha256();
  for (let at = 0, step = 1; at < size; at += step, step = (step * 7) % 97 || 1) hasher.add(data.slice(at, at + step));
  expect(hasher.end()).toBe(await sha256Hex(webCrypto, data));
});

it('the example of the standard', () => {
  const hasher = sha256();
  hasher.add(utf8('abc'));
  expect(hasher.end()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
