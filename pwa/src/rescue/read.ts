/** Reading a rescue file: line by line, every record judged by itself, whatever else is wrong with the file. */
import { b64urlDecode, logId, sha256Hex, utf8 } from '../protocol/encoding';
import type { Bytes, Crypto } from '../protocol/ports';
import { privateHash, verifyRecord, type PrivatePart } from '../protocol/records';
import {
  ANY_INTEGER, APP, B64URL, COUNT, HASH, LOG_ID, NAME, UUID, closed, dictionary, integer, list, literal, nullable, open,
  optional, read, text, type Read,
} from '../protocol/schema'; // prettier-ignore
import { sha256 } from '../protocol/sha256';
import { tryStrict } from '../protocol/strict';

/** The longest line, bytes. */
const LINE_BYTES = 4_194_304;
const PIECE_BYTES = 262_144;
/** The largest photo that a server takes, bytes. */
const PHOTO_BYTES = 12_582_912;

const ALG = literal('ES256', 'none');
const HEADER = open({
  rescue: integer(1, 1_000),
  made_ms: ANY_INTEGER,
  app: APP,
  device: nullable(open({ id: UUID, name: NAME })),
  logs: list(open({ log: LOG_ID, public_key: B64URL, alg: ALG }), 1_000),
});
const PART = closed({ salt: text(64), value: text(8_192) });
const RECORD = open({
  body: text(LINE_BYTES),
  sig: text(200),
  alg: ALG,
  private: optional(dictionary(text(64), PART, 104)),
  sig_prev: optional(nullable(text(200))),
});
const PIECE = open({ sha256: HASH, mime: text(64), size: integer(1, PHOTO_BYTES), i: COUNT, of: integer(1, 48), data: text(LINE_BYTES) });
const END = open({ records: COUNT, photos: COUNT, sha256: HASH });
const PLACE = open({ log: LOG_ID, seq: integer(1, Number.MAX_SAFE_INTEGER) });

export type Header = Read<typeof HEADER>;
export type FoundRecord = {
  hash: string;
  log: string;
  seq: number;
  body: string;
  sig: string;
  alg: 'ES256' | 'none';
  sigPrev: string | null;
  private: Record<string, PrivatePart>;
  /** The photos that it names and the phone had. */
  photos: string[];
};
export type FoundPiece = { sha256: string; mime: string; size: number; i: number; of: number; bytes: Bytes };

/** Where what is found goes. Each step is awaited before the next line is read. */
export type Sink = {
  header(header: Header): Promise<void>;
  record(record: FoundRecord): Promise<void>;
  piece(piece: FoundPiece): Promise<void>;
};
export type Reading = {
  records: number;
  /** The numbers of the lines that are no good record or no good piece. */
  bad: number[];
  /** The file has no end, or another one than its lines add up to. */
  cut: boolean;
};

/** It is no rescue file, or one of a format that is still to come. */
export class NotARescueFile extends Error {
  constructor(readonly why: 'other' | 'newer') {
    super(why);
  }
}

/** Read a file to its end. Throws `NotARescueFile` before anything of it was used. */
export async function readRescue(file: Blob, crypto: Crypto, sink: Sink): Promise<Reading> {
  const hasher = sha256();
  const reading: Reading = { records: 0, bad: [], cut: true };
  const keys = new Map<string, string>();
  let number = 0;
  let recordLines = 0;
  let photos = 0;
  let hasEnded = false;
  for await (const line of linesOf(file)) {
    number += 1;
    // nothing belongs after the end
    if (hasEnded) return { ...reading, cut: true, bad: [...reading.bad, number] };
    const member = line.isWhole ? memberOf(line.bytes) : null;
    if (number === 1) {
      await sink.header(await headerOf(member, keys, crypto));
    } else if (member && 'end' in member) {
      const end = read(END, member['end']);
      reading.cut = end === null || end.sha256 !== hasher.end() || end.records !== recordLines || end.photos !== photos;
      hasEnded = true;
    } else if (member && 'record' in member) {
      recordLines += 1;
      const record = await recordOf(member['record'], keys, crypto);
      if (record) {
        await sink.record(record);
        reading.records += 1;
      } else reading.bad.push(number);
    } else if (member && 'photo' in member) {
      const piece = pieceOf(member['photo']);
      if (piece) {
        await sink.piece(piece);
        if (piece.i === piece.of - 1) photos += 1;
      } else reading.bad.push(number);
    } else if (member === null) {
      reading.bad.push(number);
    }
    hasher.add(line.bytes);
  }
  if (number === 0) throw new NotARescueFile('other');
  return reading;
}

