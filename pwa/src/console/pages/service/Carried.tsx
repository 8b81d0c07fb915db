import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Table } from '../../parts/things';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { Clause } from '../orders/types';
import type { UpkeepRule } from '../upkeep/types';
import { whenWords } from '../upkeep/words';

export type CarriedProps = { site: SiteRef; rules: readonly UpkeepRule[]; clauses: readonly Clause[] };

/** What keeps a demand beside rounds: rules of upkeep, and the deadlines of work and requests. */
export function Carried({ site, rules, clauses }: CarriedProps) {
  return (
    <>
      {rules.length > 0 && (
        <>
          <div class="list-h">
            <h2>{tc('nav.upkeep')}</h2>
          </div>
          <Table
            caption={tc('nav.upkeep')}
            rows={rules}
            quiet={(rule) => rule.paused}
            columns={[
              { head: tc('thing.name'), wide: true, cell: (rule) => <a href={to(site.id, 'upkeep', rule.id)}>{say(rule.name)}</a> },
              { head: tc('plan.days'), cell: whenWords },
              { head: tc('log.state'), tight: true, cell: (rule) => tc(rule.paused ? 'plan.paused' : 'plan.running') },
            ]}
          />
        </>
      )}
      {clauses.length > 0 && (
        <>
          <div class="list-h">
            <h2>{tc('orders.clauses')}</h2>
          </div>
          <Table
            caption={tc('orders.clauses')}
            rows={clauses.map((clause) => ({ ...clause, clause: clause.id, id: clause.key }))}
            columns={[
              { head: tc('orders.what'), wide: true, cell: (one) => <a href={to(site.id, 'orders', 'policy')}>{tc(`orders.what.${one.what}`)}</a> },
              { head: tc('service.figure'), cell: (one) => `${one.amount} ${tc(`orders.unit.${one.unit}`)}` },
            ]}
          />
        </>
      )}
    </>
  );
}
