/** A photo on the wire: tus 1.0.0, see docs/protocol/photos.md. */
import { utf8 } from '../protocol/encoding';
import type { Bytes, LogKey } from '../protocol/ports';
import { apiOf, type Answer, type UploadSaid } from './api';
import type { Phone } from './phone';

/** A photo, and the log whose record names it. */
export type Upload = { log: string; sha256: string; mime: string; bytes: Bytes };

const PIECE_TYPE = 'application/offset+octet-stream';

/** Ask where an upload stands. */
export function ask(phone: Phone, key: LogKey, { log, sha256 }: Upload): Promise<Answer<UploadSaid>> {
  return apiOf(phone).tus({ method: 'HEAD', path: `/api/v1/blobs/${log}/${sha256}`, headers: {}, body: null }, key);
}

/** Send the piece from `offset` on, at most `most` bytes; null begins the upload with its first piece. */
export async function sendPiece(
  phone: Phone,
  key: LogKey,
  { log, sha256, mime, bytes }: Upload,
  offset: number | null,
  most: number,
): Promise<Answer<UploadSaid>> {
  const piece = bytes.slice(offset ?? 0, (offset ?? 0) + most);
  const digest = await phone.crypto.sha256(piece);
  const headers: Record<string, string> = { 'Content-Type': PIECE_TYPE, 'Upload-Checksum': `sha256 ${base64(digest)}` };
  const path = `/api/v1/blobs/${log}`;
  if (offset !== null) {
    headers['Upload-Offset'] = `${offset}`;
    return apiOf(phone).tus({ method: 'PATCH', path: `${path}/${sha256}`, headers, body: piece }, key);
  }
  headers['Upload-Length'] = `${bytes.length}`;
  headers['Upload-Metadata'] = `sha256 ${base64(utf8(sha256))},type ${base64(utf8(mime))}`;
  return apiOf(phone).tus({ method: 'POST', path, headers, body: piece }, key);
}

function base64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}
