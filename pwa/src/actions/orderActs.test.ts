import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { FeedRow } from '../protocol/messages';
import { parseOwn } from '../protocol/records';
import { actsOf, order, orders, waiting } from '../state/orders';
import { person } from '../state/app';
import { estate, id, printed, TOKENS } from '../testing/estate';
import { PIN, scene, show, type Scene } from '../testing/acting';
import { fill, GUARD } from '../testing/phone';
import { SITE } from '../testing/server';
import { actOnOrder, openOrder } from './orderActs';
import { scanCheckpoint } from './scanCheckpoint';
import { signIn } from './signIn';

const ORDER = id(20, 1);
const OTHER = id(2, 2);
let at: Scene;

function row(version: number, more: object = {}): FeedRow {
  const body = {
    id: ORDER, number: 'W-0001', kind: 'repair', class: 'water', urgency: 'normal', state: 'dispatched', title: null, note: null,
    target: { kind: 'checkpoint', id: id(4, 1) }, place: null, source: { kind: 'office', id: OTHER }, assignee: { kind: 'person', id: GUARD },
    holder: null, form: null, opened_ms: 1_795_438_000_000, due_ms: null, deadlines: [], next_due_ms: null, paused: null, done: null,
    returned: null, conflicts: 0, asks_signature: false, ...more,
  }; // prettier-ignore
  return { kind: 'order', id: ORDER, scope: SITE, version, op: 'upsert', body } as FeedRow;
}

/** A newer row comes down. */
async function comesDown(next: FeedRow): Promise<void> {
  await fill(at.phone.store, [next], `c${next.version}`);
  await show(at.phone);
}

beforeEach(async () => {
  at = await scene([...(await estate()), row(4)]);
  await signIn(GUARD, PIN);
});

it('what is done to an order shows at once, and is sealed with the version that was seen', async () => {
  expect(waiting.value).toBe(1);
  const { hash } = await actOnOrder(ORDER, 'order.accept', {});

  expect(order(ORDER).value).toMatchObject({ state: 'accepted', holder: GUARD, version: 4, unsent: 1 });
  const body = parseOwn((await at.phone.store.record(hash))!.body);
  expect(body).toMatchObject({ type: 'order.accept', tv: 1, actor: GUARD, base: { entity: ORDER, version: 4 }, p: { order: ORDER } });
});

it('to arrive is to scan: the scan comes first', async () => {
  const scan = await scanCheckpoint({ text: printed(TOKENS[0]!), method: 'camera', occurrence: null, expectedStop: null, frame: null });
  const { hash } = await actOnOrder(ORDER, 'order.arrive', { scan: scan.hash }, { deps: [scan.hash] });

  expect(parseOwn((await at.phone.store.record(hash))!.body)).toMatchObject({ deps: [scan.hash], p: { scan: scan.hash } });
  expect(order(ORDER).value!.state).toBe('working');
});

it('three acts stacked without a network are shown over whatever row comes down, until they are sent', async () => {
  await actOnOrder(ORDER, 'order.accept', {});
  await actOnOrder(ORDER, 'order.arrive', { scan: null }, { note: '没有码' });
  await actOnOrder(ORDER, 'order.complete', { result: 'fixed', answers: null });
  expect(order(ORDER).value).toMatchObject({ state: 'done', unsent: 3 });

  // the office gave it to somebody else meanwhile: what was done here is still shown
  await comesDown(row(5, { assignee: { kind: 'person', id: OTHER } }));
  expect(order(ORDER).value).toMatchObject({ state: 'done', unsent: 3 });
});

it('what the server answered counts as soon as its row is here', async () => {
  await actOnOrder(ORDER, 'order.complete', { result: 'fixed', answers: null });
  // what was saved wakes the engine by itself
  await vi.waitFor(() => expect(order(ORDER).value!.unsent).toBe(0));
  expect(order(ORDER).value, 'received, the row is not here yet').toMatchObject({ state: 'done', unsent: 0 });

  await comesDown(row(5, { state: 'cancelled' }));
  expect(order(ORDER).value!.state).toBe('cancelled');
});

it('mended on the spot is two records in a row, the second on the first', async () => {
  const opened = await openOrder({ target: { kind: 'checkpoint', id: id(4, 2) }, class: 'leak', urgency: 'normal', finding: null, note: '紧了', photos: [], mine: true, result: 'fixed' });

  const view = order(opened.order).value!;
  expect(view).toMatchObject({ state: 'done', holder: GUARD, version: null, number: null, note: '紧了', class: 'leak' });
  expect(view.own.map(({ type }) => type)).toEqual(['order.open', 'order.complete']);
  expect(view.own.every(({ entry }) => entry.body.base === undefined)).toBe(true);
  expect(opened.order).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('an order of a finding waits for the finding', async () => {
  const finding = 'ab'.repeat(32);
  const opened = await openOrder({ target: null, class: 'other', urgency: 'urgent', finding, note: null, photos: [], mine: false, result: null });

  expect(order(opened.order).value!.own[0]!.entry.body).toMatchObject({ deps: [finding], p: { finding } });
  expect(orders.value.find((view) => view.id === opened.order)!.state).toBe('open');
});

it('a signature goes with the name in letters, which is private', async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
  const { hash } = await actOnOrder(ORDER, 'order.sign', { by: 'customer' }, { name: ' 张太太 ', photos: [{ field: null, bytes: png, mime: 'image/png', role: 'signature' }] });

  const kept = (await at.phone.store.record(hash))!;
  expect(kept.private['name']!.value).toBe('张太太');
  expect(parseOwn(kept.body)).toMatchObject({ blobs: [{ role: 'signature', mime: 'image/png' }], p: { by: 'customer' } });
  expect(kept.body).not.toContain('张太太');
});

it('who passes an order on has nothing left to do with it', async () => {
  await actOnOrder(ORDER, 'order.pass', { to: OTHER });

  expect(order(ORDER).value).toMatchObject({ state: 'dispatched', assignee: { kind: 'person', id: OTHER } });
  expect(actsOf(order(ORDER).value!, person.value)).toEqual({ main: null, others: ['note'] });
  expect(waiting.value).toBe(0);
});
