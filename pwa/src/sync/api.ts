/**
 * The only caller of the net. It believes a valid envelope that echoes its nonce, and nothing else: whatever a
 * proxy, a captive portal or a broken server says instead is told apart, and changes nothing on the phone.
 */
import { b64urlEncode, sha256Hex, utf8 } from '../protocol/encoding';
import { MAX_BYTES, MEDIA_TYPE, NONCE_ANSWER, PREFIX } from '../protocol/messages';
import { NetError, type Bytes, type LogKey, type NetAnswer, type NetRequest } from '../protocol/ports';
import { authorization, DIGEST_HEADER, NONCE_HEADER, STORED_HEADER } from '../protocol/proof';
import { NAME, open, optional, read, text, type Schema } from '../protocol/schema';
import { tryStrict, type Json } from '../protocol/strict';
import { retryAfterS } from './backoff';
import type { Phone } from './phone';

/** Why there is no answer. Nothing on the phone changes for any of them. */
export type NoAnswer = {
  ok: false;
  /**
   * `offline`: nothing came · `timeout`: nothing came in time · `portal`: somebody else answered · `server`: the
   * server is not well, or what it says cannot be believed · `refused`: it refuses, `slug` says why.
   */
  kind: 'offline' | 'timeout' | 'portal' | 'server' | 'refused';
  /** The HTTP status, 0 when there was none. */
  status: number;
  slug: string;
  /** Of a `reset`: why. */
  reason: string;
  /** What the server asks to wait, s; null when it does not say. It may ask for anything. */
  retryAfterS: number | null;
};
export type Answer<T> = { ok: true; value: T } | NoAnswer;

const PROBLEM = open({ type: text(200), title: optional(NAME), reason: optional(NAME) });
/** Below this a request is not worth compressing, bytes. */
const SMALL = 1_024;
/** The slowest network that is worth waiting for, bytes per ms. */
const SLOWEST = 2;
const PATIENCE_MS = 20_000;

export type Api = {
  /** Send a message; `key` proves it, null where no proof is asked. */
  call<T>(name: string, members: object, schema: Schema<T>, key: LogKey | null, patienceMs?: number): Promise<Answer<T>>;
  /** Send one record's bytes as they are. */
  raw<T>(body: Bytes, schema: Schema<T>, key: LogKey): Promise<Answer<T>>;
  /** Ask for an upload or send a piece of it. What the server says of it comes back as ok, also where it is no. */
  tus(request: Sending, key: LogKey): Promise<Answer<UploadSaid>>;
};

/** What the server says of a photo's upload. */
export type UploadSaid = {
  status: number;
  /** Of a refusal: why. A HEAD's has no words. */
  slug: string;
  /** Where it stands; null when it does not say. */
  offset: number | null;
  /** The hash of the photo that it has whole. */
  stored: string | null;
};
/** Refusals after which the upload goes on, though otherwise. */
const GOES_ON = ['blob-offset', 'blob-checksum', 'wrong-hash', 'not-found'];

type Sending = Omit<NetRequest, 'timeoutMs'> & { body: Bytes | null };

/** The version of tus that is spoken. */
const TUS = '1.0.0';

const apis = new WeakMap<Phone, Api>();

/** The phone's one api, so that a proof nonce that any answer hands over serves the next request of anybody. */
export function apiOf(phone: Phone): Api {
  let api = apis.get(phone);
  if (!api) {
    api = createApi(phone);
    apis.set(phone, api);
  }
  return api;
}

