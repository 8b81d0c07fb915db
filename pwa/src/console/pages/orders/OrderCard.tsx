import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { langOf } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/State';
import { to } from '../../route';
import type { OrderRow } from './types';
import { dueOf, inCharge, isRed, looks, placeOf, pressing, titleOf, wordOf } from './words';

export type OrderCardProps = {
  order: OrderRow;
  siteId: string;
  zone: string;
  now: number;
  /** Whether the state stands on it: it does where no column says so. */
  state?: boolean;
  onDispatch?: ((order: OrderRow) => void) | undefined;
};

/** One order on the board: what, by when in words and as a bar, whence, who has it. */
export function OrderCard({ order, siteId, zone, now, state = false, onDispatch }: OrderCardProps) {
  const next = pressing(order);
  const due = next && dueOf(next, now);
  const place = placeOf(order);
  const title = titleOf(order);
  return (
    <article class={isRed(order, now) ? 'wo wo--bad' : 'wo'}>
      <div class="wo__top">
        <span class="code">{[order.number, order.source.name ?? ''].filter(Boolean).join(' · ')}</span>
        {due ? <Chip tone={due.tone} icon={next?.what === 'follow' ? 'call' : due.icon}>{due.words}</Chip> : order.done_ms !== null && <span>{moment(order.done_ms, zone, now)}</span>}
      </div>
      <h3 lang={order.title ? langOf(order.title) : undefined}>
        <a href={to(siteId, 'orders', order.id)}>{title}</a>
      </h3>
      {due && (
        <div class="due" data-tone={due.tone} role="img" aria-label={tc('wo.bar', { a: Math.round(due.gone * 100) })}>
          <i style={{ '--p': String(due.gone) }} />
        </div>
      )}
      <p>{[place === title ? '' : place, tc(`wo.from.${order.source.kind}`), order.urgency === 'urgent' ? tc('wo.urgent') : ''].filter(Boolean).join(' · ')}</p>
      {order.paused && <p>{tc('orders.waits', { why: wordOf('orders.pause', order.paused.reason) })}</p>}
      {order.needs.length > 0 && (
        <p class="wo__needs">
          {order.needs.filter((need) => need !== 'near' && need !== 'missed').map((need) => (
            <Chip key={need} tone={need === 'conflict' ? 'warn' : need === 'unheard' ? 'unsure' : 'bad'} icon={need === 'conflict' ? 'rc-marked' : need === 'unheard' ? 'st-unheard' : 'rc-attention'}>
              {tc(`orders.need.${need}`)}
            </Chip>
          ))}
        </p>
      )}
      <div class="wo__bot">
        <span>{inCharge(order)}</span>
        {state && <Chip tone={looks[order.state].tone} icon={looks[order.state].icon}>{tc(`wo.state.${order.state}`)}</Chip>}
        {onDispatch && order.state === 'open' && (
          <Button kind={order.urgency === 'urgent' ? 'ink' : 'plain'} onPress={() => onDispatch(order)}>
            {tc('orders.give')}
          </Button>
        )}
      </div>
    </article>
  );
}
