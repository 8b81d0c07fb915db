/**
 * A server for tests of the phone: small, but it speaks the protocol and keeps what it is sent. Faults are scripted
 * per request, so that a test says what goes wrong and where.
 */
import { enrolMessage, enrolmentWord } from '../protocol/enrolment';
import { ZERO_HASH, b64urlDecode, b64urlEncode, fromHex, logId, sha256Hex, utf8 } from '../protocol/encoding';
import { newLogKey, signText, verifyText } from '../protocol/keys';
import { MEDIA_TYPE, MESSAGES, PREFIX, type FeedRow, type WireRecord } from '../protocol/messages';
import { NetError, type Bytes, type Crypto, type LogKey, type Net, type NetAnswer, type NetRequest } from '../protocol/ports';
import { DIGEST_HEADER, proofMessage } from '../protocol/proof';
import { parseOwn, verifyRecord } from '../protocol/records';
import { parseStrict } from '../protocol/strict';
import { webCrypto } from '../sync/webcrypto';
import { DEVICE, deviceOf, leaving, refusalFor, type Leaving } from './leaving';
import { uploads, type Reply } from './uploads';

export const SITE = '6f1e5a3e-3333-4c1a-9d8e-0a0b0c0d0e03';
const ORGANISATION = '6f1e5a3e-0000-4c1a-9d8e-0a0b0c0d0e00';

/**
 * `offline`: nothing reaches the server · `lost`: it does its work, the answer is lost · `truncated`: cut in the
 * middle · `html200`, `redirect`: a portal · `twice`: the request arrives two times · `forged`: another key signs
 * the receipt or the anchor · `stale`: the proof is too old · `nonce`: another nonce is echoed · a number: that status.
 */
export type Fault =
  | 'offline' | 'lost' | 'timeout' | 'truncated' | 'html200' | 'redirect' | 'twice' | 'forged' | 'stale' | 'nonce'
  | 'short' | 'later' | number; // prettier-ignore

type StoredRecord = { wire: WireRecord; log: string; seq: number; hash: string };

export type FakeServer = Leaving & {
  net: Net;
  crypto: Crypto;
  epoch: string;
  /** How far anchors stray from the clocks that the phone stated, ms. */
  clockSkew: number;
  now: number;
  pins: Map<string, string>;
  records: Map<string, StoredRecord>;
  photos: Map<string, Bytes>;
  pictures: Map<string, Bytes>;
  /** Photos that are not whole yet, by log and hash. */
  parts: Map<string, Bytes>;
  rows: FeedRow[];
  /** The site for which the phone works. */
  site: string;
  logs: Map<string, string>;
  /** Bodies of records that make the whole push fail. */
  poison: Set<string>;
  /** Bytes that came by `raw`. */
  raw: string[];
  /** The paths that were asked, in order, as they came in. */
  asked: string[];
  /** What each push held, by hash. */
  pushes: string[][];
  pullReset: string | null;
  /** Let the next request to a path that ends so fail in this way; several wait in a row. */
  fault(path: string, ...faults: Fault[]): void;
  /** Changes what a receipt says before it is signed. */
  bend: ((receipt: object) => object) | null;
  /** What it says otherwise than usual in `hello`, and which marks come later, by hash. */
  limits: Record<string, number>;
  late: Record<string, string[]>;
  advice: Record<string, unknown>;
  /** Called while a request is on its way. */
  during: ((path: string) => Promise<void>) | null;
  /** How often each record has had its effect; more than once is a fault of the server. */
  effects: Map<string, number>;
  /** What a backup of it would hold; giving it back sets the server back, as nobody may notice. */
  backup(): () => void;
};

