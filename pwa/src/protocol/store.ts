/**
 * The store port: what the phone keeps, and the steps that change it. Each step is one transaction: all of it or
 * nothing. Rows of a record carry its sealed text; nothing in them but the sealed text is evidence.
 */
import type { ClockState } from './clocks';
import type { Label } from './entities';
import type { LeftBehind } from './leaving';
import type { FeedRow, HelloAnswer, RecordOutcome, Stored } from './messages';
import type { Bytes, LogKey, WeakKey } from './ports';
import type { BlobRef, Capabilities, PrivatePart } from './records';

/** The place after which the next record is sealed. */
export type Head = {
  log: string;
  /** 0 with 64 zeros before the first record. */
  seq: number;
  hash: string;
  /** Counts the records of this phone over all its logs; the order in which they are sent. */
  n: number;
};

/** One record as the phone keeps it. */
export type RecordRow = {
  hash: string;
  log: string;
  seq: number;
  n: number;
  /** The sealed text. */
  body: string;
  sig: string;
  alg: 'ES256' | 'none';
  sigPrev: string | null;
  private: Record<string, PrivatePart>;
  /** When it was made, as the phone knew it best then, ms. For the screen and the order of rounds only. */
  at: number;
  /** Equal to `n` while the server has not said that it keeps the record; absent after. */
  unsent?: number;
  outcome: Stored | null;
  code: string | null;
  marks: string[];
  /** The key of its receipt in `receipts`, or null. */
  receipt: string | null;
  /** How often it failed when it was sent alone. */
  failed: number;
};

export type PhotoState = 'saved' | 'sent' | 'lost';
export type PhotoRow = {
  sha256: string;
  size: number;
  mime: string;
  role: BlobRef['role'];
  /** The log whose record names it; null until one does. */
  log: string | null;
  /** When it was kept, the phone's clock, ms. */
  keptAt: number;
  /** Rises with every photo that a record named; absent once it is sent, damaged or not yet named. */
  unsent?: number;
  /** Rises with every photo that was sent: the oldest is dropped first; absent before and after. */
  sent?: number;
  state: PhotoState;
};

export type ReceiptRow = {
  /** log, from and to. */
  key: string;
  log: string;
  from: number;
  to: number;
  receivedMs: number;
  ledgerPos: number;
  body: string;
  sig: string;
  kid: string;
  checkWord: string;
  /** The phone's clocks as the request stated them; absent in rows of earlier versions. */
  clock?: ClockState;
};

/** A picture that came down: a plan of the site. It can come again. */
export type PictureRow = { sha256: string; size: number; bytes: ArrayBuffer };

/** What came down, as it stands; `body` is null for what left. */
export type EntityRow = {
  kind: string;
  id: string;
  scope: string;
  version: number;
  body: Record<string, unknown> | null;
  generation: number;
};

export type DeviceState = 'waiting' | 'active' | 'refused' | 'draining' | 'revoked';
/** This phone as the server knows it. */
export type DeviceRow = {
  id: string;
  name: string;
  organisation: { id: string; name: string };
  site: { id: string; name: Label };
  checkWord: string;
  serverKey: { kid: string; public_key: string };
  state: DeviceState;
};

/** A log of another phone whose records this one carries; see docs/protocol/rescue.md. */
export type CarriedLog = {
  log: string;
  /** Empty where the file did not say it and the server has to know. */
  publicKey: string;
  alg: 'ES256' | 'none';
  device: { id: string; name: string } | null;
  /** When the file was read, the phone's clock, ms. */
  at: number;
};
export type CarriedRow = {
  hash: string;
  log: string;
  seq: number;
  body: string;
  sig: string;
  alg: 'ES256' | 'none';
  sigPrev: string | null;
  private: Record<string, PrivatePart>;
  /** Log and seq while the server has not said that it keeps the record; absent after. */
  unsent?: [string, number];
};
export type CarriedPhoto = {
  sha256: string;
  size: number;
  mime: string;
  /** The log whose record names it. */
  log: string;
  /** Its place in the file while it has not been sent; absent after, and while pieces are missing. */
  unsent?: number;
};
/** What is left to carry for one phone. */
export type Carrying = { log: string; device: CarriedLog['device']; records: number; photos: number };
/** A record that is kept apart because it is no longer what was sealed. */
export type DamagedRecord = { id: number; why: string; seq: number | null; actor: string | null };
/** A log that this browser began and whose records are gone: somebody cleared its store. */
export type LostLog = { log: string; seq: number; hash: string };

