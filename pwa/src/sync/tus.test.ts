import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, hex, utf8 } from '../protocol/encoding';
import { MEDIA_TYPE, NONCE_ANSWER } from '../protocol/messages';
import type { Bytes, LogKey, NetAnswer, NetRequest } from '../protocol/ports';
import { proofMessage } from '../protocol/proof';
import { apiOf } from './api';
import type { Phone } from './phone';
import { ask, sendPiece } from './tus';
import { webCrypto, webRandom } from './webcrypto';

// oxlint-disable-next-line typescript/no-explicit-any
type Case = any;
const vectors = (file: string): Case =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../tests/vectors', `${file}.json`), 'utf8'));

const PHOTOS: Case[] = vectors('photos').photos;
const TOLD: Case[] = vectors('photos').exchanges.filter((c: Case) => c.story !== null);
const bytesOf = (base64: string): Bytes => fromHex(hex(new Uint8Array(Buffer.from(base64, 'base64'))));

function answered(status: number, headers: Record<string, string>, body: object | null): NetAnswer {
  const found = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, header: (name) => found.get(name.toLowerCase()) ?? null, body: utf8(body ? JSON.stringify(body) : '') };
}

/** A phone of net, clock and crypto alone, and what it sent. */
function phoneThatHears(nonce: string, answer: NetAnswer): { phone: Phone; sent: NetRequest[] } {
  const sent: NetRequest[] = [];
  const send = (request: NetRequest): Promise<NetAnswer> => {
    if (request.path.endsWith('/nonce')) {
      const echo = (JSON.parse(new TextDecoder().decode(request.body!)) as { nonce: string }).nonce;
      const told = { proto: 1, nonce: echo, proof_nonce: nonce, server_ms: 0 };
      return Promise.resolve(answered(200, { 'Content-Type': MEDIA_TYPE }, told));
    }
    sent.push(request);
    return Promise.resolve(answer);
  };
  const phone = { net: { send }, crypto: webCrypto, random: webRandom, clock: { wall: () => 0 } };
  return { phone: phone as unknown as Phone, sent };
}

async function keyOf(log: string): Promise<LogKey> {
  const { privateKey } = await webCrypto.newSigningKey();
  return { log, publicKey: '', privateKey };
}

describe('a photo on the wire', () => {
  it.each(TOLD)('$name', async ({ request, message, answer }: Case) => {
    const [, , , , log, named] = request.path.split('/');
    const metadata = atob((request.headers['Upload-Metadata'] ?? '').replace(/^sha256 |,.*$/g, ''));
    const { mime, ...photo } = PHOTOS.find((p) => p.sha256 === (named ?? metadata));
    const upload = { log, sha256: photo.sha256, mime, bytes: bytesOf(photo.base64) };
    const problem = answer.problem && { title: 'x', ...answer.problem };
    const kind: Record<string, string> = problem ? { 'Content-Type': 'application/problem+json' } : {};
    const nonce = message.split('\n')[3];
    const { phone, sent } = phoneThatHears(nonce, answered(answer.status, { ...answer.headers, ...kind }, problem));
    const key = await keyOf(log);
    const offset = named ? Number(request.headers['Upload-Offset']) : null;
    const body = bytesOf(request.base64);

    const said =
      request.method === 'HEAD' ? await ask(phone, key, upload) : await sendPiece(phone, key, upload, offset, body.length);

    const { method, path, headers } = sent[0]!;
    expect({ method, path, headers: { ...headers, Authorization: '' } }).toEqual({
      method: request.method,
      path: request.path,
      headers: { ...request.headers, Authorization: '' },
    });
    expect(sent[0]!.body ?? new Uint8Array()).toEqual(body);
    expect(headers['Authorization']).toContain(`log="${log}", nonce="${nonce}"`);
    expect(await proofMessage(webCrypto, { method, path, nonce, body })).toBe(message);
    const at = answer.headers['Upload-Offset'];
    const slug = (problem?.type ?? '').replace('/problems/', '');
    const stored = answer.headers['Fieldsync-Stored'] ?? null;
    expect(said).toEqual({ ok: true, value: { status: answer.status, slug, offset: at === undefined ? null : Number(at), stored } });
  });
});

describe('a refusal', () => {
  it.each(vectors('refusals').refusals as Case[])('$name', async ({ slug, status, headers, problem }) => {
    const { phone } = phoneThatHears('', answered(status, headers, problem));
    phone.net.send = () => Promise.resolve(answered(status, headers, problem));
    const said = await apiOf(phone).call('hello', {}, NONCE_ANSWER, null);
    const wait = headers['Retry-After'];
    const retryAfterS = wait === undefined ? null : Number(wait);
    expect(said).toMatchObject({ ok: false, status, retryAfterS });
    expect(said).toMatchObject(status < 500 ? { kind: 'refused', slug, reason: problem.reason ?? '' } : { kind: 'server' });
  });
});
