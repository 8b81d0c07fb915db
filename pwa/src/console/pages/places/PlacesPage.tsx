import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { may } from '../../model/may';
import { newOf, ListPage, NoThings, Table, useThings, zonePath } from '../../parts/things';
import { to } from '../../route';
import type { Checkpoint, PageProps, Zone } from '../../types';
import { PlaceEditor } from './PlaceEditor';
import { ZoneEditor } from './ZoneEditor';

/** Checkpoints and the zones they lie in. */
export function PlacesPage({ site, id }: PageProps) {
  if (id?.startsWith('zone.')) return <ZoneEditor siteId={site.id} id={id.slice('zone.'.length)} />;
  if (id !== null) return <PlaceEditor kind="checkpoints" siteId={site.id} id={id} />;
  return <Lists siteId={site.id} />;
}

function Lists({ siteId }: { siteId: string }) {
  const points = useThings<Checkpoint>(siteId, 'checkpoints');
  const zones = useThings<Zone>(siteId, 'zones');
  return (
    <ListPage title={tc('nav.places')} newHref={newOf(siteId, 'places')} newWord={tc('places.new')} loads={[points, zones]}>
      {() => (
        <>
          {points.value!.length === 0 ? (
            <NoThings icon="pin" title={tc('places.empty')} why={tc('places.empty.why')} href={newOf(siteId, 'places')} act={tc('places.new')} />
          ) : (
            <Table
              caption={tc('nav.places')}
              rows={[...points.value!].sort((a, b) => Number(a.retired) - Number(b.retired) || a.number.localeCompare(b.number, 'zh', { numeric: true }))}
              quiet={(one) => one.retired}
              columns={[
                { head: tc('place.number'), cell: (one) => <span class="num">{one.number}</span> },
                { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'places', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
                { head: tc('thing.zone'), cell: (one) => zonePath(zones.value!, one.zone) || '—' },
                { head: tc('thing.tag'), cell: (one) => (one.tag ? <span class="code">{one.tag.short_code}</span> : tc('tag.missing')) },
                { head: tc('place.used'), cell: (one) => (one.retired ? tc('place.retired') : one.used_by === 0 ? tc('place.unused') : tc('place.used.n', { n: one.used_by })) },
              ]}
            />
          )}
          <div class="list-h">
            <h2>{tc('zones.title')}</h2>
            {may('change.plan') && <Button icon="plus" href={newOf(siteId, 'places', 'zone.new')}>{tc('zones.new')}</Button>}
          </div>
          {zones.value!.length === 0 ? (
            <p class="meta">{tc('zones.empty')}</p>
          ) : (
            <Table
              caption={tc('zones.title')}
              rows={[...zones.value!].sort((a, b) => zonePath(zones.value!, a.id).localeCompare(zonePath(zones.value!, b.id)))}
              columns={[
                { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'places', `zone.${one.id}`)}>{zonePath(zones.value!, one.id)}</a> },
                { head: tc('nav.places'), number: true, cell: (one) => tc('zones.count', { n: points.value!.filter((point) => point.zone === one.id && !point.retired).length }) },
              ]}
            />
          )}
        </>
      )}
    </ListPage>
  );
}
