import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/State';
import { may } from '../../model/may';
import { Page } from '../../parts/Page';
import { FindPage, useThings, zonePath } from '../../parts/things';
import { to } from '../../route';
import type { Asset, SiteRef, Zone } from '../../types';
import { Card } from './panels/Card';
import { Documents } from './panels/Documents';
import { History } from './panels/History';
import { Orders } from './panels/Orders';
import { Parts } from './panels/Parts';
import { Readings } from './panels/Readings';
import { Upkeep } from './panels/Upkeep';

/** One asset: readings and history at the left, open work, card and papers at the right. Each panel asks for its own. */
export function AssetPage({ site, id }: { site: SiteRef; id: string }) {
  const assets = useThings<Asset>(site.id, 'assets');
  const zones = useThings<Zone>(site.id, 'zones');
  const back = { href: to(site.id, 'assets'), word: tc('nav.assets') };
  return (
    <FindPage load={assets} pick={(one) => one.id === id} title={back.word} back={back}>
      {(asset) => (
        <Page
          title={say(asset.name)}
          crumbs={[back, { word: zonePath(zones.value ?? [], asset.zone) || say(asset.name) }]}
          chips={asset.retired && <Chip tone="calm" icon="st-excused">{tc('place.retired')}</Chip>}
          sub={
            <span lang={langOf(asset.name)}>
              <span class="num">{asset.number}</span>
              {asset.tag && <> · {tc('thing.tag')} <span class="code">{asset.tag.short_code}</span></>}
            </span>
          }
          acts={may('change.plan') && <Button href={to(site.id, 'assets', id, { edit: 'yes' })}>{tc('asset.edit')}</Button>}
        >
          <div class="cols">
            <div class="stackcol">
              <Readings site={site} asset={asset} />
              <History site={site} asset={asset} />
            </div>
            <aside class="stackcol">
              <Orders site={site} asset={asset} />
              <Card site={site} asset={asset} />
              <Upkeep site={site} asset={asset} />
              <Parts site={site} asset={asset} />
              <Documents site={site} asset={asset} />
            </aside>
          </div>
        </Page>
      )}
    </FindPage>
  );
}
