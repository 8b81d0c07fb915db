import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Empty } from '../../../ui/Empty';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { DispatchDialog } from './dialogs';
import { OrdersFrame } from './Frame';
import { RequestCard, useLateRequests } from './LateRequests';
import { OrderCard } from './OrderCard';
import type { Board, OrderRow, OrderStateName } from './types';

/** Columns of the board, and which states stand in each. */
const COLUMNS = [
  { key: 'open', states: ['open'] },
  { key: 'given', states: ['dispatched', 'accepted'] },
  { key: 'working', states: ['working', 'paused'] },
  { key: 'done', states: ['done', 'verified'] },
  { key: 'over', states: ['closed', 'cancelled'] },
] as const satisfies readonly { key: string; states: readonly OrderStateName[] }[];

const REFRESH_MS = 30_000;
/** So many cards stand in the row of what needs somebody; links lead to the rest. */
const NEEDING = 8;

/** A column per state, the most pressing first; above them what needs somebody. */
export function BoardView({ site }: { site: SiteRef }) {
  const board = useLoad<Board>(`/sites/${site.id}/orders/board`);
  const late = useLateRequests(site);
  const [giving, setGiving] = useState<OrderRow | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      board.reload();
      late.reload();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [board.reload, late.reload]);
  const found = board.value;
  if (!found) return <OrdersFrame site={site} view="board">{board.problem ? <Failure problem={board.problem} onAgain={board.reload} /> : <Waiting />}</OrdersFrame>;
  const now = found.now_ms;
  const undone = found.columns.filter((one) => !['done', 'verified', 'closed', 'cancelled'].includes(one.state)).reduce((sum, one) => sum + one.count, 0);
  const near = found.needs.filter((one) => one.needs.includes('near') || one.needs.includes('missed')).length;
  const requests = late.value?.requests ?? [];
  const needs = found.needs.length + requests.length;
  const onDispatch = mayAt(site, 'dispatch') ? setGiving : undefined;
  const card = (order: OrderRow, state = false) => <OrderCard key={order.id} order={order} siteId={site.id} zone={site.time_zone} now={now} state={state} onDispatch={onDispatch} />;
  return (
    <OrdersFrame site={site} view="board" sub={tc('orders.sub', { n: undone, m: near })}>
      <Refusal problem={board.problem ?? late.problem} />
      {needs > 0 && (
        <Panel title={tc('todo.title')} fact={tc('todo.count', { n: needs })} class="needs">
          <div class="needs__row">
            {requests.slice(0, NEEDING).map((row) => <RequestCard key={row.id} row={row} siteId={site.id} now={now} />)}
            {found.needs.slice(0, Math.max(0, NEEDING - requests.length)).map((order) => card(order, true))}
          </div>
          {needs > NEEDING && (
            <p>
              {requests.length > NEEDING && <a href={to(site.id, 'requests')}>{tc('orders.needs.requests', { n: requests.length })}</a>}
              {found.needs.length > 0 && <a href={to(site.id, 'orders', null, { view: 'list', need: 'missed' })}>{tc('orders.needs.more', { n: needs - NEEDING })}</a>}
            </p>
          )}
        </Panel>
      )}
      {found.columns.every((one) => one.count === 0) ? (
        <div class="panel">
          <Empty icon="order" title={tc('orders.empty')}>{tc('orders.empty.why')}</Empty>
        </div>
      ) : (
        <>
          <div class="kan">
            {COLUMNS.map((column) => {
              const parts = found.columns.filter((one) => (column.states as readonly OrderStateName[]).includes(one.state));
              const count = parts.reduce((sum, one) => sum + one.count, 0);
              const shown = parts.flatMap((one) => one.orders);
              return (
                <section key={column.key} aria-label={tc(`orders.column.${column.key}`)}>
                  <h2>
                    {tc(`orders.column.${column.key}`)}
                    <span>{count}</span>
                  </h2>
                  {shown.map((order) => card(order, parts.length > 1 && (order.state === 'paused' || order.state === 'cancelled' || order.state === 'verified')))}
                  {count > shown.length && (
                    <a class="kan__more" href={to(site.id, 'orders', null, { view: 'list', state: column.states.join(',') })}>
                      {tc('orders.column.more', { n: count - shown.length })}
                    </a>
                  )}
                </section>
              );
            })}
          </div>
        </>
      )}
      {giving && (
        <DispatchDialog
          site={site}
          order={giving}
          onStay={() => setGiving(null)}
          onDone={() => {
            setGiving(null);
            board.reload();
          }}
        />
      )}
    </OrdersFrame>
  );
}
