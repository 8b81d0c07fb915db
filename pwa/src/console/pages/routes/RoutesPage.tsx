import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { PatrolRoute } from '../../routeTypes';
import type { PageProps } from '../../types';
import { RouteEditor } from './RouteEditor';

/** The ways that are walked. */
export function RoutesPage({ site, id }: PageProps) {
  return id === null ? <List siteId={site.id} /> : <RouteEditor siteId={site.id} id={id} />;
}

function List({ siteId }: { siteId: string }) {
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  return (
    <ListPage title={tc('nav.routes')} newHref={newOf(siteId, 'routes')} newWord={tc('routes.new')} loads={[routes]}>
      {() =>
        routes.value!.length === 0 ? (
          <NoThings icon="route" title={tc('routes.empty')} why={tc('routes.empty.why')} href={newOf(siteId, 'routes')} act={tc('routes.new')} />
        ) : (
          <Table
            caption={tc('nav.routes')}
            rows={routes.value!}
            columns={[
              { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'routes', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
              { head: tc('route.stops'), cell: (one) => tc('route.stops.n', { n: one.stops.length }) },
              { head: tc('route.order'), cell: (one) => tc(`route.order.${one.order}`) },
            ]}
          />
        )
      }
    </ListPage>
  );
}