type Line = { bytes: Bytes; isWhole: boolean };

/** The lines of a file with their ends. One that is too long is given in pieces, none of them whole. */
async function* linesOf(file: Blob): AsyncGenerator<Line> {
  let rest = new Uint8Array(0);
  let isLong = false;
  for (let at = 0; at < file.size; at += 1_048_576) {
    rest = joinedBytes(rest, new Uint8Array(await file.slice(at, at + 1_048_576).arrayBuffer()));
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield { bytes: rest.slice(0, end + 1), isWhole: !isLong };
      isLong = false;
      rest = rest.slice(end + 1);
    }
    if (rest.length > LINE_BYTES) {
      yield { bytes: rest, isWhole: false };
      isLong = true;
      rest = new Uint8Array(0);
    }
  }
  if (rest.length > 0) yield { bytes: rest, isWhole: false };
}

function joinedBytes(a: Bytes, b: Bytes): Bytes {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function memberOf(line: Bytes): Record<string, unknown> | null {
  const value = tryStrict(line, { maxBytes: LINE_BYTES });
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

async function headerOf(member: unknown, keys: Map<string, string>, crypto: Crypto): Promise<Header> {
  const header = read(HEADER, member);
  if (!header) throw new NotARescueFile('other');
  if (header.rescue > 1) throw new NotARescueFile('newer');
  for (const { log, public_key } of header.logs) await learnKey(keys, log, public_key, crypto);
  return header;
}

/** A key is a log's only when the log is named after it. */
async function learnKey(keys: Map<string, string>, log: string, publicKey: string, crypto: Crypto): Promise<void> {
  const spki = b64urlDecode(publicKey, 91);
  if (spki && (await logId(crypto, spki)) === log) keys.set(log, publicKey);
}

async function recordOf(value: unknown, keys: Map<string, string>, crypto: Crypto): Promise<FoundRecord | null> {
  const wire = read(RECORD, value);
  const body = wire && tryStrict(utf8(wire.body), { maxBytes: LINE_BYTES });
  const place = read(PLACE, body);
  if (!wire || !place) return null;
  const members = body as { type?: unknown; p?: { public_key?: unknown } | null; private?: unknown; blobs?: unknown };
  if (members.type === 'log.open' && typeof members.p?.public_key === 'string') {
    await learnKey(keys, place.log, members.p.public_key, crypto);
  }
  const key = keys.get(place.log);
  // without a key only the server can tell; a weak record has no signature at all
  if (wire.alg === 'ES256' && key !== undefined && !(await verifyRecord(crypto, key, wire.body, wire.sig))) return null;
  return {
    hash: await sha256Hex(crypto, utf8(wire.body)),
    ...place,
    body: wire.body,
    sig: wire.sig,
    alg: wire.alg,
    sigPrev: wire.sig_prev ?? null,
    private: await fittingParts(wire.private ?? {}, members.private, crypto),
    photos: photosIn(members.blobs),
  };
}

async function fittingParts(parts: Record<string, PrivatePart>, hashes: unknown, crypto: Crypto): Promise<Record<string, PrivatePart>> {
  const wanted = (hashes ?? {}) as Record<string, unknown>;
  const kept: Record<string, PrivatePart> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (Object.hasOwn(wanted, name) && wanted[name] === (await privateHash(crypto, part))) kept[name] = part;
  }
  return kept;
}

function photosIn(blobs: unknown): string[] {
  const found = Array.isArray(blobs) ? (blobs as { sha256?: unknown; lost?: unknown }[]) : [];
  return found.filter((blob) => blob?.lost !== true).map((blob) => blob?.sha256).filter((hash) => typeof hash === 'string');
}

function pieceOf(value: unknown): FoundPiece | null {
  const piece = read(PIECE, value);
  const bytes = piece && b64urlDecode(piece.data);
  if (!piece || !bytes || piece.i >= piece.of || piece.of !== Math.ceil(piece.size / PIECE_BYTES)) return null;
  const { sha256: hash, mime, size, i, of } = piece;
  const length = i === of - 1 ? size - i * PIECE_BYTES : PIECE_BYTES;
  return bytes.length === length ? { sha256: hash, mime, size, i, of, bytes } : null;
}
