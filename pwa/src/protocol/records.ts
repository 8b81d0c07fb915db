/**
 * The sealed record: its body, made once when the person presses save. From then on its text is stored, signed,
 * hashed and sent as it is; nothing is ever serialised a second time.
 */
import { b64urlEncode, sha256Hex, utf8, wellFormed } from './encoding';
import { signText, verifyText } from './keys';
import type { Crypto, LogKey, Randomness } from './ports';
import type { ClockReading } from './messages';
import type { AssetState } from './entities';
import type { OrderPayloads } from './orders';

/** 256 KiB of UTF-8; a longer body is not made. */
export const MAX_BODY_BYTES = 262_144;

const SIGNED_PREFIX = 'fieldsync/1 record\n';

export type TargetSeen = {
  kind: 'checkpoint' | 'asset';
  id: string;
  /** The version of it that the phone saw. */
  version: number;
};
export type ScanOutcome = 'known' | 'unknown' | 'retired' | 'not_here' | 'no_tag';
export type CannotRead = 'dark' | 'broken' | 'blocked' | 'other';
/** An answer as it travels; which one fits which field is in docs/protocol/forms.md. */
export type Answer =
  | string
  | { cannot_read: CannotRead }
  | { meter: string; edition: number; value: string }
  | { private: true }
  | { photos: number }
  | { seconds: number }
  | { signed: true }
  /** A signature whose name was typed instead of drawn. */
  | { typed: true }
  | { part: string; quantity: string }
  | { private: true; quantity: string };
export type Urgency = 'normal' | 'urgent';
export type FindingKind = 'damage' | 'hazard' | 'dirt' | 'blocked' | 'other';
export type Capabilities = Record<string, string | boolean>;

type Place = { occurrence: string | null; stop: string | null; target: TargetSeen | null };

/** Whether a scan says where it was made, and why not. */
export type Location = 'given' | 'refused' | 'unavailable';
export type Consent = {
  /** Of the text that was shown. */
  version: number;
  language: 'en' | 'zh';
  /** Whether records may say where they were made. */
  location: boolean;
};

/** Whose round it is by its plan. */
export type InsteadOf = { kind: 'team' | 'person' | 'post' | 'company'; id: string };

/** Why a stop is skipped: no key, no way through, works, danger, weather, something else. */
export type SkipReason = 'locked' | 'blocked' | 'works' | 'unsafe' | 'weather' | 'other';

/** Why stock moves: used for work, brought back, delivered, broken or lost. */
export type StockWhy = 'used' | 'returned' | 'received' | 'written_off';

/** The payload of each record type, in the version that is written. */
export type Payloads = OrderPayloads & {
  'log.open': {
    public_key: string;
    device: string;
    previous_log: string | null;
    previous_head: string | null;
    reason: 'enrolled' | 'restored' | 'rotated' | 'lost';
    capabilities: Capabilities;
    /** Of a log that was lost: the last number that the phone showed as saved. */
    previous_seq?: number;
  };
  'shift.start': { method: 'pin'; online: boolean; failed_tries: number };
  'shift.end': { reason: ShiftEndReason };
  scan: Place & {
    tag: { hash: string; proof: string; version: number | null } | null;
    result: ScanOutcome;
    method: 'camera' | 'photo' | 'typed';
    walk_on: boolean;
    out_of_order: boolean;
    /** Absent in version 1. */
    location?: Location;
  };
  consent: Consent;
  answers: Place & {
    scan: string | null;
    form: { id: string; edition: number };
    values: Record<string, Answer>;
  };
  finding: Place & { urgency: Urgency; kind: FindingKind };
  /** A round of somebody else is taken over; null where the phone does not know whose it is. */
  'round.take': { occurrence: string; instead_of: InsteadOf | null };
  /** A stop of a round is skipped for a reason; words are the private part `note`. */
  'stop.skip': { occurrence: string; stop: string; target: TargetSeen | null; reason: SkipReason };
  /** So much of a part was taken (negative) or brought, as a decimal text; words are the private part `note`. */
  'stock.move': { part: string; quantity: string; order: string | null; why: StockWhy; asset: string | null };
  /** So much lies there of a part, counted without being told what ought to. */
  'stock.count': { part: string; counted: string };
  /** How a record came about; the words are the private part `note`. */
  explain: { record: string };
  /** An asset stands still, or runs again; since when, where whoever says it knows; words are the private part `note`. */
  'asset.state': { asset: string; state: AssetState; since_ms: number | null };
  /** A meter was taken out and another one put in; `end` null: nobody could read the old one. Words are the private part `note`. */
  'meter.exchange': { meter: string; edition: number; end: string | null; start: string; number: string | null; seen: number };
  'photo.corrupt': { sha256: string; why: 'hash' | 'missing' | 'unreadable' };
};
export type RecordType = keyof Payloads;
/** The version of a payload that this app writes; 1 where none stands here. */
export const VERSIONS: Partial<Record<RecordType, number>> = { scan: 2 };
export type ShiftEndReason = 'person' | 'quiet' | 'switch' | 'moved';

