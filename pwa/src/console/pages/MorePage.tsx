import { tc } from '../../i18n/console';
import { Icon } from '../../ui/Icon';
import { Account } from '../parts/Account';
import { Page, Panel, SiteSwitch } from '../parts/Page';
import { FIRST_ITEMS, figureItems, mainItems, setUpItems } from '../parts/Shell';
import { ME, to, toSites } from '../route';
import { mayOpen } from '../model/may';
import { session } from '../model/session';
import type { PageProps } from '../types';

/** Everything that has no place in the bar of a phone. */
export function MorePage({ site }: PageProps) {
  const { person, organisation, administrator, version } = session.value;
  return (
    <Page title={tc('nav.more')} side={<SiteSwitch />}>
      <nav class="rows" aria-label={tc('nav.setup')}>
        {[...mainItems.filter((item) => mayOpen(site, item.page)).slice(FIRST_ITEMS), ...figureItems, ...setUpItems].filter((item) => mayOpen(site, item.page)).map((item) => (
          <a key={item.page} class="row" href={to(site.id, item.page)}>
            <Icon name={item.icon} />
            <strong class="grow">{tc(item.word)}</strong>
            <Icon name="next" />
          </a>
        ))}
        {administrator && (
          <a class="row" href={toSites()}>
            <Icon name="gear" />
            <strong class="grow">{tc('nav.sites')}</strong>
            <Icon name="next" />
          </a>
        )}
        <a class="row" href={ME}>
          <Icon name="user" />
          <strong class="grow">{tc('me.title')}</strong>
          <Icon name="next" />
        </a>
      </nav>
      <Panel title={person.name} fact={organisation.name} class="below">
        <Account />
        <p class="meta">{tc('account.version', { v: version })}</p>
      </Panel>
    </Page>
  );
}
