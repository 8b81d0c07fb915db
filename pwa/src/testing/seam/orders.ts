/** Orders and assets of the Happiness Garden, as they come down: the real functions make the screens of them. */
import type { AssetBody, MeterBody, OrderBody } from '../../protocol/entities';
import type { EntityRow } from '../../protocol/store';
import * as data from '../../state/data';
import { worldOf } from '../../state/world';
import { now } from './state';

export const uuid = (n: number): string => `6f1e5a3e-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const PUMP = uuid(501);
export const ME = uuid(703);
export const OTHER = uuid(701);
const HOUR = 3_600_000;

export function orderBody(n: number, more: Partial<OrderBody> = {}): OrderBody {
  const opened = now.value - HOUR;
  return {
    id: uuid(n),
    number: `W-000${n}`,
    kind: 'repair',
    class: 'water',
    urgency: 'normal',
    state: 'dispatched',
    title: null,
    note: null,
    target: { kind: 'asset', id: PUMP },
    place: null,
    source: { kind: 'office', id: uuid(900 + n) },
    assignee: null,
    holder: null,
    form: null,
    opened_ms: opened,
    due_ms: null,
    deadlines: [{ clause: 'P1-03', what: 'repair', due_ms: opened + 2 * HOUR, state: 'running' }],
    next_due_ms: opened + 2 * HOUR,
    paused: null,
    done: null,
    returned: null,
    conflicts: 0,
    asks_signature: false,
    ...more,
  };
}

const label = (zh: string, en: string) => ({ zh, en });

export function assetBody(id: string, more: Partial<AssetBody> = {}): AssetBody {
  return { id, number: 'A-01', name: label('生活水泵 2#', 'Booster pump 2'), category: '水泵', zone: label('地下一层', 'Basement'), retired: false, maker: '南方泵业', model: 'CDL32', serial: 'SN-7788', installed_on: '2021-05-01', state: 'running', criticality: 'A', ...more };
}

export const pressure: MeterBody = {
  id: uuid(601),
  asset: PUMP,
  key: 'pressure',
  number: '1',
  edition: 1,
  name: label('出水压力', 'Outlet pressure'),
  unit: 'MPa',
  decimals: 2,
  kind: 'gauge',
  limits: { alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' },
  last: { value: '0.72', at_ms: 0, level: 'alarm' },
};

/** Put rows onto the phone; the signals of the screens follow. */
export function comeDown(rows: { kind: string; body: { id: string }; version?: number }[]): void {
  data.entries.value = new Map();
  data.world.value = worldOf(
    rows.map(({ kind, body, version = 3 }): EntityRow => ({ kind, id: body.id, scope: uuid(1), version, body, generation: 1 })),
  );
}
