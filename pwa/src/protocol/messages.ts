/**
 * The messages of docs/protocol/messages.md. Requests are closed; answers may bring members that this app does not
 * know yet. `MESSAGES` names every kind as the shared vectors do.
 */
import type { Label } from './entities';
import {
  ANY_INTEGER, APP, B64URL, BILINGUAL, BOOLEAN, BOOT, CODE, COUNT, HASH, LOG_ID, NAME, NONCE, OBJECT, SEQ, SHORT_TEXT,
  TOKEN, UUID, VERSION, ZONE, closed, dictionary, either, growing, integer, list, literal, nullable, open, optional, pair, text,
  type Read, type Schema,
} from './schema'; // prettier-ignore

export const MEDIA_TYPE = 'application/vnd.fieldsync+json';
/** Where the messages live. */
export const PREFIX = '/api/v1/sync/';
/** The most bytes of a message unpacked. */
export const MAX_BYTES = 4_194_304;
export const PUSH_RECORDS = 100;
export const PUSH_BYTES = 524_288;
export const HAVE_HASHES = 5_000;
export const PULL_ROWS = 1_000;

/** Outcomes that mean: the server has the record. `later` is the one that does not. */
export const STORED = ['applied', 'duplicate', 'held', 'forked', 'quarantined'] as const;
export type Stored = (typeof STORED)[number];

const OUTCOME = literal(...STORED, 'later');
/** Why a record is in quarantine; a newer server may have reasons that this app has no words for. */
const QUARANTINE = CODE;
const STATE = literal('waiting', 'active', 'refused');
const CURSOR = text(1_000);
const LABEL = BILINGUAL as Schema<Label>;

const NAMED_SITE = open({ id: UUID, name: LABEL });
const SCOPES = list(UUID, 32);

const CLOCK = closed({ wall: ANY_INTEGER, mono: COUNT, boot: BOOT, tz: ZONE });
const PRIVATE_PART = closed({ salt: text(64), value: text(8_192) });
const WIRE_RECORD = closed({
  body: text(MAX_BYTES),
  sig: text(200),
  alg: text(16),
  private: optional(dictionary(text(64), PRIVATE_PART, 104)),
  sig_prev: optional(nullable(text(200))),
});
const SIGNED_RECEIPT = open({ body: text(2_048), sig: B64URL, kid: SHORT_TEXT });
const RECORD_OUTCOME = open({
  hash: HASH,
  outcome: OUTCOME,
  code: optional(nullable(QUARANTINE)),
  marks: optional(list(CODE, 40)),
});
const ROW = open({
  kind: CODE,
  id: UUID,
  scope: UUID,
  version: VERSION,
  op: literal('upsert', 'leave'),
  body: nullable(OBJECT),
});

const request = { proto: literal(1), nonce: NONCE };
const answer = { proto: literal(1), nonce: NONCE };