export async function fakeServer(crypto: Crypto = webCrypto): Promise<FakeServer> {
  const key = await newLogKey(crypto);
  const stranger = await newLogKey(crypto);
  const faults = new Map<string, Fault[]>();
  let nonces = 0;
  let ledger = { pos: 0, chain: ZERO_HASH };
  /** How many rows the feed had each time it was set back: what a phone heard beyond them never was. */
  const setBack: number[] = [];

  const taken = uploads(crypto, sizeOf);
  const server: FakeServer = {
    net: { send },
    crypto,
    epoch: 'epoch-1',
    clockSkew: 0,
    now: 1_795_438_800_000,
    deviceState: 'waiting',
    wipe: null,
    wiped: [],
    pins: new Map(),
    records: new Map(),
    photos: taken.photos, pictures: new Map(),
    parts: taken.parts,
    rows: [], site: SITE, late: {},
    logs: new Map(), poison: new Set(),
    raw: [], asked: [], pushes: [],
    pullReset: null, bend: null, during: null,
    fault: (path, ...some) => faults.set(path, [...(faults.get(path) ?? []), ...some]),
    limits: {}, advice: {},
    effects: new Map(),
    backup() {
      const { records, photos, rows, logs, effects } = server;
      const kept = [new Map(records), new Map(photos), [...rows], new Map(logs), new Map(effects)] as const;
      const keptLedger = ledger;
      return () => {
        server.records = new Map(kept[0]);
        // the uploads hold these very maps
        server.photos.clear();
        for (const [sha256, bytes] of kept[1]) server.photos.set(sha256, bytes);
        server.parts.clear();
        server.rows = [...kept[2]];
        server.logs = new Map(kept[3]);
        server.effects = new Map(kept[4]);
        ledger = keptLedger;
        setBack.push(server.rows.length);
      };
    },
  };

  async function send(request: NetRequest): Promise<NetAnswer> {
    const fault = nextFault(request);
    if (fault === 'offline' || fault === 'timeout' || fault === 'redirect') throw new NetError(fault);
    server.asked.push(`${request.method} ${request.path}`);
    if (fault === 'html200') return answerOf(200, 'text/html', '<html>Sign in to the Wi-Fi</html>', {});
    if (typeof fault === 'number') return answerOf(fault, 'text/plain', '', {});
    await server.during?.(request.path);
    if (fault === 'twice') await handle(request, undefined);
    const reply = await handle(request, fault);
    if (fault === 'lost') throw new NetError('offline');
    return toAnswer(reply, fault);
  }

  function nextFault(request: NetRequest): Fault | undefined {
    for (const [path, waiting] of faults) {
      if (`${request.method} ${request.path}`.includes(path) && waiting.length > 0) return waiting.shift();
    }
    return undefined;
  }

  async function toAnswer(reply: Reply, fault: Fault | undefined): Promise<NetAnswer> {
    const headers: Record<string, string> = { 'fieldsync-nonce': freshNonce(), ...reply.headers };
    if (reply.slug !== undefined) {
      const problem = { type: `/problems/${reply.slug}`, title: reply.slug, status: reply.status, ...reply.members };
      return answerOf(reply.status, 'application/problem+json', JSON.stringify(problem), headers);
    }
    const text = reply.body === null ? '' : JSON.stringify(reply.body);
    if (reply.body !== null) headers[DIGEST_HEADER.toLowerCase()] = await sha256Hex(crypto, utf8(text));
    return answerOf(reply.status, MEDIA_TYPE, fault === 'truncated' ? text.slice(0, -7) : text, headers);
  }

  const freshNonce = (): string => `nonce-${(nonces += 1)}`;

  async function handle(request: NetRequest, fault: Fault | undefined): Promise<Reply> {
    const body = request.body ?? new Uint8Array(0);
    if (request.path.startsWith('/api/v1/blobs/')) return taken.handle(request, body, () => prove(request, body, fault));
    const name = request.path.slice(PREFIX.length);
    if (name === 'raw') {
      const refused = await prove(request, body, fault);
      return refused ?? raw(body);
    }
    const message = parseStrict(body) as unknown as Record<string, unknown> & { nonce: string };
    if (!MESSAGES[`${name}.request`]?.(message)) return { status: 400, body: null, slug: 'bad-message' };
    if (name !== 'nonce' && name !== 'enrol') {
      const opened = name === 'push' ? await openedBy(message as unknown as { log: string; records: WireRecord[] }) : null;
      const refused = await prove(request, body, fault, opened);
      if (refused) return refused;
      const slug = refusalFor(server.deviceState, name);
      if (slug) return { status: 403, body: null, slug };
    }
    const answer = await answers[name]!(message, fault);
    if ('status' in answer && 'body' in answer) return answer as Reply;
    const nonce = fault === 'nonce' ? b64urlEncode(new Uint8Array(16)) : message.nonce;
    return { status: 200, body: { proto: 1, nonce, ...answer } };
  }

  async function openedBy({ log, records }: { log: string; records: WireRecord[] }): Promise<string | null> {
    const first = parseOwn(records[0]?.body ?? '{}');
    if (first.type !== 'log.open' || first.log !== log || server.logs.has(log)) return null;
    return (first.p as { public_key: string }).public_key;
  }

  async function prove(
    request: NetRequest,
    body: Bytes,
    fault: Fault | undefined,
    opened: string | null = null,
  ): Promise<Reply | null> {
    const match = /log="(.*)", nonce="(.*)", sig="(.*)"/.exec(request.headers['Authorization'] ?? '');
    if (!match) return { status: 401, body: null, slug: 'proof-missing' };
    const [, log = '', nonce = '', sig = ''] = match;
    if (fault === 'stale') return { status: 401, body: null, slug: 'proof-stale' };
    const publicKey = server.logs.get(log) ?? opened;
    if (!publicKey) return { status: 401, body: null, slug: 'unknown-log' };
    const message = await proofMessage(crypto, { method: request.method, path: request.path, nonce, body });
    if (!(await verifyText(crypto, publicKey, message, sig))) return { status: 401, body: null, slug: 'proof-wrong' };
    server.logs.set(log, publicKey);
    return null;
  }

  type Message = Record<string, unknown> & { nonce: string };
  const answers: Record<string, (message: Message, fault: Fault | undefined) => Promise<object>> = {
    nonce: async () => ({ proof_nonce: freshNonce(), server_ms: server.now }),

    enrol: async (message) => {
      const { code, public_key, sig } = message as unknown as Record<'code' | 'public_key' | 'sig', string>;
      if (code.startsWith('used')) return { status: 410, body: null, slug: 'enrolment-over' };
      if (!(await verifyText(crypto, public_key, enrolMessage(code, public_key), sig))) throw new Error('bad sig');
      const log = await logId(crypto, b64urlDecode(public_key)!);
      server.logs.set(log, public_key);
      return {
        device: { id: DEVICE, name: '4 号手机' },
        organisation: { id: ORGANISATION, name: 'Garden Court' },
        site: { id: SITE, name: { zh: '花园', en: 'Garden Court' } },
        log,
        check_word: await enrolmentWord(crypto, code, public_key),
        server_key: { kid: 'k1', public_key: key.publicKey },
        state: server.deviceState,
      };
    },

    'enrol-state': async () => ({ state: server.deviceState }),

    'sign-in': async ({ person, pin }) => {
      const ok = server.pins.get(person as string) === pin;
      return { ok, tries_left: ok ? null : 4, wait_s: 0 };
    },

    hello: async (message, fault) => {
      const { log, clock } = message as unknown as { log: string; clock: Clocks };
      const mine = [...server.records.values()].filter((one) => one.log === log).sort((a, b) => a.seq - b.seq);
      const max = mine.at(-1);
      const present = new Set(mine.map((one) => one.seq));
      const missing: [number, number][] = [];
      for (let seq = 1; seq < (max?.seq ?? 0); seq += 1) if (!present.has(seq)) missing.push([seq, seq]);
      return {
        epoch: server.epoch,
        log: { max_seq: max?.seq ?? 0, head_hash: max?.hash ?? ZERO_HASH, missing, archived_through: 0 },
        anchor: await anchor(log, clock, fault === 'forged' ? stranger : key),
        limits: { push_records: 100, push_bytes: 524_288, body_bytes: 262_144, blob_bytes: 12_582_912, ...server.limits },
        device: { ...deviceOf(server), site: siteOf(server.site) },
        advice: { min_app: null, pull: true, ...server.advice },
        notices: [],
      };
    },

    ...leaving(() => server, key, stranger),

    picture: async ({ sha256 }) => {
      const bytes = server.pictures.get(sha256 as string); // what it is need not be what its name says
      return bytes ? { sha256, mime: 'image/jpeg', data: b64urlEncode(bytes) } : { status: 404, body: null, slug: 'not-found' };
    },

    have: async ({ hashes }) => ({ missing: (hashes as string[]).filter((hash) => !server.records.has(hash)), marks: server.late }),

    push: async (message, fault) => {
      const { log, clock, records } = message as unknown as { log: string; clock: Clocks; records: WireRecord[] };
      server.pushes.push(await Promise.all(records.map((wire) => sha256Hex(crypto, utf8(wire.body)))));
      if (records.some((wire) => server.poison.has(wire.body))) return { status: 500, body: null, slug: 'bug' };
      if (fault === 'later') {
        const put = server.pushes.at(-1)!.map((hash) => ({ hash, outcome: 'later' }));
        return { count: put.length, outcomes: put, receipt: null, anchor: await anchor(log, clock) };
      }
      const outcomes = [];
      for (const wire of records) outcomes.push(await keep(wire));
      // what a colleague carries is receipted under its own log
      const receipt = await receiptFor(parseOwn(records[0]!.body).log, records, fault === 'forged' ? stranger : key);
      if (fault === 'short') outcomes.pop();
      return { count: records.length, outcomes, receipt, anchor: await anchor(log, clock) };
    },

    pull: async ({ cursor, scopes }) => {
      const held = (scopes ?? []) as string[];
      if (server.pullReset !== null && cursor !== null) {
        const reason = server.pullReset;
        server.pullReset = null;
        return { status: 409, body: null, slug: 'reset', members: { reason } };
      }
      if (cursor === null || held.join() !== server.site) {
        const change = { add: [server.site], remove: held.filter((scope) => scope !== server.site) };
        return { rows: [], cursor: null, more: true, scopes: change, server_ms: server.now };
      }
      const at = placeOf(cursor as string);
      if (at === null) return { status: 409, body: null, slug: 'reset', members: { reason: 'chain' } };
      const next = Math.min(server.rows.length, at + 2);
      const rows = server.rows.slice(at, next).filter((row) => row.scope === server.site);
      const more = next < server.rows.length;
      return { rows, cursor: cursorAt(next), more, scopes: { add: [], remove: [] }, server_ms: server.now };
    },

    snapshot: async ({ scope, resume }) => {
      if (scope !== server.site) return { status: 409, body: null, slug: 'reset', members: { reason: 'scope' } };
      const [begun, done, line] =
        resume === null ? [server.rows.length, 0, setBack.length] : (resume as string).split('.').map(Number);
      if (line !== setBack.length) return { status: 409, body: null, slug: 'reset', members: { reason: 'chain' } };
      const newest = new Map(server.rows.filter((row) => row.scope === scope).map((row) => [`${row.kind} ${row.id}`, row]));
      const all = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
      const rows = all.filter((row) => row.op === 'upsert').slice(done, done! + 2);
      const isOver = done! + rows.length >= all.filter((row) => row.op === 'upsert').length;
      const place = isOver ? null : `${begun}.${done! + rows.length}.${line}`;
      return { rows, resume: place, cursor: isOver ? cursorAt(begun!) : null, server_ms: server.now };
    },
  };

  function cursorAt(place: number): string {
    return setBack.length === 0 ? String(place) : `${place}.${setBack.length}`;
  }

  /** The place of a cursor, or null when the feed has another past by now. */
  function placeOf(cursor: string): number | null {
    const [place = 0, line = 0] = cursor.split('.').map(Number);
    return setBack.slice(line).every((rows) => place <= rows) ? place : null;
  }

  async function keep(wire: WireRecord): Promise<object> {
    const hash = await sha256Hex(crypto, utf8(wire.body));
    if (server.records.has(hash)) return { hash, outcome: 'duplicate' };
    const body = parseOwn(wire.body);
    const publicKey = server.logs.get(body.log) ?? '';
    if (!(await verifyRecord(crypto, publicKey, wire.body, wire.sig))) {
      server.records.set(hash, { wire, log: body.log, seq: body.seq, hash });
      return { hash, outcome: 'quarantined', code: 'bad_signature' };
    }
    const isTaken = [...server.records.values()].some((one) => one.log === body.log && one.seq === body.seq);
    server.records.set(hash, { wire, log: isTaken ? 'fork' : body.log, seq: body.seq, hash });
    ledger = { pos: ledger.pos + 1, chain: await chained(ledger.chain, hash) };
    if (isTaken) return { hash, outcome: 'forked' };
    settleTurns(body.log);
    return { hash, outcome: server.effects.has(hash) ? 'applied' : 'held' };
  }

  /** Records have their effect in the order of their numbers; what comes too early is held. */
  function settleTurns(log: string): void {
    const mine = [...server.records.values()].filter((one) => one.log === log).sort((a, b) => a.seq - b.seq);
    for (const [i, one] of mine.entries()) {
      if (one.seq !== i + 1) return;
      if (!server.effects.has(one.hash)) server.effects.set(one.hash, 1);
    }
  }

  async function receiptFor(log: string, records: WireRecord[], signer: LogKey): Promise<object> {
    const bodies = records.map((wire) => parseOwn(wire.body)).sort((a, b) => a.seq - b.seq);
    const last = records.find((wire) => parseOwn(wire.body).seq === bodies.at(-1)!.seq)!;
    const said = {
      v: 1,
      log,
      from: bodies[0]!.seq,
      to: bodies.at(-1)!.seq,
      head_hash: await sha256Hex(crypto, utf8(last.body)),
      received_ms: server.now,
      ledger_pos: ledger.pos,
      ledger_chain: ledger.chain,
      count: records.length,
    };
    const body = JSON.stringify(server.bend?.(said) ?? said);
    return { body, sig: await signText(crypto, signer, `fieldsync/1 receipt\n${body}`), kid: 'k1' };
  }

  type Clocks = { wall: number; mono: number; boot: string };
  async function anchor(log: string, clock: Clocks, signer = key): Promise<string> {
    const text = `${server.now}.${clock.wall + server.clockSkew}.${clock.mono}.${clock.boot}`;
    return `${text}.${await signText(crypto, signer, `fieldsync/1 anchor\n${log}\n${text}`)}`;
  }

  async function raw(body: Bytes): Promise<Reply> {
    const hash = await sha256Hex(crypto, body);
    const text = new TextDecoder().decode(body);
    server.raw.push(text);
    server.records.set(hash, { wire: { body: text, sig: '', alg: 'ES256' }, log: 'raw', seq: 0, hash });
    return { status: 200, body: { proto: 1, nonce: '', hash, outcome: 'quarantined', code: 'schema' } };
  }

  /** The size of a photo that a record of the log names. */
  function sizeOf(log: string, sha256: string): number | null {
    for (const { wire } of server.records.values()) {
      if (!wire.body.includes(sha256)) continue;
      const body = parseOwn(wire.body);
      const blob = body.log === log ? body.blobs?.find((one) => one.sha256 === sha256) : undefined;
      if (blob) return blob.size;
    }
    return null;
  }

  async function chained(chain: string, hash: string): Promise<string> {
    const both = new Uint8Array(64);
    both.set(fromHex(chain));
    both.set(fromHex(hash), 32);
    return sha256Hex(crypto, both);
  }

  return server;
}

function answerOf(status: number, type: string, body: string, headers: Record<string, string>): NetAnswer {
  const all: Record<string, string> = { 'content-type': type, ...headers };
  return { status, header: (name) => all[name.toLowerCase()] ?? null, body: utf8(body) };
}

const siteOf = (id: string) => ({ id, name: id === SITE ? { zh: '花园', en: 'Garden Court' } : { zh: '北区', en: 'North' } });
