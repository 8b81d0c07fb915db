/**
 * The six ports: all that the phone's side of the protocol needs of the world around it.
 *
 * Everything above takes them as arguments, so that it runs in a simulation as it runs on a phone.
 * Times are whole ms.
 */
import type { Store } from './store';

export type { Store } from './store';

/** Bytes that belong to nobody else. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The clocks of the phone. */
export type Clock = {
  /** The phone's clock, ms since 1970; may be anything. */
  wall(): number;
  /** Whole ms since the page session began. May stop while the phone sleeps. */
  mono(): number;
  /** Names the page session: 8 hex digits. */
  readonly boot: string;
  /** The phone's IANA zone. */
  zone(): string;
  /** Calls `then` once after `ms`; returns what calls it off. */
  after(ms: number, then: () => void): () => void;
};

export type Randomness = {
  /** `count` bytes that nobody can foresee. */
  bytes(count: number): Bytes;
  /** A number in [0, 1) for spreading retries; it protects nothing. */
  share(): number;
};

/** A log's key pair: the private half never leaves the browser's keeping. */
export type LogKey = {
  /** 26 characters, from the public key. */
  readonly log: string;
  /** base64url of the SPKI DER. */
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
  /** The private half as it is kept where the browser cannot keep keys: the log is weak, its records are not signed. */
  readonly weak?: JsonWebKey;
};
/** The key of a weak log as it is kept. */
export type WeakKey = { publicKey: string; jwk: JsonWebKey };

export type Crypto = {
  sha256(data: Bytes): Promise<Bytes>;
  /** A new P-256 pair, not extractable, and its public half as SPKI DER. */
  newSigningKey(): Promise<{ privateKey: CryptoKey; spki: Bytes }>;
  /** As `newSigningKey`, for a browser that cannot keep a key: extractable, with its private half as JWK. */
  newWeakKey(): Promise<{ privateKey: CryptoKey; spki: Bytes; jwk: JsonWebKey }>;
  /** ES256: the raw 64 bytes r‖s. */
  sign(key: CryptoKey, data: Bytes): Promise<Bytes>;
  /** Whether the signature is the key's; junk of any kind is simply false. */
  verify(spki: Bytes, data: Bytes, signature: Bytes): Promise<boolean>;
  /** A new HMAC-SHA-256 key, not extractable. */
  newMacKey(): Promise<CryptoKey>;
  mac(key: CryptoKey, data: Bytes): Promise<Bytes>;
  /** 32 bytes of PBKDF2 with SHA-256. */
  pbkdf2(secret: Bytes, salt: Bytes, rounds: number): Promise<Bytes>;
};

export type NetRequest = {
  method: 'POST' | 'PATCH' | 'HEAD';
  /** Path with query, as it is signed. */
  path: string;
  headers: Record<string, string>;
  body: Bytes | null;
  /** The longest silence before it is given up. */
  timeoutMs: number;
};

export type NetAnswer = {
  status: number;
  /** A header's value, whatever the case of its name. */
  header(name: string): string | null;
  /** The whole body; a body cut short is a `NetError`. */
  body: Bytes;
};

/** No answer came: no network, no answer in time, or a redirect, which is never followed. */
export class NetError extends Error {
  constructor(readonly kind: 'offline' | 'timeout' | 'redirect') {
    super(kind);
  }
}

export type Net = {
  /** The whole answer; throws `NetError` when there is none. Never follows a redirect, never reads a cache. */
  send(request: NetRequest): Promise<NetAnswer>;
  /** Bytes as gzip; absent where the browser cannot. */
  gzip?(data: Bytes): Promise<Bytes>;
};

export type Locks = {
  /**
   * Runs `task` when nobody else of this phone's tabs holds `name`, and after `patienceMs` in any case: whoever holds
   * it longer may be frozen. The task is told whether it has the lock. An economy only: nothing is wrong when two run
   * at once.
   */
  run<T>(name: string, patienceMs: number, task: (isHeld: boolean) => Promise<T>): Promise<T>;
};

export type Ports = { store: Store; net: Net; clock: Clock; random: Randomness; crypto: Crypto; locks: Locks };
