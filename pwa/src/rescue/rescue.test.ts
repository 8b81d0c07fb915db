import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../protocol/encoding';
import { freshName, joinedPhone, round, sealNote, sealPhoto } from '../testing/phone';
import { MADE_MS, linesOf, putRaw, rescued, type Line } from '../testing/rescue';
import { fakeServer } from '../testing/server';
import { webCrypto } from '../sync/webcrypto';
import { openSource } from './raw';
import { readRescue, type FoundPiece, type FoundRecord } from './read';
import { fileName } from './write';

const bodies = (lines: Line[]): string[] => lines.filter((line) => line['record']).map((line) => line['record']!['body'] as string);
const textOf = (lines: object[]): Blob => new Blob(lines.map((line) => `${JSON.stringify(line)}\n`));

/** What a reader finds. */
async function found(file: Blob) {
  const records: FoundRecord[] = [];
  const pieces: FoundPiece[] = [];
  const reading = await readRescue(file, webCrypto, {
    header: async () => undefined,
    record: async (record) => void records.push(record),
    piece: async (piece) => void pieces.push(piece),
  });
  return { ...reading, found: records, pieces };
}

describe('the rescue file', () => {
  it('holds everything byte for byte, what was not sent first', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    await sealNote(phone, 'sent');
    await round(phone);
    await sealNote(phone, 'unsent');
    const photo = await sealPhoto(phone, 'a picture');
    const lines = await linesOf(await rescued(name));
    const rows = await phone.store.records(9);
    expect(lines[0]).toMatchObject({ rescue: 1, made_ms: MADE_MS, device: { name: '4 号手机' }, logs: [{ alg: 'ES256' }] });
    expect(bodies(lines).sort()).toEqual(rows.map((row) => row.body).sort());
    const seqs = bodies(lines).map((body) => (JSON.parse(body) as { seq: number }).seq);
    expect(seqs).toEqual([3, 4, 1, 2]);
    expect(lines.find((line) => line['photo'])?.['photo']).toMatchObject({ sha256: photo, i: 0, of: 1, size: 9 });
    expect(lines.at(-1)).toMatchObject({ end: { records: 4, photos: 1 } });
  });

  it('reads back as it was written, with its private parts', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    await sealNote(phone, 'a private word');
    await sealPhoto(phone, 'a picture');
    const read = await found(await rescued(name));
    expect(read).toMatchObject({ records: 3, bad: [], cut: false });
    expect(read.found.map((one) => one.private['note']?.value)).toContain('a private word');
    expect(read.pieces.map((one) => one.bytes)).toEqual([utf8('a picture')]);
  });

  it('a cut one gives what can be read, and says that it was cut', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    for (const note of ['one', 'two', 'three']) await sealNote(phone, note);
    const whole = await rescued(name);
    const lines = (await whole.text()).split('\n');
    const third = utf8(lines.slice(0, 3).join('\n')).length + 1;
    for (const [at, records] of [[whole.size - 3, 4], [third, 2], [third + 40, 2]] as const) {
      expect(await found(whole.slice(0, at))).toMatchObject({ records, cut: true });
    }
  });

  it('a changed record is named by its line, and the rest is read', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    await sealNote(phone);
    await sealNote(phone);
    const lines = await linesOf(await rescued(name));
    lines[2]!['record']!['body'] = (lines[2]!['record']!['body'] as string).replace('"urgency":"normal"', '"urgency":"urgent"');
    expect(await found(textOf(lines))).toMatchObject({ records: 2, bad: [3], cut: true });
  });

  it('a key counts only for the log that is named after it', async () => {
    const server = await fakeServer();
    const name = freshName();
    await sealNote(await joinedPhone(server, name));
    const other = freshName();
    await sealNote(await joinedPhone(server, other));
    const lines = await linesOf(await rescued(name));
    const foreign = await linesOf(await rescued(other));
    // the keys change places: the one of the opening record is still the log's own
    (lines[0]!['logs'] as unknown as { public_key: string }[])[0]!.public_key = (foreign[0]!['logs'] as unknown as { public_key: string }[])[0]!.public_key;
    expect(await found(textOf(lines))).toMatchObject({ records: 2, bad: [] });
  });

  it.each([
    ['something else', 'hello', 'other'],
    ['nothing', '', 'other'],
    ['a format to come', '{"rescue":2,"made_ms":0,"app":"9","device":null,"logs":[]}\n', 'newer'],
  ])('%s is refused before anything is used', async (_name, text, why) => {
    await expect(found(new Blob([text]))).rejects.toMatchObject({ why });
  });

  it('lines that nobody knows and lines without end stop nobody', async () => {
    const server = await fakeServer();
    const name = freshName();
    await sealNote(await joinedPhone(server, name));
    const lines = await linesOf(await rescued(name));
    const text = [...lines.slice(0, 2), { weather: {} }, 'x'.repeat(5_000_000), lines[2]!].map((line) => JSON.stringify(line));
    expect(await found(new Blob([text.join('\n')]))).toMatchObject({ records: 1 });
    expect(await found(new Blob([`${text.join('\n')}\n`]))).toMatchObject({ records: 2, cut: true });
  });
});

describe('reading the database without the app', () => {
  it('works on a layout that the app never had', async () => {
    const name = freshName();
    const body = JSON.stringify({ v: 1, log: 'a'.repeat(26), seq: 7, type: 'finding' });
    await new Promise<void>((done) => {
      const opening = indexedDB.open(name, 41);
      opening.addEventListener('upgradeneeded', () => {
        opening.result.createObjectStore('log');
        opening.result.createObjectStore('of-a-time-to-come', { keyPath: 'id' });
      });
      opening.addEventListener('success', () => {
        const tx = opening.result.transaction('log', 'readwrite');
        tx.objectStore('log').put({ body, sig: 's', strange: 1 }, 'k');
        tx.objectStore('log').put('garbage', 'l');
        tx.objectStore('log').put({ body: 7 }, 'm');
        tx.addEventListener('complete', () => {
          opening.result.close();
          done();
        });
      });
    });
    expect(bodies(await linesOf(await rescued(name)))).toEqual([body]);
  });

  it('finds damaged records too, as they stand', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    const { hash } = await sealNote(phone);
    const row = (await phone.store.record(hash))!;
    await putRaw(name, 'log', { ...row, body: row.body.slice(0, -9) });
    await phone.store.inspect();
    expect(await phone.store.damaged()).toMatchObject([{ why: 'form', seq: 2 }]);
    expect(bodies(await linesOf(await rescued(name)))).toContain(row.body.slice(0, -9));
  });

  it('makes no database where there is none', async () => {
    const name = freshName();
    expect(await openSource(name, indexedDB)).toBeNull();
    expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
  });

  it('leaves out what a backup of the server is known to hold', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    await sealNote(phone);
    await round(phone);
    await phone.store.put('archived', { [(await phone.store.head())!.log]: 1 });
    const seqs = bodies(await linesOf(await rescued(name))).map((body) => (JSON.parse(body) as { seq: number }).seq);
    expect(seqs).toEqual([2]);
  });
});

it('a file is named after its phone and its time', () => {
  expect(fileName({ id: 'x', name: '4 号/手机' }, MADE_MS)).toBe('roundsman-4号手机-20261123-1300.rescue');
  expect(fileName(null, MADE_MS)).toBe('roundsman-20261123-1300.rescue');
});
