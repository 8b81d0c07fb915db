import type { ComponentChildren } from 'preact';
import { tc, type ConsoleKey } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import type { Outcome, PlanThing, PromiseThing, Thing } from '../../model/servicePlan';
import { Panel } from '../../parts/Page';
import { Table, type Column } from '../../parts/things';
import { recurrenceWords, windowsWords } from '../../recurrence';
import { to } from '../../route';

/** What would be made, or was: new things, and what is there already. */
export function OutcomeView({ outcome, siteId }: { outcome: Outcome; siteId: string }) {
  const { upkeeps = [], clauses = [] } = outcome;
  const kinds = [
    ['plans', outcome.plans],
    ['routes', outcome.routes],
    ['forms', outcome.forms],
    ['places', outcome.places],
    ['zones', outcome.zones],
    ['upkeeps', upkeeps],
    ['clauses', clauses],
  ] as const;
  const fresh = (things: readonly Pick<Thing, 'there'>[]) => things.filter((thing) => thing.there === null).length;
  const differing = kinds.flatMap(([, things]) => things as readonly Pick<Thing, 'differs' | 'name'>[]).filter((thing) => thing.differs);
  return (
    <Panel title={tc(outcome.made ? 'outcome.made' : 'outcome.would')} class="below">
      <p>
        {kinds
          .filter(([, things]) => things.length > 0)
          .map(([kind, things]) => tc(`outcome.${kind}`, { n: fresh(things), there: things.length - fresh(things) }))
          .join(tc('list.and'))}
      </p>
      {differing.length > 0 && <p class="note">{tc('outcome.differs', { list: differing.map((thing) => say(thing.name)).join(tc('list.and')) })}</p>}
      {outcome.missing.length > 0 && <p class="note">{tc('outcome.missing', { list: outcome.missing.join(tc('list.and')) })}</p>}
      <More title={tc('nav.plans')} things={outcome.plans} open columns={planColumns} />
      <More title={tc('nav.routes')} things={outcome.routes} columns={[{ head: tc('outcome.stops'), number: true, cell: (one) => one.stops }]} />
      <More title={tc('outcome.places.h')} things={outcome.places} columns={[{ head: tc('place.number'), tight: true, cell: (one) => one.number }, { head: tc('outcome.kind'), tight: true, cell: (one) => tc(one.kind === 'asset' ? 'nav.assets' : 'nav.places') }]} />
      <More title={tc('nav.upkeep')} things={upkeeps} columns={promiseColumns} href={(one) => (one.id ? to(siteId, 'upkeep', one.id) : null)} />
      <More title={tc('outcome.clauses.h')} things={clauses} columns={promiseColumns} href={() => to(siteId, 'orders', 'policy')} />
      {upkeeps.length + clauses.length > 0 && (
        <p class="meta">
          {tc('outcome.promises.why')} <a href={to(siteId, 'upkeep')}>{tc('nav.upkeep')}</a> · <a href={to(siteId, 'orders', 'policy')}>{tc('orders.policy')}</a>
        </p>
      )}
      <More title={tc('nav.forms')} things={outcome.forms} columns={[{ head: tc('outcome.fields'), number: true, cell: (one) => one.fields }]} />
    </Panel>
  );
}

const planColumns: Column<PlanThing & { id: string }>[] = [
  {
    get head() {
      return tc('plan.demand');
    },
    cell: (plan) => [plan.demand, ...plan.also].filter(Boolean).join(tc('list.and')) || '—',
  },
  {
    get head() {
      return tc('plan.days');
    },
    cell: (plan) => (
      <>
        {recurrenceWords(plan.recurrence)}
        {plan.judged && <small> {tc('outcome.judged')}</small>}
      </>
    ),
  },
  {
    get head() {
      return tc('plan.windows');
    },
    cell: (plan) => windowsWords(plan.recurrence),
  },
  {
    get head() {
      return tc('plan.crew');
    },
    tight: true,
    cell: (plan) => tc(`plan.crew.${plan.crew}`),
  },
];

const promiseColumns: Column<PromiseThing & { id: string }>[] = [
  {
    get head() {
      return tc('plan.demand');
    },
    tight: true,
    cell: (one) => one.demand || '—',
  },
  {
    get head() {
      return tc('plan.days');
    },
    cell: (one) => saysWords(one.says),
  },
];

/** When a rule comes, or the deadlines of a demand: `到场 30 分钟`. */
function saysWords(says: PromiseThing['says']): string {
  if (!says) return '—';
  if (!Array.isArray(says)) return recurrenceWords(says);
  return says.map((one) => `${tc(`orders.what.${one.what}`)} ${one.amount} ${tc(`orders.unit.${one.unit}`)}`).join(tc('list.and'));
}

type Shown = Pick<Thing, 'key' | 'name' | 'there' | 'differs'>;

type MoreProps<T> = { title: string; things: readonly T[]; columns: readonly Column<T & { id: string }>[]; open?: boolean; href?: (thing: T) => string | null };

function More<T extends Shown>({ title, things, columns, open = false, href }: MoreProps<T>) {
  if (things.length === 0) return null;
  const rows = things.map((thing) => ({ ...thing, id: thing.key, at: href?.(thing) ?? null }));
  return (
    <details class="below" open={open}>
      <summary>
        {title} · {things.length}
      </summary>
      <Table
        caption={title}
        rows={rows}
        quiet={(row) => row.there !== null}
        columns={[{ head: tc('thing.name'), wide: true, cell: (row) => (row.at ? <a href={row.at} lang={langOf(row.name)}>{say(row.name)}</a> : <span lang={langOf(row.name)}>{say(row.name)}</span>) }, ...columns, { head: tc('outcome.state'), tight: true, cell: thereWord }]}
      />
    </details>
  );
}

function thereWord(thing: Shown): ComponentChildren {
  if (thing.there === null) return tc('outcome.new');
  if (thing.differs) return <Chip tone="warn" icon="swap">{tc('outcome.other')}</Chip>;
  return tc(`outcome.there.${thing.there}` as ConsoleKey);
}
