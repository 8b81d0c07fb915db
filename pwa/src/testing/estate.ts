/** A small estate as it comes down to a phone: one route, four stops, one with a form, rounds every two hours. */
import type { FormBody, RouteBody } from '../protocol/entities';
import { tagHash } from '../protocol/tags';
import type { FeedRow } from '../protocol/messages';
import { webCrypto } from '../sync/webcrypto';
import { GUARD } from './phone';
import { SITE } from './server';

export const START = 1_795_438_800_000;
export const HOUR = 3_600_000;
export const TOKENS = ['7F3K92QD0ABCDEF0', '7F3K92QD0ABCDEF1', '7F3K92QD0ABCDEF2', '7F3K92QD0ABCDEF3', '7F3K92QD0ABCDEF9'];

export const id = (kind: number, n: number): string =>
  `6f1e5a3e-00${String(kind).padStart(2, '0')}-4c1a-9d8e-${String(n).padStart(12, '0')}`;
export const CHECKPOINT = (n: number): string => id(4, n);
export const STOP = (n: number): string => id(5, n);
export const OCCURRENCE = (n: number): string => id(6, n);
export const PLAN = id(7, 1);
export const TEAM = id(9, 1);
export const OTHER = id(2, 2);

export const FORM: FormBody = {
  id: id(8, 1),
  name: { zh: '泵房', en: 'Pump room' },
  edition: 3,
  fields: [
    {
      id: 'pressure',
      kind: 'number',
      label: { zh: '压力', en: 'Pressure' },
      required: true,
      decimals: 2,
      limits: { warn_high: '0.60', alarm_high: '0.65' },
    },
    { id: 'leaks', kind: 'check', label: { zh: '跑冒滴漏', en: 'Leaks' }, photo_on_fault: true },
    { id: 'gauge', kind: 'photo', label: { zh: '表', en: 'Gauge' } },
    { id: 'words', kind: 'text', label: { zh: '说明', en: 'Words' } },
  ],
};

const row = (kind: string, id: string, body: object): FeedRow => ({
  kind,
  id,
  scope: SITE,
  version: 4,
  op: 'upsert',
  body: { id, ...body },
});
const label = (zh: string, en: string) => ({ zh, en });

/** The rows of the estate. Checkpoint 5 is on no route; its tag is the last token. Tag 4 is retired. */
export async function estate({ order = 'advised', enforced = false }: { order?: RouteBody['order']; enforced?: boolean } = {}): Promise<FeedRow[]> {
  const rows: FeedRow[] = [
    row('site', SITE, {
      name: label('花园', 'Garden Court'),
      time_zone: 'Asia/Shanghai',
      day_start_min: 360,
      quiet_lock_min: 10,
    }),
    row('team', TEAM, { name: label('甲班', 'Team A') }),
    row('person', GUARD, { name: '王伟', number: '12', role: 'guard', team: TEAM }),
    row('person', OTHER, { name: '陈静', number: '3', role: 'guard', team: null }),
    row('form', FORM.id, FORM),
    row('plan', PLAN, { name: label('夜巡', 'Night'), route: id(3, 1), demand: 'P1-35', crew: 1, grace_min: 30, team: null }),
    row('plan', id(7, 2), { name: label('乙', 'B'), route: id(3, 1), demand: null, crew: 1, grace_min: 0, team: id(9, 2) }),
    row('route', id(3, 1), {
      name: label('线', 'Route'),
      order,
      ...(enforced ? { enforced } : {}),
      stops: [1, 2, 3, 4].map((n) => ({
        id: STOP(n),
        number: n,
        target: { kind: 'checkpoint', id: CHECKPOINT(n) },
        form: n === 2 ? FORM.id : null,
      })),
    }),
  ];
  for (let n = 1; n <= 5; n += 1) {
    const body = { number: `0${n}`, name: label(`点 ${n}`, `Point ${n}`), zone: null, retired: false };
    rows.push(row('checkpoint', CHECKPOINT(n), body));
    rows.push(
      row('tag', id(1, n), {
        hash: await tagHash(webCrypto, TOKENS[n - 1]!),
        target: { kind: 'checkpoint', id: CHECKPOINT(n) },
        version: 2,
        retired: n === 4,
      }),
    );
  }
  // round 0 was two hours ago, 1 is now, 2 and 3 are to come; 8 is another team's
  for (let n = 0; n < 4; n += 1) rows.push(window(n, PLAN, START + (n - 1) * 2 * HOUR));
  rows.push(window(8, id(7, 2), START));
  return rows;
}

function window(n: number, plan: string, from_ms: number): FeedRow {
  return row('occurrence', OCCURRENCE(n), { plan, from_ms, to_ms: from_ms + HOUR, grace_ms: HOUR / 2, excused: null });
}

/** The address on a printed tag. */
export const printed = (token: string): string => `HTTPS://GARDEN.EXAMPLE/T/${token}`;
