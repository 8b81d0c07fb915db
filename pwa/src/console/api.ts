/**
 * The console's only fetch. A refusal arrives as a `Problem`; a session that is over is told to `onLoggedOut`,
 * and an act that wants the password once more asks for it through `onFreshLogin` and is then repeated.
 */
export type FieldErrors = Readonly<Record<string, string>>;

/** A refusal: `slug` names its kind, `errors` the fields by path (`name.zh`, `windows.0.to`). */
export class Problem extends Error {
  readonly slug: string;
  readonly status: number;
  readonly errors: FieldErrors;
  readonly detail: string;
  /** Seconds after which the same request may be sent again. */
  readonly wait: number | null;
  /** Further members of the answer. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(slug: string, status: number, members: Readonly<Record<string, unknown>> = {}, wait: number | null = null) {
    super(typeof members['title'] === 'string' ? members['title'] : slug);
    this.slug = slug;
    this.status = status;
    this.members = members;
    this.detail = typeof members['detail'] === 'string' ? members['detail'] : '';
    this.errors = flatErrors(members['errors']);
    this.wait = wait;
  }
}

/** Bring marshmallow's nested messages into one map by path; `json` and `query` say only where they were found. */
export function flatErrors(errors: unknown, path: string[] = [], into: Record<string, string> = {}): FieldErrors {
  if (typeof errors === 'string') into[path.join('.')] = errors;
  else if (Array.isArray(errors)) {
    const words = errors.filter((e) => typeof e === 'string');
    if (words.length > 0) into[path.join('.')] = words.join(' ');
    errors.forEach((e, n) => typeof e === 'object' && flatErrors(e, [...path, String(n)], into));
  } else if (errors !== null && typeof errors === 'object') {
    for (const [key, inner] of Object.entries(errors)) {
      const skip = (path.length === 0 && (key === 'json' || key === 'query')) || key === '_schema';
      flatErrors(inner, skip ? path : [...path, key.replace(/\[(\d+)\]/g, '.$1')], into);
    }
  }
  return into;
}

type Hooks = {
  /** The session is over. */
  onLoggedOut: () => void;
  /** Ask the password; true when the log-in is fresh again, false when the person gave up. */
  onFreshLogin: () => Promise<boolean>;
};

const hooks: Hooks = { onLoggedOut: () => undefined, onFreshLogin: async () => false };

/** Say what happens when a session is over or must be fresh. Called once, by the composition root. */
export function onSession(next: Hooks): void {
  Object.assign(hooks, next);
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Options = { body?: unknown; file?: { data: Blob; type: string }; signal?: AbortSignal | undefined; etag?: string | null };
export type Answered<T> = { status: number; etag: string | null; value: T };

const ROOT = '/api/v1';

async function ask(method: Method, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  if (options.file) {
    headers['Content-Type'] = options.file.type;
    init.body = options.file.data;
  }
  if (options.etag) headers['If-None-Match'] = options.etag;
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(ROOT + path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem('offline', 0);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new Problem('server', response.status);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN);
  let members: Record<string, unknown> = {};
  try {
    members = (await response.json()) as Record<string, unknown>;
  } catch {
    // an answer of something that stands between us and the server
  }
  const type = typeof members['type'] === 'string' ? members['type'] : '';
  const slug = type.startsWith('/problems/') ? type.slice('/problems/'.length) : 'server';
  return new Problem(slug, response.status, members, Number.isFinite(wait) ? wait : null);
}

/**
 * Send one request and return the answer with its status and ETag; 304 has `value` undefined.
 *
 * @throws Problem every refusal, and `offline` when no answer came
 */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<Answered<T>> {
  const response = await ask(method, path, options);
  if (response.ok || response.status === 304) {
    const empty = response.status === 204 || response.status === 304;
    const value = (empty ? undefined : await bodyOf(response)) as T;
    return { status: response.status, etag: response.headers.get('ETag'), value };
  }
  const problem = await problemOf(response);
  if (problem.slug === 'not-logged-in') hooks.onLoggedOut();
  if (problem.slug === 'fresh-login' && (await hooks.onFreshLogin())) return request<T>(method, path, options);
  throw problem;
}

/** The value at `path`. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request<T>('GET', path, { signal })).value;
}

/** Send `body` to `path` and return what came back. */
export async function send<T>(method: Exclude<Method, 'GET'>, path: string, body: unknown = {}): Promise<T> {
  return (await request<T>(method, path, { body })).value;
}

/** Fetch the file at `path`, so that a refusal is told here and is not saved as a file; with a `body` it is made anew. */
export async function getFile(path: string, body?: unknown): Promise<Blob> {
  const response = await ask(body === undefined ? 'GET' : 'POST', path, { body });
  if (response.ok) return response.blob();
  const problem = await problemOf(response);
  if (problem.slug === 'not-logged-in') hooks.onLoggedOut();
  if (problem.slug === 'fresh-login' && (await hooks.onFreshLogin())) return getFile(path, body);
  throw problem;
}

/** Send a file as it is to `path`, as `type`, and return what came back. */
export async function sendFile<T>(path: string, data: Blob, type: string): Promise<T> {
  return (await request<T>('POST', path, { file: { data, type } })).value;
}
