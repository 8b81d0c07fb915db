/** What was used up on an order: parts and work, each with who, when and what it cost. */
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { stamp } from '../../dates';
import { mayAt } from '../../model/may';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { Order, PartUsed } from './types';

/** Nothing where nobody took a part and nobody noted work. */
export function Used({ order, site }: { order: Order; site: SiteRef }) {
  if (order.parts.length === 0 && order.labour.length === 0) return null;
  const { currency } = order.costs;
  return (
    <Panel title={tc('orders.used')}>
      {order.parts.length > 0 && (
        <div class="tablewrap">
          <table class="stack">
            <caption class="vh">{tc('orders.used.parts')}</caption>
            <thead>
              <tr>
                <th scope="col">{tc('orders.used.part')}</th>
                <th scope="col" class="r">{tc('part.quantity')}</th>
                <th scope="col">{tc('part.who')}</th>
                <th scope="col" class="r">{tc('orders.used.cost')}</th>
              </tr>
            </thead>
            <tbody>
              {order.parts.map((one) => (
                <tr key={one.key}>
                  <td><Name one={one} site={site} /></td>
                  <td class="r num" data-label={tc('part.quantity')}>
                    {one.quantity} {one.part?.unit}
                    <small class="line2">{tc(`part.why.${one.why}`)}</small>
                  </td>
                  <td data-label={tc('part.who')}>
                    {one.by?.name ?? '—'}
                    <small class="line2 num">{stamp(one.at_ms, site.time_zone)}</small>
                  </td>
                  <td class="r num" data-label={tc('orders.used.cost')}>{one.cost === null ? tc('orders.used.unpriced') : `${one.cost} ${currency}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {order.labour.length > 0 && (
        <div class="tablewrap">
          <table class="stack">
            <caption class="vh">{tc('orders.used.labour')}</caption>
            <thead>
              <tr>
                <th scope="col">{tc('orders.used.labour')}</th>
                <th scope="col">{tc('part.who')}</th>
                <th scope="col" class="r">{tc('orders.used.cost')}</th>
              </tr>
            </thead>
            <tbody>
              {order.labour.map((one) => (
                <tr key={one.key}>
                  <td class="num">{tc('orders.step.labour.n', { n: one.minutes, people: one.people })}</td>
                  <td data-label={tc('part.who')}>
                    {one.by?.name ?? '—'}
                    <small class="line2 num">{stamp(one.at_ms, site.time_zone)}</small>
                  </td>
                  <td class="r num" data-label={tc('orders.used.cost')}>{one.cost} {currency}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** A part by number and name, for whoever may see the store with the way there. */
function Name({ one, site }: { one: PartUsed; site: SiteRef }) {
  if (one.part === null) return <>{tc('orders.used.gone')}</>;
  const name = <span lang={langOf(one.part.name)}>{say(one.part.name)}</span>;
  return (
    <>
      {mayAt(site, 'see.assets') ? <a href={to(site.id, 'parts', one.part.id)}>{name}</a> : name}
      <small class="line2 code">{one.part.number}</small>
    </>
  );
}