export const NONCE_ANSWER = open({ ...answer, proof_nonce: text(100), server_ms: ANY_INTEGER });
export const HELLO_REQUEST = closed({
  ...request,
  log: LOG_ID,
  head: closed({ seq: COUNT, hash: HASH }),
  oldest: SEQ,
  app: APP,
  clock: CLOCK,
  unsent: closed({ records: COUNT, photos: COUNT, oldest_wall: nullable(ANY_INTEGER) }),
  storage: closed({ persisted: nullable(BOOLEAN), usage: nullable(COUNT), quota: nullable(COUNT) }),
});
export const HELLO_ANSWER = open({
  ...answer,
  epoch: SHORT_TEXT,
  log: open({ max_seq: COUNT, head_hash: HASH, missing: list(pair(SEQ, SEQ), 100), archived_through: COUNT }),
  anchor: nullable(TOKEN),
  limits: open({ push_records: VERSION, push_bytes: VERSION, body_bytes: VERSION, blob_bytes: VERSION }),
  device: open({
    id: UUID,
    name: NAME,
    state: literal('waiting', 'active', 'refused', 'revoked'),
    site: optional(nullable(NAMED_SITE)),
    // the phone only hands over what it has
    uploads_only: optional(BOOLEAN),
  }),
  // what a newer server advises besides is kept as it is, for the app that comes after this one
  advice: growing({ min_app: nullable(APP), pull: BOOLEAN }),
  notices: list(growing({ code: CODE, text: LABEL }), 20),
  // how the server's receipt key was replaced, the oldest change first
  server_keys: optional(list(SIGNED_RECEIPT, 20)),
});
export const HAVE_REQUEST = closed({ ...request, log: LOG_ID, hashes: list(HASH, HAVE_HASHES) });
export const HAVE_ANSWER = open({
  ...answer,
  missing: list(HASH, HAVE_HASHES),
  // hash → marks that came after the record's outcome
  marks: optional(dictionary(HASH, list(CODE, 40), HAVE_HASHES)),
});
export const PUSH_REQUEST = closed({
  ...request,
  log: LOG_ID,
  clock: CLOCK,
  remaining: COUNT,
  records: list(WIRE_RECORD, PUSH_RECORDS, 1),
});
export const PUSH_ANSWER = open({
  ...answer,
  count: COUNT,
  outcomes: list(RECORD_OUTCOME, PUSH_RECORDS),
  receipt: nullable(SIGNED_RECEIPT),
  anchor: nullable(TOKEN),
});
export const RAW_ANSWER = open({
  proto: literal(1),
  nonce: literal(''),
  hash: HASH,
  outcome: OUTCOME,
  code: optional(nullable(QUARANTINE)),
});
export const PULL_REQUEST = closed({
  ...request,
  cursor: nullable(CURSOR),
  scopes: optional(nullable(SCOPES)),
  limit: integer(1, PULL_ROWS),
});
export const PULL_ANSWER = open({
  ...answer,
  rows: list(ROW, PULL_ROWS),
  cursor: nullable(CURSOR),
  more: BOOLEAN,
  scopes: optional(nullable(open({ add: SCOPES, remove: SCOPES }))),
  server_ms: ANY_INTEGER,
});
export const SNAPSHOT_REQUEST = closed({
  ...request,
  scope: UUID,
  cursor: nullable(CURSOR),
  scopes: SCOPES,
  resume: nullable(CURSOR),
  limit: integer(1, PULL_ROWS),
});
export const SNAPSHOT_ANSWER = open({
  ...answer,
  rows: list(ROW, PULL_ROWS),
  resume: nullable(CURSOR),
  cursor: nullable(CURSOR),
  server_ms: ANY_INTEGER,
});
export const ENROL_REQUEST = closed({
  ...request,
  code: NONCE,
  public_key: B64URL,
  sig: B64URL,
  name: text(80),
  app: APP,
  clock: CLOCK,
  capabilities: dictionary(CODE, either(text(200), BOOLEAN), 32),
});
export const ENROL_ANSWER = open({
  ...answer,
  device: open({ id: UUID, name: NAME }),
  organisation: open({ id: UUID, name: NAME }),
  site: NAMED_SITE,
  log: LOG_ID,
  check_word: SHORT_TEXT,
  server_key: open({ kid: SHORT_TEXT, public_key: B64URL }),
  state: STATE,
});
export const ENROL_STATE_ANSWER = open({ ...answer, state: STATE, person: optional(nullable(UUID)) });
export const SIGN_IN_REQUEST = closed({ ...request, person: UUID, pin: text(6, /^[0-9]{6}$/) });
export const SIGN_IN_ANSWER = open({ ...answer, ok: BOOLEAN, tries_left: nullable(COUNT), wait_s: COUNT });

export const LEAVE_REQUEST = closed({
  ...request,
  unsent: closed({ records: COUNT, photos: COUNT, oldest_wall: nullable(ANY_INTEGER) }),
});
export const LEAVE_ANSWER = open({ ...answer, epoch: SHORT_TEXT, state: text(20), wipe: nullable(SIGNED_RECEIPT) });
export const WIPED_REQUEST = closed({ ...request, order: UUID, records: COUNT, photos: COUNT });
export const WIPED_ANSWER = open(answer);

/** The most bytes of a picture of the site, 600 KiB. */
export const PICTURE_BYTES = 614_400;
export const PICTURE_REQUEST = closed({ ...request, sha256: HASH });
export const PICTURE_ANSWER = open({ ...answer, sha256: HASH, mime: literal('image/jpeg'), data: text(819_200, /^[A-Za-z0-9_-]*$/) });

export type WireRecord = Read<typeof WIRE_RECORD>;
export type RecordOutcome = Read<typeof RECORD_OUTCOME>;
export type FeedRow = Read<typeof ROW>;
export type HelloAnswer = Read<typeof HELLO_ANSWER>;
export type PushAnswer = Read<typeof PUSH_ANSWER>;
export type ClockReading = Read<typeof CLOCK>;

/** Every message by the name that the shared vectors give it. */
export const MESSAGES: Record<string, Schema<unknown>> = {
  'nonce.request': closed(request),
  'nonce.answer': NONCE_ANSWER,
  'hello.request': HELLO_REQUEST,
  'hello.answer': HELLO_ANSWER,
  'have.request': HAVE_REQUEST,
  'have.answer': HAVE_ANSWER,
  'push.request': PUSH_REQUEST,
  'push.answer': PUSH_ANSWER,
  'raw.answer': RAW_ANSWER,
  'pull.request': PULL_REQUEST,
  'pull.answer': PULL_ANSWER,
  'snapshot.request': SNAPSHOT_REQUEST,
  'snapshot.answer': SNAPSHOT_ANSWER,
  'enrol.request': ENROL_REQUEST,
  'enrol.answer': ENROL_ANSWER,
  'enrol-state.request': closed(request),
  'enrol-state.answer': ENROL_STATE_ANSWER,
  'leave.request': LEAVE_REQUEST,
  'leave.answer': LEAVE_ANSWER,
  'wiped.request': WIPED_REQUEST,
  'wiped.answer': WIPED_ANSWER,
  'picture.request': PICTURE_REQUEST,
  'picture.answer': PICTURE_ANSWER,
  'sign-in.request': SIGN_IN_REQUEST,
  'sign-in.answer': SIGN_IN_ANSWER,
};
