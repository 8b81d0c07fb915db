import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { may } from '../../model/may';
import { place, to } from '../../route';
import type { PatrolRoute } from '../../routeTypes';
import type { PageProps, Plan, Post, Team } from '../../types';
import { recurrenceWords, windowsWords } from '../../recurrence';
import { PlanEditor } from './PlanEditor';
import { PlanMonth } from './PlanMonth';
import { Posts } from './Posts';
import { SpecialRound } from './SpecialRound';

/** What recurs: when a route is walked, by how many, how late it may be made up. */
export function PlansPage({ site, id }: PageProps) {
  const { month } = place.value.query;
  if (id === null) return <List siteId={site.id} />;
  if (month !== undefined || !may('change.plan')) return <PlanMonth site={site} id={id} month={month ?? ''} />;
  return <PlanEditor siteId={site.id} zone={site.time_zone} id={id} />;
}

function List({ siteId }: { siteId: string }) {
  const plans = useThings<Plan>(siteId, 'plans');
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  const teams = useThings<Team>(siteId, 'teams');
  const posts = useThings<Post>(siteId, 'posts');
  const nameOf = (list: readonly { id: string; name: Plan['name'] }[] | null, id: string | null) => {
    const found = list?.find((one) => one.id === id);
    return found ? say(found.name) : '—';
  };
  return (
    <ListPage title={tc('nav.plans')} newHref={newOf(siteId, 'plans')} newWord={tc('plans.new')} loads={[plans, routes, teams, posts]} side={<SpecialRound siteId={siteId} onSent={plans.reload} />}>
      {() => (
        <>
          {plans.value!.length === 0 ? (
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
              { head: tc('plan.demand'), tight: true, cell: (one) => [one.demand, ...one.also].filter(Boolean).join(tc('list.and')) || '—' },
              { head: tc('plan.route'), cell: (one) => (one.stop ? tc('plan.walks.stop') : nameOf(routes.value, one.route)) },
              { head: tc('plan.days'), tight: true, cell: (one) => recurrenceWords(one.recurrence) },
              { head: tc('plan.windows'), cell: (one) => windowsWords(one.recurrence) },
              { head: tc('plan.crew'), tight: true, cell: (one) => tc(`plan.crew.${one.crew}`) },
              { head: tc('plan.assignee'), tight: true, cell: (one) => assigneeWord(one.assignee, nameOf([...(teams.value ?? []), ...(posts.value ?? [])], one.assignee?.id ?? null)) },
              { head: tc('month.show'), tight: true, cell: (one) => <a href={to(siteId, 'plans', one.id, { month: 'now' })}>{tc('month.show')}<span class="vh"> {say(one.name)}</span></a> },
              { head: tc('log.state'), tight: true, cell: (one) => (one.paused ? <Chip tone="calm" icon="st-excused">{tc('plan.paused')}</Chip> : tc('plan.running')) },
            ]}
          />
        )}
          {may('change.plan') && (
            <Posts
              siteId={siteId}
              posts={posts.value ?? []}
              teams={teams.value ?? []}
              plans={plans.value!}
              onChanged={() => {
                posts.reload();
                plans.reload();
              }}
            />
          )}
        </>
      )}
    </ListPage>
  );
}

// people and companies by their kind alone: who may see plans need not see names
function assigneeWord(assignee: Plan['assignee'], name: string): string {
  if (assignee === null) return tc('plan.team.all');
  return assignee.kind === 'team' || assignee.kind === 'post' ? name : tc(`assignee.${assignee.kind}`);
}
