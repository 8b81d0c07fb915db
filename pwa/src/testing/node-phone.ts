/**
 * The phone under Node, for tests that need a real network and a real server: store, sealing and rounds are the
 * app's own; only IndexedDB stands in memory. It obeys JSON lines on stdin, `{"do": …}`, one answer line each.
 * `tests/faults/node_phone.py` drives it.
 */
import 'fake-indexeddb/auto';
import { createInterface } from 'node:readline';
import { crc32, deflateSync } from 'node:zlib';
import { openStore } from '../db/store';
import { sha256Hex } from '../protocol/encoding';
import type { Bytes, Clock } from '../protocol/ports';
import { askState, join } from '../sync/join';
import type { Phone } from '../sync/phone';
import { browserClock, browserNet } from '../sync/ports-browser';
import { runRound } from '../sync/round';
import { seal } from '../sync/seal';
import { newPace, type RoundEnd, type RoundState } from '../sync/state';
import { webCrypto, webRandom } from '../sync/webcrypto';

type Command = {
  do: 'join' | 'state' | 'patience' | 'save' | 'round' | 'drain' | 'counts' | 'dump';
  code?: string;
  name?: string;
  /** Who is signed in. */
  actor?: string | null;
  /** How many records, how many of them with a photo of `bytes` bytes. */
  records?: number;
  photos?: number;
  bytes?: number;
  share?: number;
  /** Foretells the photos. */
  seed?: number;
  /** `drain`: give up after so long, and wait so long after a round that was not full, ms. */
  within_ms?: number;
  pause_ms?: number;
};

const [server = 'http://127.0.0.1:8000', skewMs = '0'] = process.argv.slice(2);
/** How long an answer is waited for, as a part of what a phone in the field waits. */
let patience = 1;
const clock: Clock = { ...browserClock(), wall: () => Date.now() + Number(skewMs) };
const phone: Phone = {
  store: openStore('node-phone', clock),
  net: { ...browserNet, send: (request) => browserNet.send({ ...request, timeoutMs: request.timeoutMs * patience }) },
  clock,
  random: webRandom,
  crypto: webCrypto,
  // one process, one tab
  locks: { run: (_name, _patienceMs, task) => task(true) },
  app: '0.1.0',
};
// the app asks its own origin; under Node there is none
const { fetch } = globalThis;
globalThis.fetch = (path, options) => fetch(new URL(path as string, server), options);

const state: RoundState = {
  pace: newPace(),
  resets: [],
  report: { step: () => undefined, heard: () => undefined, inFlight: () => undefined },
  signal: new AbortController().signal,
};

async function obey(command: Command): Promise<object> {
  switch (command.do) {
    case 'join':
      return join(phone, command.code ?? '', command.name ?? 'Node', { camera: true });
    case 'state':
      return askState(phone);
    case 'patience':
      patience = command.share ?? 1;
      return {};
    case 'save':
      return save(command);
    case 'round':
      return round();
    case 'drain':
      return drain(command.within_ms ?? 60_000, command.pause_ms ?? 20);
    case 'counts':
      return phone.store.counts();
    case 'dump':
      return dump();
  }
}

async function round(): Promise<RoundEnd> {
  try {
    return await runRound(phone, state);
  } catch (error) {
    return { full: false, why: fault(error) };
  }
}

function fault(error: unknown): Extract<RoundEnd, { full: false }>['why'] {
  const slug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ok: false, kind: 'server', status: 0, slug, reason: 'thrown', retryAfterS: null };
}

/** Rounds until one is full and nothing is left. */
async function drain(withinMs: number, pauseMs: number): Promise<object> {
  const end = Date.now() + withinMs;
  for (let rounds = 1; ; rounds += 1) {
    const done = await round();
    const { unsent, photosUnsent } = await phone.store.counts();
    if (done.full && unsent === 0 && photosUnsent === 0) return { full: true, rounds };
    if (Date.now() > end) return { ...done, rounds, unsent, photosUnsent };
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function save({ actor = null, records = 1, photos = 0, bytes = 3_000, seed = 1 }: Command): Promise<object> {
  const device = await phone.store.get('device');
  if (!device) throw new Error('the phone has not joined');
  const hashes: string[] = [];
  const shots: string[] = [];
  for (let i = 0; i < records; i += 1) {
    const shot = i < photos ? await keepShot(bytes, seed * 1_000 + i) : null;
    const sealed = await seal(
      phone,
      () => ({
        type: 'finding',
        actor,
        site: device.site.id,
        private: { note: `note ${seed}.${i} 电梯间有积水` },
        ...(shot ? { blobs: [shot] } : {}),
        p: { occurrence: null, stop: null, target: null, urgency: 'normal', kind: 'other' },
      }),
      shot ? { photos: [shot.sha256] } : {},
    );
    hashes.push(sealed.hash);
    if (shot) shots.push(shot.sha256);
  }
  return { hashes, photos: shots };
}

async function keepShot(bytes: number, seed: number) {
  const data = picture(bytes, seed);
  const sha256 = await sha256Hex(webCrypto, data);
  const shot = { sha256, size: data.length, mime: 'image/png' as const, role: 'photo' as const };
  await phone.store.keepPhoto({ ...shot, keptAt: Date.now() }, data);
  return shot;
}

/** A PNG of coloured noise of about `bytes` bytes; the same seed gives the same bytes. */
function picture(bytes: number, seed: number): Bytes {
  const width = 32;
  const height = Math.max(1, Math.ceil(bytes / (width * 3 + 1)));
  const noise = new Uint8Array(height * (width * 3 + 1));
  let x = (seed * 2_654_435_761 + 1) >>> 0;
  for (let i = 0; i < noise.length; i += 1) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    // each line begins with its filter: none
    noise[i] = i % (width * 3 + 1) === 0 ? 0 : x >>> 24;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const magic = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const file = [magic, part('IHDR', header), part('IDAT', deflateSync(noise, { level: 1 })), part('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat(file));
}

function part(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(8);
  framed.writeUInt32BE(data.length, 0);
  framed.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([framed.subarray(0, 4), named, framed.subarray(4)]);
}

/** All that the phone keeps and what it believes of it. */
async function dump(): Promise<object> {
  const { store } = phone;
  const records = (await store.records(1_000_000)).toReversed().map((row) => ({
    hash: row.hash,
    log: row.log,
    seq: row.seq,
    body: row.body,
    outcome: row.outcome,
    code: row.code,
    unsent: row.unsent !== undefined,
    receipt: row.receipt !== null,
  }));
  const photos = (await store.photoRows()).map(({ sha256, size, state: kept, log }) => ({ sha256, size, state: kept, log }));
  return { records, photos, rows: await store.rows(), head: await store.head(), cursor: (await store.pullState()).cursor };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer: object;
  try {
    answer = { answer: await obey(JSON.parse(line) as Command) };
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
