import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../protocol/encoding';
import { NetError, type Net, type NetAnswer, type NetRequest } from '../protocol/ports';
import { parseOwn } from '../protocol/records';
import { freshName, joinedPhone, round, sealNote, sealPhoto, testPhone, type TestPhone } from '../testing/phone';
import { fakeServer, type FakeServer } from '../testing/server';
import { newPace } from './state';

const PIECE = 262_144;
const BIG = 2 * PIECE + 1_000;

/** A text of so many bytes that is like no other. */
const long = (bytes: number): string => Array.from({ length: bytes }, (_, i) => 'abcdefghijk'[(i * i) % 11]).join('');

/** Let requests for photos meet `fault` before they go. */
function between(phone: TestPhone, fault: (request: NetRequest, send: Net['send']) => ReturnType<Net['send']>): void {
  const { send } = phone.net;
  phone.net = { ...phone.net, send: (request) => (isPhoto(request) ? fault(request, send) : send(request)) };
}
const isPhoto = ({ path }: NetRequest): boolean => path.startsWith('/api/v1/blobs/');

/** What was asked about photos: how, and with how many bytes. */
function watched(phone: TestPhone): string[] {
  const seen: string[] = [];
  between(phone, (request, send) => {
    seen.push(`${request.method} ${request.body?.length ?? 0}`);
    return send(request);
  });
  return seen;
}

async function withPhoto(text = 'a photo'): Promise<{ server: FakeServer; phone: TestPhone; sha256: string }> {
  const server = await fakeServer();
  const phone = await joinedPhone(server);
  return { server, phone, sha256: await sealPhoto(phone, text) };
}

describe('photos', () => {
  it('go after the records that name them, each small one in one request', async () => {
    const { server, phone, sha256 } = await withPhoto();
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });
    const seen = watched(phone);

    expect(await round(phone)).toEqual({ full: true });

    expect([...server.photos.keys()]).toEqual([sha256]);
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'sent' });
    expect(await phone.store.photo(sha256)).toEqual(utf8('a photo'));
    await round(phone);
    expect(seen).toEqual(['POST 7']);
  });

  it('an answer that was lost: the photo is found there and not sent again', async () => {
    const { server, phone } = await withPhoto();
    server.fault('POST /api/v1/blobs', 'lost');
    const seen = watched(phone);
    expect(await round(phone)).toMatchObject({ full: false });
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });
    expect(await round(phone)).toEqual({ full: true });
    expect(seen).toEqual(['POST 7', 'HEAD 0']);
  });

  it('a portal that says 200 to everything has received no photo', async () => {
    for (const text of ['a photo', long(BIG)]) {
      const { server, phone } = await withPhoto(text);
      server.fault('/blobs/', 'html200');
      expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'portal' } });
      expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });
    }
  });

  it('every byte over there is no photo yet: only its hash in the answer says that it is kept', async () => {
    const { phone, sha256 } = await withPhoto();
    between(phone, async (request, send) => {
      const answer = await send(request);
      return { ...answer, header: (name) => (name === 'Fieldsync-Stored' ? null : answer.header(name)) };
    });
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'server' } });
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'saved' });
  });

  it('new records go between photos, not after all of them', async () => {
    const server = await fakeServer();
    const phone = await joinedPhone(server);
    for (let i = 0; i < 5; i += 1) await sealPhoto(phone, `photo ${i}`);
    let sealed = false;
    server.during = async (path) => {
      if (!path.includes('blobs') || sealed) return;
      sealed = true;
      await sealNote(phone, 'made while photos went');
    };
    expect(await round(phone)).toEqual({ full: true });
    const push = server.asked.lastIndexOf('POST /api/v1/sync/push');
    expect(server.asked.slice(push).filter((path) => path.includes('/blobs/'))).toHaveLength(2);
    expect(await phone.store.counts()).toMatchObject({ unsent: 0, photosUnsent: 0 });
  });

  it('new records go between the pieces of one photo too', async () => {
    const { server, phone } = await withPhoto(long(5 * PIECE));
    let sealed = false;
    server.during = async (path) => {
      if (!path.includes('blobs') || sealed) return;
      sealed = true;
      await sealNote(phone, 'made while a photo went');
    };
    expect(await round(phone)).toEqual({ full: true });
    const push = server.asked.lastIndexOf('POST /api/v1/sync/push');
    expect(server.asked.slice(push).filter((path) => path.startsWith('PATCH'))).toHaveLength(2);
  });

  it('a record that no request gets through holds up no photo', async () => {
    const { server, phone } = await withPhoto(long(5 * PIECE));
    let sealed = false;
    server.during = async (path) => {
      if (!path.includes('blobs') || sealed) return;
      sealed = true;
      await sealNote(phone, 'refused');
    };
    const { send } = phone.net;
    phone.net = { ...phone.net, send: (request) => (sealed && request.path.endsWith('/push') ? refusing(400, 'bad-message') : send(request)) };
    expect(await round(phone)).toMatchObject({ full: false, why: { slug: 'bad-message' } });
    expect(server.photos.size).toBe(1);
  });

  it('a damaged photo is said to be damaged, and stops nothing', async () => {
    const { server, phone, sha256 } = await withPhoto();
    const other = await sealPhoto(phone, 'another');
    await phone.store.keepPhoto({ sha256, size: 7, mime: 'image/jpeg', role: 'photo', keptAt: 0 }, utf8('flipped'));

    expect(await round(phone)).toEqual({ full: true });

    expect([...server.photos.keys()]).toEqual([other]);
    expect(corrupt(server)).toEqual({ sha256, why: 'hash' });
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'lost' });
  });

  it('what the server cannot read as a picture is said to be so, and not sent again', async () => {
    const { server, phone, sha256 } = await withPhoto('GIF89a');
    expect(await round(phone)).toEqual({ full: true });
    expect(corrupt(server)).toEqual({ sha256, why: 'unreadable' });
    const seen = watched(phone);
    await round(phone);
    expect(seen).toEqual([]);
  });
});

