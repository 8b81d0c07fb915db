/** Where the console is: the hash of the address. Filters are part of it, so that a view can be sent to somebody. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';

/** The pages within a site. */
export const sitePages = [
  'board', 'rounds', 'log', 'visits', 'attention', 'orders', 'requests', 'complaints', 'places', 'maps', 'assets', 'meters', 'ledger', 'parts', 'upkeep', 'routes', 'service', 'plans', 'forms', 'tags', 'people', 'phones', 'audit', 'data', 'privacy', 'score', 'behind', 'reports', 'registers', 'more',
] as const;
export type SitePage = (typeof sitePages)[number];
export type Query = Readonly<Record<string, string>>;
/** `id` names a thing of the page, or is `new`. */
export type Place =
  | { page: SitePage; site: string; id: string | null; query: Query }
  | { page: 'sites' | 'first-run' | 'invitation' | 'me' | 'home'; site: null; id: string | null; query: Query };

/** Read a hash such as `#/sites/<id>/log?faulty=true`; what is not known leads home. */
export function readHash(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const [first, second, third, fourth] = path.split('/').filter((part) => part !== '').map((part) => safeDecode(part));
  if (first === 'first-run' || first === 'invitation' || first === 'me') return { page: first, site: null, id: null, query };
  if (first === 'sites' && second !== undefined && third !== undefined) {
    const page = sitePages.find((name) => name === third);
    if (page) return { page, site: second, id: fourth ?? null, query };
  }
  if (first === 'sites' && third === undefined) return { page: 'sites', site: null, id: second ?? null, query };
  return { page: 'home', site: null, id: null, query };
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function search(query: Readonly<Record<string, string | null | undefined>>): string {
  const kept = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '');
  return kept.length > 0 ? `?${new URLSearchParams(kept).toString()}` : '';
}

/** The address of a page of a site. */
export function to(site: string, page: SitePage, id?: string | null, query: Readonly<Record<string, string | null>> = {}): string {
  const tail = id ? `/${encodeURIComponent(id)}` : '';
  return `#/sites/${encodeURIComponent(site)}/${page}${tail}${search(query)}`;
}

/** The address of the list of sites, of one of them, or of a new one. */
export function toSites(id?: string): string {
  return id ? `#/sites/${encodeURIComponent(id)}` : '#/sites';
}

/** The address of one's own log-in. */
export const ME = '#/me';

const hash = signal(typeof location === 'undefined' ? '' : location.hash);

/** Where we are. */
export const place: ReadonlySignal<Place> = computed(() => readHash(hash.value));

/** Follow the address; returns how to stop. */
export function followAddress(): () => void {
  const read = () => {
    hash.value = location.hash;
  };
  read();
  addEventListener('hashchange', read);
  return () => removeEventListener('hashchange', read);
}

/** Go to an address of the console. */
export function go(href: string): void {
  location.hash = href;
  hash.value = location.hash;
}

/** Change filters of the page in hand; null or an empty text takes one away. The way back skips it. */
export function setQuery(changes: Readonly<Record<string, string | null>>): void {
  const [path = ''] = location.hash.split('?', 1);
  const next = path + search({ ...place.peek().query, ...changes });
  history.replaceState(null, '', next);
  hash.value = next;
}