/** Who is signed in on this phone, since when by its best time, and when they last gave the PIN again, ms. */
export type Session = { person: string; since: number; proven?: number };
/** What a person said to the text about what is recorded: its version, and `at` by the phone's clock, ms. */
export type Given = { version: number; location: boolean; at: number };
/** A person's PIN verifier, and the wrong tries since the last right one. */
export type VerifierRow = { person: string; salt: string | null; mac: string | null; tries: number };
/** Where the phone stands in what comes down. */
export type PullState = {
  cursor: string | null;
  /** Rises with every reset; rows of an older one are swept when their site is whole again. */
  generation: number;
  /** The sites that are whole under `cursor`. */
  scopes: string[];
  /** The sites that are shown: those that are whole, or were before the last reset. */
  shown: string[];
  /** The site whose snapshot is under way, and where it goes on; null as `resume` begins it. */
  coming: string | null;
  resume: string | null;
};

/** The single values that the phone keeps by name. */
export type Meta = {
  device: DeviceRow;
  session: Session;
  pull: PullState;
  epoch: string;
  /** What this phone can do, as it told the server when it joined. */
  capabilities: Capabilities;
  /** What the server advised and had to say with its last `hello`. It never keeps anything from being sent. */
  advice: { advice: HelloAnswer['advice']; notices: HelloAnswer['notices'] };
  /** The last anchor's token. */
  anchor: string;
  /** The phone's best time at the end of the last full round, ms. */
  lastFullRound: number;
  /** The phone's best time at which `have` was asked last, ms. */
  lastHave: number;
  /** Who goes on with this phone that had the one before, until somebody signs in. */
  expected: string;
  /** The code and key of a join that the server has not answered yet. */
  joining: { code: string; log: string };
  /** The keys of a browser that cannot keep real ones, by log: whoever reads the store can copy them. */
  weak: Record<string, WeakKey>;
  /** By log: the number up to which a verified backup of the server holds it. */
  archived: Record<string, number>;
  /** What this browser held before its store was cleared, until the next log has told the server. */
  lost: LostLog;
  /** Rows that can come down again were dropped for want of room. */
  thinned: true;
  /** By person: what they said last to the text about what is recorded. */
  consents: Record<string, Given>;
};

/** What a new record changes besides the log. */
export type Effects = {
  session?: Session | null;
  /** Photos that the record names: now they may be sent. */
  photos?: string[];
  drafts?: string[];
  verifier?: VerifierRow;
  consent?: { person: string; given: Given };
};

/** What the phone has to send and has sent. */
export type Counts = {
  unsent: number;
  photosUnsent: number;
  /** The phone's clock at the oldest unsent record. */
  oldestWall: number | null;
  refused: number;
  /** The highest `seq` of the current log under a receipt. */
  receivedUpTo: number | null;
  damaged: number;
};

/** What a step changed, for those who watch. */
export type Change = {
  records?: string[];
  /** A new record, not news of an old one. */
  saved?: true;
  rows?: true;
  photos?: true;
  carried?: true;
  pictures?: true;
  meta?: (keyof Meta)[];
};

/** The store could not do it. `full`: no room, nothing was changed. `gone`: it cannot be opened or kept failing. */
export class StoreError extends Error {
  constructor(
    readonly kind: 'full' | 'gone' | 'keys',
    options?: ErrorOptions,
  ) {
    super(`store ${kind}`, options);
  }
}

