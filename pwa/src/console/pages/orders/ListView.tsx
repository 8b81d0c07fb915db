import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { langOf } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import { Chip } from '../../../ui/State';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { Asked } from '../../parts/Answers';
import { FilterRow, Pick } from '../../parts/filters';
import { Table } from '../../parts/things';
import { go, place, to } from '../../route';
import type { Person, SiteRef } from '../../types';
import { CLASSES } from './dialogs';
import { OrdersFrame } from './Frame';
import type { OrderPage, OrderRow } from './types';
import { dueOf, inCharge, looks, placeOf, pressing, titleOf } from './words';

const STATES = ['under_way', 'open', 'dispatched', 'accepted', 'working', 'paused', 'done', 'verified', 'closed', 'cancelled'] as const;
const KEPT = ['state', 'target', 'class', 'kind', 'urgency', 'person', 'need', 'text', 'after'] as const;

/** Every order, the newest first, with filters that stand in the address. */
export function ListView({ site }: { site: SiteRef }) {
  const { query } = place.value;
  const asked = new URLSearchParams(KEPT.flatMap((name) => (query[name] ? [[name, query[name]] as [string, string]] : [])));
  const loaded = useLoad<OrderPage>(`/sites/${site.id}/orders?${asked.toString()}`);
  const people = useLoad<{ people: Person[] }>(mayAt(site, 'see.people') ? `/sites/${site.id}/people` : null).value?.people ?? [];
  const set = (changes: Record<string, string | null>) => go(to(site.id, 'orders', null, { ...query, view: 'list', after: null, ...changes }));
  const narrowed = KEPT.some((name) => name !== 'after' && Boolean(query[name]));
  return (
    <OrdersFrame site={site} view="list">
      <FilterRow onClear={narrowed && (() => go(to(site.id, 'orders', null, { view: 'list' })))}>
        <Pick icon="order" label={tc('log.state')} value={query['state'] ?? ''} options={STATES.map((one) => [one, one === 'under_way' ? tc('orders.under_way') : tc(`wo.state.${one}`)])} onPick={(state) => set({ state })} />
        <Pick icon="box" label={tc('orders.class')} value={query['class'] ?? ''} options={CLASSES.map((one) => [one, tc(`wo.class.${one}`)])} onPick={(cls) => set({ class: cls })} />
        <Pick icon="rc-attention" label={tc('orders.urgency')} value={query['urgency'] ?? ''} options={[['normal', tc('orders.urgency.normal')], ['urgent', tc('orders.urgency.urgent')]]} onPick={(urgency) => set({ urgency })} />
        {people.length > 0 && <Pick icon="user" label={tc('log.who')} value={query['person'] ?? ''} options={people.map((one) => [one.id, one.name])} onPick={(person) => set({ person })} />}
        <Pick icon="bell" label={tc('orders.need')} value={query['need'] ?? ''} options={(['missed', 'near', 'conflict', 'returned', 'proposal', 'undispatched'] as const).map((one) => [one, tc(`orders.need.${one}`)])} onPick={(need) => set({ need })} />
        <label class="fil fil--search">
          <Icon name="search" />
          <span class="vh">{tc('orders.search')}</span>
          <input type="search" placeholder={tc('orders.search')} value={query['text'] ?? ''} maxLength={100} onChange={(event) => set({ text: event.currentTarget.value || null })} />
        </label>
      </FilterRow>
      <Asked loaded={loaded}>{(page) => <Rows site={site} page={page} onNext={(after) => go(to(site.id, 'orders', null, { ...query, view: 'list', after }))} />}</Asked>
    </OrdersFrame>
  );
}

function Rows({ site, page, onNext }: { site: SiteRef; page: OrderPage; onNext: (after: string) => void }) {
  const { orders, now_ms: now, after } = page;
  if (orders.length === 0) {
    return (
      <div class="panel">
        <Empty icon="order" title={tc('orders.none')}>{tc('orders.none.why')}</Empty>
      </div>
    );
  }
  return (
    <>
      <OrderTable orders={orders} site={site} now={now} />
      {after && (
        <div class="acts below">
          <Button onPress={() => onNext(after)}>{tc('orders.older')}</Button>
        </div>
      )}
    </>
  );
}

/** Orders as a table. */
export function OrderTable({ orders, site, now }: { orders: readonly OrderRow[]; site: SiteRef; now: number }) {
  return (
    <Table
      caption={tc('nav.work_orders')}
      rows={orders}
      quiet={(one) => one.state === 'closed' || one.state === 'cancelled'}
      columns={[
        { head: tc('orders.number'), tight: true, cell: (one) => <a class="code" href={to(site.id, 'orders', one.id)}>{one.number}</a> },
        { head: tc('orders.what'), wide: true, cell: (one) => <a href={to(site.id, 'orders', one.id)} lang={one.title ? langOf(one.title) : undefined}>{titleOf(one)}</a> },
        { head: tc('orders.class'), tight: true, cell: (one) => `${tc(`wo.class.${one.class}`)}${one.urgency === 'urgent' ? ` · ${tc('wo.urgent')}` : ''}` },
        { head: tc('orders.place'), cell: (one) => placeOf(one) || '—' },
        { head: tc('log.state'), tight: true, cell: (one) => <Chip tone={looks[one.state].tone} icon={looks[one.state].icon}>{tc(`wo.state.${one.state}`)}</Chip> },
        { head: tc('wo.who'), tight: true, cell: (one) => inCharge(one) },
        { head: tc('wo.opened'), tight: true, cell: (one) => moment(one.opened_ms, site.time_zone, now) },
        {
          head: tc('orders.due'),
          tight: true,
          cell: (one) => {
            const next = pressing(one) ?? one.deadlines.find((due) => due.what === 'repair') ?? null;
            const due = next && dueOf(next, now);
            return due ? <Chip tone={due.tone} icon={due.icon}>{due.words}</Chip> : '—';
          },
        },
      ]}
    />
  );
}
