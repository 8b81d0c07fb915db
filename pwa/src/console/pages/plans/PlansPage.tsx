import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { PageProps, PatrolRoute, Plan, Team } from '../../types';
import { recurrenceWords, windowsWords } from '../../recurrence';
import { PlanEditor } from './PlanEditor';

/** What recurs: when a route is walked, by how many, how late it may be made up. */
export function PlansPage({ site, id }: PageProps) {
  return id === null ? <List siteId={site.id} /> : <PlanEditor siteId={site.id} zone={site.time_zone} id={id} />;
}

function List({ siteId }: { siteId: string }) {
  const plans = useThings<Plan>(siteId, 'plans');
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  const teams = useThings<Team>(siteId, 'teams');
  const nameOf = (list: readonly { id: string; name: Plan['name'] }[] | null, id: string | null) => {
    const found = list?.find((one) => one.id === id);
    return found ? say(found.name) : '—';
  };
  return (
    <ListPage title={tc('nav.plans')} newHref={newOf(siteId, 'plans')} newWord={tc('plans.new')} loads={[plans, routes, teams]}>
      {() =>
        plans.value!.length === 0 ? (
          <NoThings
            icon="plan"
            title={tc('plans.empty')}
            why={routes.value!.length === 0 ? tc('plans.empty.route') : tc('plans.empty.why')}
            href={routes.value!.length === 0 ? newOf(siteId, 'routes') : newOf(siteId, 'plans')}
            act={routes.value!.length === 0 ? tc('routes.new') : tc('plans.new')}
          />
        ) : (
          <Table
            caption={tc('nav.plans')}
            rows={plans.value!}
            quiet={(one) => one.paused}
            columns={[
              { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'plans', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
              { head: tc('plan.demand'), tight: true, cell: (one) => one.demand ?? '—' },
              { head: tc('plan.route'), cell: (one) => nameOf(routes.value, one.route) },
              { head: tc('plan.days'), tight: true, cell: (one) => recurrenceWords(one.recurrence) },
              { head: tc('plan.windows'), cell: (one) => windowsWords(one.recurrence) },
              { head: tc('plan.crew'), tight: true, cell: (one) => tc(`plan.crew.${one.crew}`) },
              { head: tc('person.team'), tight: true, cell: (one) => nameOf(teams.value, one.assignee?.id ?? null) },
              { head: tc('log.state'), tight: true, cell: (one) => (one.paused ? <Chip tone="calm" icon="st-excused">{tc('plan.paused')}</Chip> : tc('plan.running')) },
            ]}
          />
        )
      }
    </ListPage>
  );
}