export type PhotoMime = 'image/jpeg' | 'image/png' | 'image/webp';
/** Of a voice note: what the phones' recorders make. */
export type VoiceMime = 'audio/webm' | 'audio/mp4';
export type BlobMime = PhotoMime | VoiceMime;
/** What a blob is: the frame of a scan, a photo, a voice note, a signature. */
export type BlobRole = 'frame' | 'photo' | 'voice' | 'signature';
export type BlobRef = {
  sha256: string;
  size: number;
  mime: BlobMime;
  role: BlobRole;
  field?: string;
  /** This is the photo as it was taken, before it was drawn on: the hash of the other. */
  of?: string;
  /** The phone could not keep it. */
  lost?: true;
};

/** A body as members, in the order of the specification. */
export type Body<T extends RecordType = RecordType> = {
  v: 1;
  log: string;
  seq: number;
  prev: string;
  id: string;
  type: T;
  /** The version of the payload: what this phone wrote with an earlier app stays as it was. */
  tv: number;
  actor: string | null;
  site: string;
  app: string;
  t: ClockReading & { anchor: string | null };
  private?: Record<string, string>;
  deps?: string[];
  base?: { entity: string; version: number };
  blobs?: BlobRef[];
  p: Payloads[T];
};

/** What a person may later have erased: it travels beside the body, which holds its hash. */
export type PrivatePart = { salt: string; value: string };

/** What a record is made of, besides its place in the chain and the clocks. */
export type Draft<T extends RecordType = RecordType> = {
  type: T;
  actor: string | null;
  site: string;
  p: Payloads[T];
  /** Name → text: `geo`, `note`, `text.<field>`, `raw`. */
  private?: Record<string, string>;
  deps?: string[];
  /** The entity and the version of it that a command saw. */
  base?: { entity: string; version: number };
  blobs?: BlobRef[];
};

/** The text of a body: members in the order of the specification, no blanks, every string well-formed. */
export function bodyText(body: Body): string {
  const { v, log, seq, prev, id, type, tv, actor, site, app, t, private: parts, deps, base, blobs, p } = body;
  const members = {
    v, log, seq, prev, id, type, tv, actor, site, app,
    t: { wall: t.wall, mono: t.mono, boot: t.boot, tz: t.tz, anchor: t.anchor },
    ...(parts && Object.keys(parts).length > 0 ? { private: parts } : {}),
    ...(deps && deps.length > 0 ? { deps } : {}),
    ...(base ? { base } : {}),
    ...(blobs && blobs.length > 0 ? { blobs: blobs.map(blobMembers) } : {}),
    p,
  }; // prettier-ignore
  return JSON.stringify(members, (_key, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value));
}

function blobMembers({ sha256, size, mime, role, field, of, lost }: BlobRef): BlobRef {
  return { sha256, size, mime, role, ...(field === undefined ? {} : { field }), ...(of === undefined ? {} : { of }), ...(lost ? { lost } : {}) };
}

/** The hash of a record: SHA-256 of its body's UTF-8. */
export async function recordHash(crypto: Crypto, body: string): Promise<string> {
  return sha256Hex(crypto, utf8(body));
}

/** The log's signature of a record. */
export async function signRecord(crypto: Crypto, key: LogKey, body: string): Promise<string> {
  return signText(crypto, key, SIGNED_PREFIX + body);
}

/** Whether `signature` is the key's over the body. */
export async function verifyRecord(crypto: Crypto, publicKey: string, body: string, sig: string): Promise<boolean> {
  return verifyText(crypto, publicKey, SIGNED_PREFIX + body, sig);
}

/** What a body holds of a private part. */
export async function privateHash(crypto: Crypto, part: PrivatePart): Promise<string> {
  return sha256Hex(crypto, utf8(part.salt + part.value));
}

/** A private part with a salt of 16 random bytes. */
export function privatePart(random: Randomness, value: string): PrivatePart {
  return { salt: b64urlEncode(random.bytes(16)), value: wellFormed(value) };
}

/** The members of a body that this phone made. */
export function parseOwn(body: string): Body {
  return JSON.parse(body) as Body;
}
