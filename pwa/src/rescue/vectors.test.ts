import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../protocol/encoding';
import { webCrypto } from '../sync/webcrypto';
import { NotARescueFile, readRescue } from './read';

type Case = { name: string; text: string; records: string[]; photos: string[]; whole: boolean };
const path = join(import.meta.dirname, '../../../tests/vectors/rescue.json');
const { files, refused } = JSON.parse(readFileSync(path, 'utf8')) as { files: Case[]; refused: Case[] };

/** Reads a file of one-piece photos. */
async function found(text: string) {
  const records: string[] = [];
  const photos: string[] = [];
  const reading = await readRescue(new Blob([text]), webCrypto, {
    header: async () => undefined,
    record: async ({ hash }) => void records.push(hash),
    piece: async ({ sha256, bytes }) => {
      if ((await sha256Hex(webCrypto, bytes)) === sha256) photos.push(sha256);
    },
  });
  return { records, photos, cut: reading.cut };
}

describe('shared rescue files', () => {
  it.each(files)('reads one: $name', async ({ text, records, photos, whole }) => {
    expect(await found(text)).toEqual({ records, photos, cut: !whole });
  });

  it.each(refused)('refuses $name', async ({ text }) => {
    await expect(found(text)).rejects.toBeInstanceOf(NotARescueFile);
  });
});
