import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { may } from '../../model/may';
import { useLoad } from '../../model/load';
import { byId, serves, useCatalogue, useTemplates, type Demand, type Standing, type Template } from '../../model/servicePlan';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel } from '../../parts/Page';
import { NoThings, Table, useThings } from '../../parts/things';
import { recurrenceWords, windowsWords } from '../../recurrence';
import { to } from '../../route';
import type { Plan, SiteRef } from '../../types';
import type { Policy } from '../orders/types';
import type { UpkeepRule } from '../upkeep/types';
import { Carried, type CarriedProps } from './Carried';
import { mechanismWords } from './words';

/** One demand, and what serves it: plans, rules of upkeep, deadlines. */
export function DemandPage({ site, id }: { site: SiteRef; id: string }) {
  const catalogue = useCatalogue();
  const templates = useTemplates();
  const plans = useThings<Plan>(site.id, 'plans');
  const standing = useLoad<Standing>(`/sites/${site.id}/service-plan`);
  const rules = useLoad<{ rules: UpkeepRule[] }>(may('see.assets') ? `/sites/${site.id}/upkeep` : null);
  const policy = useLoad<Policy>(may('see.orders') ? `/sites/${site.id}/orders/policy` : null);
  const back = { href: to(site.id, 'service'), word: tc('nav.service') };
  const failed = [catalogue, templates, plans, standing, rules, policy].find((load) => load.value === null && load.problem !== null);
  const waiting = [rules, policy].some((load) => load.value === null && load.problem === null) && may('see.assets') && may('see.orders');
  if (!catalogue.value || !templates.value || !plans.value || !standing.value || waiting) {
    return <Page title={id} crumbs={[back]}>{failed?.problem ? <Failure problem={failed.problem} onAgain={failed.reload} /> : <Waiting />}</Page>;
  }
  const demand = byId(catalogue.value).get(id);
  return (
    <Page title={id} sub={demand && say(demand.chapter)} crumbs={[back, { word: id }]}>
      {demand ? (
        <Shown
          site={site}
          demand={demand}
          plans={plans.value.filter((plan) => serves(plan, id))}
          rules={(rules.value?.rules ?? []).filter((rule) => rule.demand === id)}
          clauses={(policy.value?.clauses ?? []).filter((clause) => clause.id === id)}
          standing={standing.value}
          templates={templates.value}
        />
      ) : (
        <NoThings icon="search" title={tc('demand.unknown')} why={tc('demand.unknown.why')} href={back.href} act={tc('act.back')} />
      )}
    </Page>
  );
}

type ShownProps = CarriedProps & { demand: Demand; plans: Plan[]; standing: Standing; templates: Template[] };

function Shown({ site, demand, plans, rules, clauses, standing, templates }: ShownProps) {
  const having = templates.filter((template) => template.demands.some((one) => one.id === demand.id));
  const fromWhere = (plan: Plan) => {
    const origin = standing.origins.find((one) => one.kind === 'plan' && one.id === plan.id);
    const template = templates.find((one) => one.id === origin?.template);
    return template ? say(template.name) : tc('demand.by_hand');
  };
  const carried = rules.length + clauses.length > 0;
  const others = demand.kinds.filter((kind) => kind !== 'R');
  return (
    <>
      <Panel title={say(demand.text)}>
        <dl class="dl">
          <dt>{tc('service.figure')}</dt>
          <dd>
            <b>{say(demand.figure)}</b>
          </dd>
          {others.length > 0 && (
            <>
              <dt>{tc('service.carried')}</dt>
              <dd>{mechanismWords(others)}</dd>
            </>
          )}
          {having.length > 0 && (
            <>
              <dt>{tc('service.in_templates')}</dt>
              <dd>{having.map((one) => say(one.name)).join(tc('list.and'))}</dd>
            </>
          )}
        </dl>
      </Panel>
      <Carried site={site} rules={rules} clauses={clauses} />
      {(plans.length > 0 || !carried) && (
        <div class="list-h">
          <h2>{tc('nav.plans')}</h2>
        </div>
      )}
      {plans.length === 0 && carried ? null : plans.length === 0 ? (
        <NoThings
          icon="plan"
          title={tc('demand.no_plan')}
          why={tc(having.length > 0 ? 'demand.no_plan.template' : 'demand.no_plan.why')}
          {...(having.length > 0 ? { href: to(site.id, 'service', 'template', { t: having.at(-1)!.id, only: demand.id }), act: tc('service.template') } : {})}
        />
      ) : (
        <Table
          caption={tc('nav.plans')}
          rows={plans}
          quiet={(plan) => plan.paused}
          columns={[
            { head: tc('thing.name'), wide: true, cell: (plan) => <a href={to(site.id, 'plans', plan.id)}>{say(plan.name)}</a> },
            { head: tc('plan.days'), cell: (plan) => recurrenceWords(plan.recurrence) },
            { head: tc('plan.windows'), cell: (plan) => windowsWords(plan.recurrence) },
            { head: tc('plan.crew'), tight: true, cell: (plan) => tc(`plan.crew.${plan.crew}`) },
            { head: tc('demand.from'), cell: fromWhere },
            { head: tc('log.state'), tight: true, cell: (plan) => tc(plan.paused ? 'plan.paused' : 'plan.running') },
          ]}
        />
      )}
      {may('change.plan') && plans.length > 0 && (
        <p class="below">
          <Button icon="plus" href={to(site.id, 'plans', 'new')}>
            {tc('plans.new')}
          </Button>
        </p>
      )}
    </>
  );
}