export type Store = {
  // -- keys and the log ------------------------------------------------------------------
  /** The log's key, or null; throws `StoreError('keys')` when the browser cannot keep keys. */
  logKey(log: string): Promise<LogKey | null>;
  macKey(): Promise<CryptoKey | null>;
  /** Keep the keys of a phone that is about to join; without a key for PINs there is no PIN without a network. */
  beginJoin(code: string, key: LogKey, macKey: CryptoKey | null, capabilities: Capabilities): Promise<void>;
  /** The server knows the phone: its log begins. */
  finishJoin(device: DeviceRow, log: string): Promise<void>;
  head(): Promise<Head | null>;
  /** Seal: false, with nothing changed, when the head is no longer `expected`. */
  append(expected: Head, row: RecordRow, effects: Effects): Promise<boolean>;
  /** Begin a new log with its first record; false when the head is no longer `expected`. */
  rotate(expected: Head, key: LogKey, first: RecordRow): Promise<boolean>;

  // -- what is to be sent ------------------------------------------------------------------
  /** The oldest unsent records in their order, without `skip`. Damaged ones are set aside. */
  unsent(limit: number, skip: ReadonlySet<string>): Promise<RecordRow[]>;
  /** The outcomes of a batch; only a stored one takes a record out of the outbox. */
  settle(outcomes: RecordOutcome[], receipt: ReceiptRow | null): Promise<void>;
  /** One more failure of a record that was sent alone; returns how many there are. */
  failedAlone(hash: string): Promise<number>;
  /** The server does not have them: they are new again. Returns how many were stored before. */
  resend(hashes: readonly string[]): Promise<number>;
  /** Add to records that the server has, by their hash, the marks that they got after their outcome. */
  addMarks(marks: Readonly<Record<string, readonly string[]>>): Promise<void>;
  /** The hashes of the kept records of `log` in these places that count as stored. */
  storedIn(log: string, ranges: readonly (readonly [number, number])[]): Promise<string[]>;
  /** The hashes of all kept records, in their order. */
  kept(): Promise<string[]>;
  /** The hash of the record in this place, or null. */
  hashAt(log: string, seq: number): Promise<string | null>;
  /** A record that is no longer what was sealed: it is kept apart, and the rest goes on. */
  setAside(hash: string, why: string): Promise<void>;
  /** The lowest number from which on a log is kept without a gap; its `log.open` is always kept. */
  oldest(log: string): Promise<number>;
  /**
   * Drop the oldest records that the server has: those of `archived` that were made before `archivedBefore`, and all
   * made before `before` (ms). Never one that is unsent, nor what follows one; never a log's first and last.
   * Returns how many went.
   */
  retire(archived: Readonly<Record<string, number>>, archivedBefore: number, before: number): Promise<number>;
  /**
   * Drop the private parts and photos of people who were erased (rows `erasure`), of records that the server has.
   * Returns of how many.
   */
  forgetErased(): Promise<number>;
  /** Set aside what cannot be a record any more. Returns how many. */
  inspect(): Promise<number>;
  /** What was set aside, newest first. */
  damaged(): Promise<DamagedRecord[]>;
  counts(): Promise<Counts>;

  // -- photos ------------------------------------------------------------------------------
  /** Keep a photo. Frees what can come again, then photos that were sent, when there is no room; throws `StoreError('full')`. */
  keepPhoto(photo: Omit<PhotoRow, 'state' | 'log'>, bytes: Bytes): Promise<void>;
  /** The bytes as kept, or null. They are not compared with the hash. */
  photo(sha256: string): Promise<Bytes | null>;
  photoRow(sha256: string): Promise<PhotoRow | null>;
  photoRows(): Promise<PhotoRow[]>;
  nextPhoto(skip: ReadonlySet<string>): Promise<PhotoRow | null>;
  photoSent(sha256: string): Promise<void>;
  /**
   * Photos that count as sent, are still here and were kept after `keptAfter` (the phone's clock, ms) are asked for
   * again before they count as sent once more. Returns how many.
   */
  doubtPhotos(keptAfter: number): Promise<number>;
  /** It is damaged and cannot be sent. */
  photoLost(sha256: string): Promise<void>;
  /** Drop photos that no record came to name. */
  sweepPhotos(keptBefore: number, keptAfter: number): Promise<void>;

  // -- what is carried for another phone -----------------------------------------------------
  /** Keep what a file brings; what is here already stays as it is. Returns how many records are new. */
  carry(log: CarriedLog, rows: readonly CarriedRow[]): Promise<number>;
  carryPiece(sha256: string, i: number, bytes: Bytes): Promise<void>;
  /** All pieces are here; false when they do not make the photo: then they are dropped. */
  carryPhoto(photo: CarriedPhoto, isWhole: boolean): Promise<void>;
  /** The next records to carry, of one log. */
  carriedUnsent(limit: number, skip: ReadonlySet<string>): Promise<CarriedRow[]>;
  settleCarried(outcomes: readonly RecordOutcome[]): Promise<void>;
  nextCarriedPhoto(skip: ReadonlySet<string>): Promise<CarriedPhoto | null>;
  carriedBytes(sha256: string): Promise<Bytes | null>;
  /** It has been sent, or it is not what its name says: either way there is nothing left to carry. */
  carriedPhotoDone(sha256: string): Promise<void>;
  /** What is left, by log. */
  carrying(): Promise<Carrying[]>;
  /** Drop the logs of which nothing is left to carry. */
  dropCarried(): Promise<void>;

  // -- what came down ----------------------------------------------------------------------
  pullState(): Promise<PullState>;
  /**
   * A page and the bookmark that goes with it in one transaction; false when the bookmark is no longer `expected`.
   * A site that is whole with it loses the rows of older generations; one that is in no list any more loses all.
   */
  applyPage(expected: PullState, rows: readonly FeedRow[], next: PullState): Promise<boolean>;
  /** Pull anew; false when the bookmark is no longer `expected`. */
  resetPull(expected: PullState): Promise<boolean>;
  /** The rows of the sites that are shown. */
  rows(): Promise<EntityRow[]>;
  /** The hashes and sizes of the pictures that are kept. */
  pictures(): Promise<{ sha256: string; size: number }[]>;
  /** A picture's bytes, or null. They are not compared with the hash. */
  picture(sha256: string): Promise<Bytes | null>;
  /** Keep a picture, if there is room for it: false when there is none. Nothing is dropped for it. */
  keepPicture(sha256: string, bytes: Bytes): Promise<boolean>;
  /** Drop every picture that is not among these. */
  dropPictures(wanted: ReadonlySet<string>): Promise<void>;

  // -- reading and single values -------------------------------------------------------------
  /** The newest records first, at most `limit`. */
  records(limit: number): Promise<RecordRow[]>;
  record(hash: string): Promise<RecordRow | null>;
  receipt(key: string): Promise<ReceiptRow | null>;
  get<K extends keyof Meta>(key: K): Promise<Meta[K] | null>;
  put<K extends keyof Meta>(key: K, value: Meta[K]): Promise<void>;
  drop(key: keyof Meta): Promise<void>;
  verifier(person: string): Promise<VerifierRow | null>;
  /** One more try of a person's PIN; returns the row with the try counted. */
  countTry(person: string): Promise<VerifierRow>;
  draft(key: string): Promise<unknown>;
  putDraft(key: string, value: unknown): Promise<void>;
  dropDraft(key: string): Promise<void>;

  // -- leaving -----------------------------------------------------------------------------
  /** What would be lost with this store: unsent, carried for others, damaged. */
  leftBehind(): Promise<LeftBehind>;
  /** Empty the store, keys and all, if it may be; returns what was lost, or null when nothing was changed. */
  wipe(may: (left: LeftBehind) => boolean): Promise<LeftBehind | null>;

  /**
   * Keep a reserve for records, made by `fill`, unless it is here. False when there is no room for it: then it was given
   * up for a record, or never came to be.
   */
  reserve(fill: () => Bytes): Promise<boolean>;
  /** Drop what can come down again and what the server has; returns whether anything went. */
  makeRoom(): Promise<boolean>;

  /** Calls `listener` after each step that changed something; returns what ends it. */
  watch(listener: (change: Change) => void): () => void;
};
