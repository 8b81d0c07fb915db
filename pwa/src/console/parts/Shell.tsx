/** The frame of the console: the rail with what exists, and the page. */
import type { ComponentChildren } from 'preact';
import { tc, type ConsoleKey } from '../../i18n/console';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { ME, place, to, toSites, type SitePage } from '../route';
import { mayOpen } from '../model/may';
import { notice } from '../model/notice';
import { railSite, session } from '../model/session';
import { roleWord } from '../words';
import { Account } from './Account';
import { ServerNotes } from './ServerNotes';

export type RailItem = { page: SitePage; icon: IconName; word: ConsoleKey; also?: readonly SitePage[] };

/** So many of the first places have room in the bar of a phone, beside *More*. */
export const FIRST_ITEMS = 4;
/** The first places. */
export const mainItems: readonly RailItem[] = [
  { page: 'board', icon: 'board', word: 'nav.board', also: ['rounds'] },
  { page: 'log', icon: 'log', word: 'nav.patrol', also: ['visits'] },
  { page: 'requests', icon: 'call', word: 'nav.requests' },
  { page: 'orders', icon: 'order', word: 'nav.work_orders' },
  { page: 'attention', icon: 'bell', word: 'nav.attention' },
  { page: 'phones', icon: 'rc-phone', word: 'nav.phones' },
];
/** What the figures say. */
export const figureItems: readonly RailItem[] = [
  { page: 'score', icon: 'score', word: 'nav.score', also: ['behind', 'reports'] },
  { page: 'registers', icon: 'doc', word: 'nav.registers' },
  { page: 'ledger', icon: 'drop', word: 'nav.ledger' },
  { page: 'complaints', icon: 'report', word: 'nav.complaints' },
];
/** What the site consists of. */
export const setUpItems: readonly RailItem[] = [
  { page: 'places', icon: 'pin', word: 'nav.places' },
  { page: 'maps', icon: 'map', word: 'nav.maps' },
  { page: 'assets', icon: 'box', word: 'nav.assets' },
  { page: 'meters', icon: 'gauge', word: 'nav.meters' },
  { page: 'upkeep', icon: 'clock', word: 'nav.upkeep' },
  { page: 'parts', icon: 'swap', word: 'nav.parts' },
  { page: 'forms', icon: 'list', word: 'nav.forms' },
  { page: 'routes', icon: 'route', word: 'nav.routes' },
  { page: 'service', icon: 'check', word: 'nav.service' },
  { page: 'plans', icon: 'plan', word: 'nav.plans' },
  { page: 'people', icon: 'users', word: 'nav.people' },
  { page: 'tags', icon: 'qr', word: 'nav.tags' },
  { page: 'audit', icon: 'doc', word: 'nav.audit' },
  { page: 'privacy', icon: 'user', word: 'nav.privacy', also: ['data'] },
];

function isHere(item: RailItem): boolean {
  const { page } = place.value;
  return page === item.page || (item.also ?? []).some((other) => other === page);
}

/** One place in the rail. */
function Item({ item, siteId, more = false }: { item: RailItem; siteId: string; more?: boolean }) {
  return (
    <a href={to(siteId, item.page)} aria-current={isHere(item) ? 'page' : undefined} {...(more ? { 'data-more': '' } : {})}>
      <Icon name={item.icon} />
      <span>{tc(item.word)}</span>
    </a>
  );
}

/** The frame; the page is its content. */
export function Shell({ children }: { children: ComponentChildren }) {
  const one = railSite.value;
  const { person, administrator } = session.value;
  const page = place.value.page;
  const main = one ? mainItems.filter((item) => mayOpen(one, item.page)) : [];
  const onMore = page === 'more' || page === 'sites' || page === 'me' || [...main.slice(FIRST_ITEMS), ...figureItems, ...setUpItems].some((item) => item.page === page || (item.also ?? []).some((other) => other === page));
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {tc('nav.skip')}
      </a>
      <nav class="rail" aria-label={tc('nav.menu')}>
        <div class="brand">
          <Icon name="brand" />
          {tc('console.brand')}
        </div>
        {main.map((item, n) => <Item key={item.page} item={item} siteId={one!.id} more={n >= FIRST_ITEMS} />)}
        {one && figureItems.filter((item) => mayOpen(one, item.page)).map((item) => <Item key={item.page} item={item} siteId={one.id} more />)}
        {one && setUpItems.some((item) => mayOpen(one, item.page)) && <hr />}
        {one && setUpItems.filter((item) => mayOpen(one, item.page)).map((item) => <Item key={item.page} item={item} siteId={one.id} more />)}
        {administrator && <hr />}
        {administrator && (
          <a href={toSites()} aria-current={page === 'sites' ? 'page' : undefined} {...(one ? { 'data-more': '' } : {})}>
            <Icon name="gear" />
            <span>{tc('nav.sites')}</span>
          </a>
        )}
        {one && (
          <a href={to(one.id, 'more')} class="only-phone" aria-current={onMore ? 'page' : undefined}>
            <Icon name="more" />
            <span>{tc('nav.more')}</span>
          </a>
        )}
        <div class="me">
          <a class="me__who" href={ME} aria-current={page === 'me' ? 'page' : undefined} title={tc('me.title')}>
            <Icon name="user" />
            <span>
              {person.name}
              {one && ` · ${roleWord(one.role)}`}
            </span>
          </a>
          <Account />
        </div>
      </nav>
      <main class="main" id="main" tabIndex={-1}>
        <ServerNotes />
        {children}
      </main>
      <div class="notice" role="status">
        {notice.value !== null && <p class="toast">{notice.value}</p>}
      </div>
    </>
  );
}

// the address is a hash, which a jump to #main would replace
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
