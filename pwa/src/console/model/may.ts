/** What somebody may do, as the session says it. The server decides; the console only does not offer what it would refuse. */
import type { SitePage } from '../route';
import type { Capability, SiteRef } from '../types';
import { site } from './session';

/** What each page takes; null is for everybody who sees the site. */
const NEEDS: Record<SitePage, Capability | null> = {
  board: 'see.board',
  rounds: 'see.board',
  log: 'see.evidence',
  visits: 'see.evidence',
  attention: 'see.findings',
  requests: 'handle.requests',
  complaints: 'handle.requests',
  orders: 'see.orders',
  places: 'see.plan',
  maps: 'see.plan',
  assets: 'see.assets',
  meters: 'see.assets',
  ledger: 'see.assets',
  parts: 'see.assets',
  upkeep: 'see.assets',
  routes: 'see.plan',
  service: 'see.plan',
  plans: 'see.plan',
  forms: 'see.plan',
  tags: 'print.tags',
  people: 'see.people',
  phones: 'see.phones',
  audit: 'see.audit',
  data: 'export',
  privacy: 'administer',
  score: 'see.board',
  behind: 'see.board',
  reports: 'see.board',
  registers: 'see.evidence',
  more: null,
};

/** The page with which one begins, in this order. */
const FIRST: readonly SitePage[] = ['board', 'log', 'more'];

/** Whether the person may do something at the site that the address names. */
export function may(capability: Capability): boolean {
  return site.value !== null && mayAt(site.value, capability);
}

/** Whether the person may do something at a site. */
export function mayAt(one: SiteRef, capability: Capability): boolean {
  return one.may.includes(capability);
}

/** Whether the person may open a page of a site. */
export function mayOpen(one: SiteRef, page: SitePage): boolean {
  const needed = NEEDS[page];
  return needed === null || mayAt(one, needed);
}

/** The page of a site with which the person begins. */
export function firstPage(one: SiteRef): SitePage {
  return FIRST.find((page) => mayOpen(one, page)) ?? 'more';
}
