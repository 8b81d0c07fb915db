import { tc, type ConsoleKey } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { Chip } from '../../../ui/State';
import { may } from '../../model/may';
import { useLoad } from '../../model/load';
import { serves, useCatalogue, type Demand, type Origin, type ServicePlan, type Standing } from '../../model/servicePlan';
import { Panel } from '../../parts/Page';
import { ListPage, Table, useThings } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { Plan, SiteRef } from '../../types';
import { Newer } from './Newer';
import { dayWords, mechanismWords } from './words';

/** All demands by chapter: which plan serves each, which are not served, and what else will carry them. */
export function Overview({ site }: { site: SiteRef }) {
  const catalogue = useCatalogue();
  const plans = useThings<Plan>(site.id, 'plans');
  const standing = useLoad<Standing>(`/sites/${site.id}/service-plan`);
  return (
    <ListPage
      title={tc('nav.service')}
      sub={standing.value ? dayWords(standing.value.daytime) : ''}
      loads={[catalogue, plans, standing]}
      side={
        may('change.plan') && (
          <>
            <Button icon="plan" kind="ink" href={to(site.id, 'service', 'template')}>
              {tc('service.template')}
            </Button>
            <Button icon="copy" href={to(site.id, 'service', 'copy')}>
              {tc('service.copy')}
            </Button>
          </>
        )
      }
    >
      {() => <Demands siteId={site.id} catalogue={catalogue.value!} plans={plans.value!} standing={standing.value!} onRenewed={() => [plans, standing].forEach((load) => load.reload())} />}
    </ListPage>
  );
}

type DemandsProps = { siteId: string; catalogue: ServicePlan[]; plans: Plan[]; standing: Standing; onRenewed: () => void };

function Demands({ siteId, catalogue, plans, standing, onRenewed }: DemandsProps) {
  const served = (demand: Demand) => plans.filter((plan) => serves(plan, demand.id));
  const open = (demand: Demand) => demand.kinds.includes('R') && served(demand).length === 0;
  const shown = place.value.query['plan'] ?? (catalogue.find((plan) => plan.demands.some((one) => served(one).length > 0)) ?? catalogue[0])?.id;
  const onlyOpen = place.value.query['open'] === 'true';
  const one = catalogue.find((plan) => plan.id === shown) ?? catalogue[0]!;
  const chapters = chaptersOf(one.demands.filter((demand) => !onlyOpen || open(demand)));
  return (
    <>
      <div class="filters filters--whole">
        <label class="fil fil--select">
          <span class="vh">{tc('nav.service')}</span>
          <select value={one.id} onChange={(event) => setQuery({ plan: event.currentTarget.value })}>
            {catalogue.map((plan) => (
              <option key={plan.id} value={plan.id}>
                {plan.id} {say(plan.name)}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </label>
        <button type="button" class="fil" aria-pressed={onlyOpen} onClick={() => setQuery({ open: onlyOpen ? null : 'true' })}>
          {tc('service.only_open')}
        </button>
      </div>
      <Tally demands={one.demands} served={(demand) => served(demand).length > 0} isOpen={open} />
      <Origins origins={standing.origins} plans={plans} siteId={siteId} onRenewed={onRenewed} />
      {chapters.length === 0 && <p class="note">{tc('service.all_planned')}</p>}
      {chapters.map(([chapter, demands]) => (
        <section key={chapter}>
          <div class="list-h">
            <h2>{chapter}</h2>
          </div>
          <Table
            caption={chapter}
            rows={demands}
            quiet={(demand) => !demand.kinds.includes('R')}
            columns={[
              { head: tc('plan.demand'), tight: true, cell: (demand) => <a href={to(siteId, 'service', demand.id)}>{demand.id}</a> },
              { head: tc('service.asks'), wide: true, cell: (demand) => say(demand.text) },
              { head: tc('service.figure'), cell: (demand) => say(demand.figure) },
              { head: tc('service.served'), wide: true, cell: (demand) => <Served siteId={siteId} demand={demand} plans={served(demand)} /> },
            ]}
          />
        </section>
      ))}
    </>
  );
}

function Tally({ demands, served, isOpen }: { demands: readonly Demand[]; served: (demand: Demand) => boolean; isOpen: (demand: Demand) => boolean }) {
  const planned = demands.filter(served).length;
  const missing = demands.filter(isOpen).length;
  return <p class="meta">{tc('service.tally', { all: demands.length, planned, open: missing, other: demands.length - planned - missing })}</p>;
}

/** The plans that serve a demand, or why there is none. */
function Served({ siteId, demand, plans }: { siteId: string; demand: Demand; plans: readonly Plan[] }) {
  if (plans.length > 0) {
    return (
      <span class="servedby">
        {plans.map((plan) => (
          <a key={plan.id} href={to(siteId, 'plans', plan.id)}>
            {say(plan.name)}
            {plan.paused && ` · ${tc('plan.paused')}`}
          </a>
        ))}
      </span>
    );
  }
  if (demand.kinds.includes('R')) return <Chip tone="warn" icon="st-upcoming">{tc('service.open')}</Chip>;
  return <>{mechanismWords(demand.kinds)}</>;
}

/** What the templates say by now that is not what was made of them. */
function Origins({ origins, plans, siteId, onRenewed }: { origins: readonly Origin[]; plans: readonly Plan[]; siteId: string; onRenewed: () => void }) {
  const names = new Map(plans.map((plan) => [plan.id, plan]));
  const rows = origins.filter((one) => names.has(one.id) && (one.gone || one.differs.length > 0)).map((one) => ({ ...one, plan: names.get(one.id)! }));
  const routes = origins.filter((one) => one.kind === 'route' && one.differs.length > 0).length;
  const promises = origins.some((one) => (one.kind === 'upkeep' || one.kind === 'clause') && one.differs.length > 0);
  if (rows.length === 0 && routes === 0 && !promises) return null;
  return (
    <Panel title={tc('service.newer')} fact={tc('service.newer.why')} flush class="below">
      {routes > 0 && <p class="panel__b">{tc('service.newer.routes', { n: routes })}</p>}
      {promises && <p class="panel__b">{tc('service.newer.promises')}</p>}
      {rows.length > 0 && (
        <Table
          caption={tc('service.newer')}
          rows={rows}
          columns={[
            { head: tc('nav.plans'), wide: true, cell: (row) => <a href={to(siteId, 'plans', row.id)}>{say(row.plan.name)}</a> },
            { head: tc('service.differs'), wide: true, cell: (row) => originWords(row) },
          ]}
        />
      )}
      {may('change.plan') && <Newer origins={origins} siteId={siteId} onDone={onRenewed} />}
    </Panel>
  );
}

/** `模板第 1 版 → 第 2 版；不同：时间、人数；手工改过：名称`. */
function originWords(origin: Origin): string {
  return [
    origin.newer === null ? null : tc('service.version', { from: origin.version, to: origin.newer }),
    origin.gone ? tc('service.gone') : tc('service.differs.in', { list: origin.differs.map(memberWord).join(tc('list.and')) }),
    origin.changed.length === 0 ? null : tc('service.changed', { list: origin.changed.map(memberWord).join(tc('list.and')) }),
  ]
    .filter(Boolean)
    .join(tc('list.then'));
}

function memberWord(member: string): string {
  return tc(`service.member.${member}` as ConsoleKey);
}

function chaptersOf(demands: readonly Demand[]): [string, Demand[]][] {
  const found = new Map<string, Demand[]>();
  for (const demand of demands) found.set(say(demand.chapter), [...(found.get(say(demand.chapter)) ?? []), demand]);
  return [...found];
}