function corrupt(server: FakeServer): unknown {
  return [...server.records.values()].map((one) => parseOwn(one.wire.body)).find((b) => b.type === 'photo.corrupt')?.p;
}

describe('photos in pieces', () => {
  it('a large one goes in pieces of 256 KiB', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    const seen = watched(phone);
    expect(await round(phone)).toEqual({ full: true });
    expect(seen).toEqual(['HEAD 0', `POST ${PIECE}`, `PATCH ${PIECE}`, 'PATCH 1000']);
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
  });

  const borders = [0, PIECE, 2 * PIECE, BIG].flatMap((border) => [border - 1, border, border + 1]);
  it.each(borders.filter((at) => at >= 0 && at <= BIG))('cut after byte %i it goes on from the last whole piece', async (cut) => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    let left = cut;
    between(phone, async (request, send) => {
      const size = request.body?.length ?? 0;
      if (size === 0) return send(request);
      // a piece that did not pass whole is nothing; of one that just did the answer is lost
      const answer = size <= left ? await send(request) : null;
      left -= size;
      if (answer && left > 0) return answer;
      throw new NetError('offline');
    });
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'offline' } });
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 1 });

    // the app was closed in between: what it knew of the upload is gone
    const reopened = { ...testPhone(server), store: phone.store };
    const seen = watched(reopened);
    expect(await round(reopened)).toEqual({ full: true });
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
    const again = seen.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
    expect(again).toBeLessThanOrEqual(BIG);
  });

  it('bytes that changed over there after the second piece: the photo is begun anew', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    let patches = 0;
    between(phone, async (request, send) => {
      if (request.method === 'PATCH' && (patches += 1) === 2) for (const part of server.parts.values()) part[PIECE + 5]! ^= 1;
      return send(request);
    });
    expect(await round(phone)).toEqual({ full: true });
    expect(patches).toBe(4);
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
  });

  it('a whole that is wrong every time is given up for this round, and stops no other', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    const other = await sealPhoto(phone, 'another');
    between(phone, async (request, send) => {
      if (request.method === 'PATCH') for (const part of server.parts.values()) part[5] = 0;
      return send(request);
    });
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'refused', slug: 'wrong-hash' } });
    expect([...server.photos.keys()]).toEqual([other]);
    expect(await phone.store.photoRow(sha256)).toMatchObject({ state: 'saved' });
  });

  it('a piece that was damaged on its way is sent again', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    let damage = 2;
    between(phone, (request, send) => {
      if (request.method !== 'PATCH' || damage === 0) return send(request);
      damage -= 1;
      const spoilt = request.body!.slice();
      spoilt[7]! ^= 1;
      return send({ ...request, body: spoilt });
    });
    expect(await round(phone)).toEqual({ full: true });
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
  });

  it('where another tab was quicker it goes on from there', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    const seen: string[] = [];
    between(phone, async (request, send) => {
      seen.push(`${request.method} ${request.headers['Upload-Offset'] ?? ''}`);
      if (seen.length === 3) await send(request);
      return send(request);
    });
    expect(await round(phone)).toEqual({ full: true });
    expect(seen).toEqual(['HEAD ', 'POST ', `PATCH ${PIECE}`, `PATCH ${2 * PIECE}`]);
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
  });

  it('an upload that expired over there is begun anew', async () => {
    const { server, phone } = await withPhoto(long(BIG));
    let gone = false;
    between(phone, (request, send) => {
      if (request.method === 'PATCH' && !gone) {
        gone = true;
        server.parts.clear();
      }
      return send(request);
    });
    expect(await round(phone)).toEqual({ full: true });
    expect(server.photos.size).toBe(1);
  });

  it('an upload that another request writes to is left for the next round, and stops no other', async () => {
    const { server, phone } = await withPhoto(long(BIG));
    const other = await sealPhoto(phone, 'another');
    const { send } = phone.net;
    between(phone, (request, go) => (request.method === 'PATCH' ? refusing(423, 'blob-busy') : go(request)));
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'refused', slug: 'blob-busy' } });
    expect([...server.photos.keys()]).toEqual([other]);
    phone.net = { ...phone.net, send };
    expect(await round(phone)).toEqual({ full: true });
  });

  it('a slow network gets smaller pieces, and every piece that passed is kept', async () => {
    const { server, phone, sha256 } = await withPhoto(long(BIG));
    const pace = newPace();
    const passed: number[] = [];
    between(phone, (request, send) => {
      const size = request.body?.length ?? 0;
      if (size > 40_000) throw new NetError('timeout');
      if (size > 0) passed.push(size);
      return send(request);
    });
    for (let rounds = 0; server.photos.size === 0 && rounds < 3; rounds += 1) await round(phone, { pace });
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
    expect(passed.reduce((sum, size) => sum + size, 0)).toBe(BIG);
    expect(pace.piece).toBeLessThan(PIECE / 2);
  });

  it('a proxy that takes no such piece gets smaller ones', async () => {
    const { server, phone } = await withPhoto(long(BIG));
    server.fault('POST /api/v1/blobs', 413, 413);
    const seen = watched(phone);
    expect(await round(phone)).toEqual({ full: true });
    expect(seen.slice(0, 6)).toEqual([
      'HEAD 0', `POST ${PIECE}`, 'HEAD 0', `POST ${PIECE / 2}`, 'HEAD 0', `POST ${PIECE / 4}`,
    ]); // prettier-ignore
  });

  it('a network that bears not even the smallest piece ends the round', async () => {
    const { phone } = await withPhoto(long(BIG));
    const sizes: number[] = [];
    between(phone, (request, send) => {
      if (!request.body) return send(request);
      sizes.push(request.body.length);
      throw new NetError('timeout');
    });
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'timeout' } });
    expect(sizes).toEqual([PIECE, PIECE / 2, PIECE / 4, PIECE / 8, PIECE / 16]);
  });

  it('a full disk over there ends the photos and marks none', async () => {
    const { server, phone } = await withPhoto();
    await sealPhoto(phone, 'another');
    server.fault('/blobs/', 507);
    const seen = watched(phone);
    expect(await round(phone)).toMatchObject({ full: false, why: { kind: 'server', status: 507 } });
    expect(seen).toHaveLength(1);
    expect(await phone.store.counts()).toMatchObject({ photosUnsent: 2 });
  });

  it('a round that is stopped stops between two pieces', async () => {
    const { server, phone } = await withPhoto(long(BIG));
    const stop = new AbortController();
    between(phone, (request, send) => {
      if (request.method === 'POST') stop.abort();
      return send(request);
    });
    expect(await round(phone, { signal: stop.signal })).toEqual({ full: false, why: 'stopped' });
    expect([...server.parts.values()].map((part) => part.length)).toEqual([PIECE]);
  });

  it('two phones on one store send a photo once between them', async () => {
    const server = await fakeServer();
    const name = freshName();
    const phone = await joinedPhone(server, name);
    const sha256 = await sealPhoto(phone, long(BIG));
    await round(phone, { signal: AbortSignal.abort() });
    const ends = await Promise.all([round(phone), round(testPhone(server, name))]);
    expect(ends).toContainEqual({ full: true });
    expect(server.photos.get(sha256)).toEqual(utf8(long(BIG)));
  });
});

/** The server's own refusal. */
async function refusing(status: number, slug: string): Promise<NetAnswer> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Fieldsync-Nonce': 'nonce',
    'Tus-Resumable': '1.0.0',
  };
  const body = utf8(JSON.stringify({ type: `/problems/${slug}`, title: slug, status }));
  return { status, header: (name) => headers[name] ?? null, body };
}
