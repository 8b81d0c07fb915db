import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/State';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Page } from '../../parts/Page';
import { useThings, zonePath } from '../../parts/things';
import { to } from '../../route';
import type { SiteRef, Zone } from '../../types';
import { Card } from './panels/Card';
import { Documents } from './panels/Documents';
import { Duties } from './panels/Duties';
import { History } from './panels/History';
import { Orders } from './panels/Orders';
import { Parts } from './panels/Parts';
import { Readings } from './panels/Readings';
import { Running as RunningPanel } from './panels/Running';
import { Upkeep } from './panels/Upkeep';
import type { AssetCard } from './types';
import { STATE_LOOKS } from './words';

/** One asset: open work first, readings and history at the left, card and papers at the right. Each panel asks for its own. */
export function AssetPage({ site, id }: { site: SiteRef; id: string }) {
  const card = useLoad<AssetCard>(`/sites/${site.id}/assets/${id}`);
  const zones = useThings<Zone>(site.id, 'zones');
  const back = { href: to(site.id, 'assets'), word: tc('nav.assets') };
  const asset = card.value;
  if (!asset) {
    return (
      <Page title={tc('nav.assets')} crumbs={[back]}>
        {card.problem ? <Failure problem={card.problem} onAgain={card.reload} /> : <Waiting />}
      </Page>
    );
  }
  const zone = zonePath(zones.value ?? [], asset.zone);
  return (
    <Page
      title={say(asset.name)}
      crumbs={[back, ...asset.whole.map((one) => ({ href: to(site.id, 'assets', one.id), word: say(one.name) })), { word: zone || say(asset.name) }]}
      chips={
        <>
          {asset.state !== 'running' && <Chip tone={STATE_LOOKS[asset.state].tone} icon={STATE_LOOKS[asset.state].icon}>{tc(`asset.state.${asset.state}`)}</Chip>}
          {asset.special && <Chip tone="calm" icon="doc">{tc('asset.special')}</Chip>}
        </>
      }
      sub={
        <span lang={langOf(asset.name)}>
          <span class="num">{asset.number}</span>
          {asset.tag && <> · {tc('thing.tag')} <span class="code">{asset.tag.short_code}</span></>}
        </span>
      }
      acts={
        <>
          {may('print.tags') && !asset.retired && <Button icon="qr" href={to(site.id, 'tags', null, { targets: id })}>{tc('asset.label')}</Button>}
          {may('change.assets') && <Button href={to(site.id, 'assets', id, { edit: 'yes' })}>{tc('asset.edit')}</Button>}
        </>
      }
    >
      <div class="cols cols--asset">
        <Orders site={site} asset={asset} />
        <div class="stackcol">
          <Readings site={site} asset={asset} />
          <RunningPanel site={site} asset={asset} onChange={card.reload} />
          <History site={site} asset={asset} />
        </div>
        <aside class="stackcol">
          <Card site={site} asset={asset} />
          <Duties site={site} asset={asset} onChange={card.reload} />
          <Upkeep site={site} asset={asset} />
          <Parts site={site} asset={asset} />
          <Documents site={site} asset={asset} />
        </aside>
      </div>
    </Page>
  );
}
