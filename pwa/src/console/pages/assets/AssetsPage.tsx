import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { ListPage, newOf, NoThings, Table, useThings, zonePath } from '../../parts/things';
import { place, to } from '../../route';
import type { Asset, PageProps, Zone } from '../../types';
import { PlaceEditor } from '../places/PlaceEditor';
import { AssetPage } from './AssetPage';

/** The things that are maintained. */
export function AssetsPage({ site, id }: PageProps) {
  if (id === null) return <List siteId={site.id} />;
  if (id === 'new' || place.value.query['edit'] === 'yes') return <PlaceEditor kind="assets" siteId={site.id} id={id} />;
  return <AssetPage site={site} id={id} />;
}

function List({ siteId }: { siteId: string }) {
  const assets = useThings<Asset>(siteId, 'assets');
  const zones = useThings<Zone>(siteId, 'zones');
  return (
    <ListPage title={tc('nav.assets')} newHref={newOf(siteId, 'assets')} newWord={tc('assets.new')} loads={[assets, zones]}>
      {() =>
        assets.value!.length === 0 ? (
          <NoThings icon="box" title={tc('assets.empty')} why={tc('assets.empty.why')} href={newOf(siteId, 'assets')} act={tc('assets.new')} />
        ) : (
          <Table
            caption={tc('nav.assets')}
            rows={[...assets.value!].sort((a, b) => Number(a.retired) - Number(b.retired) || a.number.localeCompare(b.number, 'zh', { numeric: true }))}
            quiet={(one) => one.retired}
            columns={[
              { head: tc('place.number'), cell: (one) => <span class="num">{one.number}</span> },
              { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'assets', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
              { head: tc('asset.category'), cell: (one) => one.category || '—' },
              { head: tc('thing.zone'), cell: (one) => zonePath(zones.value!, one.zone) || '—' },
              { head: tc('thing.tag'), cell: (one) => (one.retired ? tc('place.retired') : one.tag ? <span class="code">{one.tag.short_code}</span> : tc('tag.missing')) },
            ]}
          />
        )
      }
    </ListPage>
  );
}
