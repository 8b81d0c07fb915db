/** The fake server's photos: enough of tus 1.0.0 for a phone to lean on, and strict in what it takes. */
import { sha256Hex } from '../protocol/encoding';
import type { Bytes, Crypto, NetRequest } from '../protocol/ports';

export type Reply = { status: number; body: unknown; slug?: string; headers?: Record<string, string>; members?: object };
export type Uploads = {
  /** The photos that are whole, by hash. */
  photos: Map<string, Bytes>;
  /** Those that are not, by log and hash. */
  parts: Map<string, Bytes>;
  /** `prove` refuses what nobody signed; a piece that was damaged on its way is found before. */
  handle(request: NetRequest, body: Bytes, prove: () => Promise<Reply | null>): Promise<Reply>;
};

/** `sizeOf` tells the size of a photo that a record of the log names, or null. */
export function uploads(crypto: Crypto, sizeOf: (log: string, sha256: string) => number | null): Uploads {
  const photos = new Map<string, Bytes>();
  const parts = new Map<string, Bytes>();

  async function take(
    { method, path, headers }: NetRequest,
    body: Bytes,
    prove: () => Promise<Reply | null>,
  ): Promise<Reply> {
    const [log = '', named = ''] = path.replace('/api/v1/blobs/', '').split('/');
    if (headers['Tus-Resumable'] !== '1.0.0') return refused(412, 'tus-version');
    const checksum = headers['Upload-Checksum']?.replace('sha256 ', '');
    if (checksum !== undefined && checksum !== base64(await crypto.sha256(body))) return refused(460, 'blob-checksum');
    if (method !== 'HEAD' && headers['Content-Type'] !== 'application/offset+octet-stream') return refused(415, 'media-type');
    const unproven = await prove();
    if (unproven) return unproven;
    const sha256 = method === 'POST' ? atob(/sha256 ([^,]*)/.exec(headers['Upload-Metadata'] ?? '')?.[1] ?? '') : named;
    const size = sizeOf(log, sha256);
    if (size === null) return method === 'POST' ? refused(409, 'blob-unknown') : refused(404, 'not-found');
    const place = `${log}/${sha256}`;
    const whole = photos.get(sha256);
    const here = whole ?? parts.get(place) ?? null;
    const offset = here?.length ?? 0;
    const stands = (status: number, at: number, slug?: string): Reply => ({
      status,
      body: null,
      ...(slug === undefined ? {} : { slug }),
      headers: { 'upload-offset': `${at}`, ...(photos.has(sha256) ? { 'fieldsync-stored': sha256 } : {}) },
    });
    if (method === 'POST') {
      if (headers['Upload-Length'] !== `${size}`) return refused(400, 'bad-upload');
      if (offset > 0) return stands(201, offset);
    } else {
      if (!here) return refused(404, 'not-found');
      if (method === 'HEAD') return stands(200, offset);
      if (headers['Upload-Offset'] !== `${offset}`) return stands(409, offset, 'blob-offset');
    }
    const grown = joined(here, body);
    if (grown.length > size) return refused(400, 'bad-upload');
    parts.set(place, grown);
    if (grown.length === size) {
      parts.delete(place);
      if ((await sha256Hex(crypto, grown)) !== sha256) return refused(460, 'wrong-hash');
      if (new TextDecoder().decode(grown.slice(0, 3)) === 'GIF') return refused(415, 'blob-type');
      photos.set(sha256, grown);
    }
    return stands(method === 'POST' ? 201 : 204, grown.length);
  }

  return {
    photos,
    parts,
    async handle(request, body, prove) {
      const reply = await take(request, body, prove);
      return { ...reply, headers: { 'tus-resumable': '1.0.0', ...reply.headers } };
    },
  };
}

function refused(status: number, slug: string): Reply {
  return { status, body: null, slug };
}

function joined(first: Bytes | null, second: Bytes): Bytes {
  const both = new Uint8Array((first?.length ?? 0) + second.length);
  both.set(first ?? []);
  both.set(second, first?.length ?? 0);
  return both;
}

function base64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}
