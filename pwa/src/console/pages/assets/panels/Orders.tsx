import type { FunctionComponent } from 'preact';
import { tc } from '../../../../i18n/console';
import { Button } from '../../../../ui/Button';
import { useLoad } from '../../../model/load';
import { mayAt } from '../../../model/may';
import { Refusal, Waiting } from '../../../parts/Answers';
import { Panel } from '../../../parts/Page';
import { to } from '../../../route';
import { OrderCard } from '../../orders/OrderCard';
import type { OrderPage } from '../../orders/types';
import type { AssetPanelProps } from '../types';

const SHOWN = 5;

/** The work orders of an asset: what is open first, then the latest. */
export const Orders: FunctionComponent<AssetPanelProps> = ({ site, asset }) => {
  const loaded = useLoad<OrderPage>(mayAt(site, 'see.orders') ? `/sites/${site.id}/assets/${asset.id}/orders` : null);
  if (!mayAt(site, 'see.orders')) return null;
  const over = ['closed', 'cancelled', 'done', 'verified'];
  const orders = [...(loaded.value?.orders ?? [])].sort((a, b) => Number(over.includes(a.state)) - Number(over.includes(b.state)) || b.opened_ms - a.opened_ms);
  const open = orders.filter((one) => !over.includes(one.state)).length;
  return (
    <Panel title={tc('nav.work_orders')} fact={loaded.value ? tc('orders.panel', { n: open }) : undefined}>
      <Refusal problem={loaded.problem} />
      {!loaded.value && !loaded.problem && <Waiting />}
      {loaded.value && orders.length === 0 && <p class="meta">{tc('orders.panel.none')}</p>}
      {orders.slice(0, SHOWN).map((order) => (
        <OrderCard key={order.id} order={order} siteId={site.id} zone={site.time_zone} now={loaded.value!.now_ms} state />
      ))}
      <div class="acts below">
        {orders.length > SHOWN && <Button href={to(site.id, 'orders', null, { view: 'list', target: asset.id })}>{tc('orders.panel.all', { n: orders.length })}</Button>}
        {mayAt(site, 'dispatch') && <Button icon="plus" href={to(site.id, 'orders', 'new', { asset: asset.id })}>{tc('orders.new')}</Button>}
      </div>
    </Panel>
  );
};
