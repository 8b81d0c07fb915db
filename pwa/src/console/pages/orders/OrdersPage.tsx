import { place } from '../../route';
import type { PageProps } from '../../types';
import { BoardView } from './BoardView';
import { ListView } from './ListView';
import { LogView } from './LogView';
import { NewOrder } from './NewOrder';
import { OrderPage } from './OrderPage';
import { PolicyPage } from './PolicyPage';

/** Work orders: the board, the list, the maintenance log; one order; what the site sets of them. */
export function OrdersPage({ site, id }: PageProps) {
  const { view } = place.value.query;
  if (id === 'new') return <NewOrder site={site} />;
  if (id === 'policy') return <PolicyPage site={site} />;
  if (id !== null) return <OrderPage site={site} id={id} />;
  return view === 'list' ? <ListView site={site} /> : view === 'log' ? <LogView site={site} /> : <BoardView site={site} />;
}
