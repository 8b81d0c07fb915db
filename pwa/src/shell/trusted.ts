/**
 * The one Trusted Types policy. It lets exactly two scripts start: the service worker and the code reader.
 * Everything else that could become a script is refused by the page's policy.
 */
import readerUrl from '../camera/reader.worker?worker&url';

/** Where the service worker lives; its scope is `/app/`. */
export const SERVICE_WORKER = '/app/sw.js';
/** Where the code reader lives; the build puts its hash into the name. */
export const CODE_READER: string = readerUrl;

type Policy = { createScriptURL: (url: string) => string };
type Factory = { createPolicy: (name: string, rules: Policy) => Policy };

function allow(url: string): string {
  if (url === SERVICE_WORKER || url === CODE_READER) return url;
  throw new TypeError(`not one of our scripts: ${url}`);
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy: Policy = factory?.createPolicy('roundsman', { createScriptURL: allow }) ?? { createScriptURL: allow };

/** `url` as the browser wants it for a worker; throws for any but the two. */
export function trustedScript(url: string): string {
  return policy.createScriptURL(url);
}