function createApi(phone: Phone): Api {
  // handed over by every answer, good for five minutes
  let proofNonce: string | null = null;

  async function send(request: Sending, key: LogKey | null, patienceMs = PATIENCE_MS): Promise<NetAnswer | NoAnswer> {
    const body = request.body ?? new Uint8Array(0);
    const headers = { ...request.headers };
    if (key) {
      proofNonce ??= await fetchNonce();
      if (proofNonce === null) return noAnswer('server');
      const proven = { method: request.method, path: request.path, nonce: proofNonce, body };
      headers['Authorization'] = await authorization(phone.crypto, key, proven);
    }
    const timeoutMs = patienceMs + Math.ceil(body.length / SLOWEST);
    const answer = await phone.net.send({ ...request, headers, timeoutMs });
    proofNonce = answer.header(NONCE_HEADER) ?? proofNonce;
    return answer;
  }

  async function fetchNonce(): Promise<string | null> {
    const answer = await call('nonce', {}, NONCE_ANSWER, null);
    if (!answer.ok) throw new Refusal(answer);
    return answer.value.proof_nonce;
  }

  /** As `send`, repeated once at once when the proof was too old. */
  async function sendProven(request: Sending, key: LogKey | null, patienceMs?: number): Promise<NetAnswer | NoAnswer> {
    const used = proofNonce;
    const answer = await send(request, key, patienceMs);
    if ('ok' in answer || answer.status !== 401 || problemOf(answer)?.slug !== 'proof-stale') return answer;
    // without a fresh nonce of this answer the old one is no good either
    if (proofNonce === used) proofNonce = null;
    return send(request, key, patienceMs);
  }

  async function attempt<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      if (error instanceof NetError) return noAnswer(error.kind === 'redirect' ? 'portal' : error.kind);
      throw error;
    }
  }

  async function call<T>(
    name: string,
    members: object,
    schema: Schema<T>,
    key: LogKey | null,
    patienceMs?: number,
  ): Promise<Answer<T>> {
    return attempt(async () => {
      const nonce = b64urlEncode(phone.random.bytes(16));
      const plain = utf8(JSON.stringify({ proto: 1, nonce, ...members }));
      const packed = plain.length > SMALL && phone.net.gzip ? await phone.net.gzip(plain) : null;
      const headers: Record<string, string> = { 'Content-Type': MEDIA_TYPE, Accept: MEDIA_TYPE };
      if (packed) headers['Content-Encoding'] = 'gzip';
      const request = { method: 'POST' as const, path: PREFIX + name, headers, body: packed ?? plain };
      const answer = await sendProven(request, key, patienceMs);
      return 'ok' in answer ? answer : believe(answer, schema, nonce);
    });
  }

  /** The answer's value when it is one: a 200 of our media type, unchanged, strict JSON, our nonce, the message expected. */
  async function believe<T>(answer: NetAnswer, schema: Schema<T>, nonce: string): Promise<Answer<T>> {
    if (answer.status !== 200) return refusal(answer);
    if (mediaType(answer) !== MEDIA_TYPE) return noAnswer(mediaType(answer) === 'text/html' ? 'portal' : 'server', 200);
    const digest = answer.header(DIGEST_HEADER);
    if (digest !== null && digest !== (await sha256Hex(phone.crypto, answer.body))) return noAnswer('server', 200);
    const message = tryStrict(answer.body, { maxBytes: MAX_BYTES });
    const value = schema(message);
    const echoes = (message as { nonce?: Json } | null)?.nonce === nonce;
    return value && echoes ? { ok: true, value: value.value } : noAnswer('server', 200);
  }

  function refusal(answer: NetAnswer): NoAnswer {
    const { status } = answer;
    const problem = problemOf(answer);
    const wait = retryAfterS(answer.header('Retry-After'), answer.header('Date'), phone.clock.wall());
    if (problem && status >= 400 && status < 500) {
      return { ok: false, kind: 'refused', status, slug: problem.slug, reason: problem.reason, retryAfterS: wait };
    }
    // a HEAD has no body, so a refusal without words is still one
    const isOurs = answer.header(NONCE_HEADER) !== null;
    const kind = status >= 500 || isOurs || status === 413 || status === 429 ? 'server' : 'portal';
    return { ...noAnswer(kind, status), retryAfterS: wait };
  }

  return {
    call,
    raw: (body, schema, key) =>
      attempt(async () => {
        const headers = { 'Content-Type': 'application/octet-stream', Accept: MEDIA_TYPE };
        const answer = await sendProven({ method: 'POST', path: `${PREFIX}raw`, headers, body }, key);
        return 'ok' in answer ? answer : believe(answer, schema, '');
      }),
    tus: (request, key) =>
      attempt(async () => {
        const headers = { 'Tus-Resumable': TUS, ...request.headers };
        const answer = await sendProven({ ...request, headers }, key);
        if ('ok' in answer) return answer;
        // a portal answers anything with 200: only the server hands over a proof nonce
        const isServer = answer.header(NONCE_HEADER) !== null && answer.header('Tus-Resumable') === TUS;
        const slug = problemOf(answer)?.slug ?? '';
        const isSaid = [200, 201, 204].includes(answer.status) || GOES_ON.includes(slug);
        const isNowhere = request.method === 'HEAD' && answer.status === 404;
        if (!isServer || !(isSaid || isNowhere)) return refusal(answer);
        const offset = count(answer.header('Upload-Offset'));
        return { ok: true, value: { status: answer.status, slug, offset, stored: answer.header(STORED_HEADER) } };
      }),
  };
}

/** Carries a nonce's refusal out of the request that needed it. */
class Refusal extends Error {
  constructor(readonly answer: NoAnswer) {
    super(answer.slug);
  }
}

function problemOf(answer: NetAnswer): { slug: string; reason: string } | null {
  if (mediaType(answer) !== 'application/problem+json') return null;
  const problem = read(PROBLEM, tryStrict(answer.body, { maxBytes: 65_536 }));
  return problem && { slug: problem.type.replace(/^.*\//, ''), reason: problem.reason ?? '' };
}

/** A count of bytes in plain digits, or null. */
function count(value: string | null): number | null {
  return value !== null && /^[0-9]{1,15}$/.test(value) ? Number(value) : null;
}

function noAnswer(kind: NoAnswer['kind'], status = 0): NoAnswer {
  return { ok: false, kind, status, slug: '', reason: '', retryAfterS: null };
}

function mediaType(answer: NetAnswer): string {
  return (answer.header('Content-Type') ?? '').replace(/;.*$/, '').trim().toLowerCase();
}
