import { expect, test } from 'vitest';
import type { PartBody } from '../protocol/entities';
import type { Body } from '../protocol/records';
import type { EntityRow, RecordRow } from '../protocol/store';
import type { Entry } from './data';
import { findParts, ownMoves, partByCode, partsOf } from './stock';
import { worldOf } from './world';

const SEAL = '6f1e5a3e-1111-4c1a-9d8e-000000000001';
const LAMP = '6f1e5a3e-1111-4c1a-9d8e-000000000002';

function part(id: string, more: Partial<PartBody>, version = 3): EntityRow {
  const body = { id, number: 'P-01', name: { zh: '机械密封', en: 'Seal' }, unit: '个', category: '水泵', code: null, stock: '2', minimum: '1', places: ['A-3'], retired: false, ...more };
  return { kind: 'part', id, scope: 'site', version, body } as unknown as EntityRow;
}

function move(n: number, quantity: string, row: Partial<RecordRow>, version = 3): Entry {
  const body = { type: 'stock.move', base: { entity: SEAL, version }, p: { part: SEAL, quantity, order: null, why: 'used', asset: null } };
  return { row: { n, hash: `h${n}`, at: n, outcome: null, ...row } as RecordRow, body: body as unknown as Body };
}

const world = worldOf([part(SEAL, {}), part(LAMP, { number: 'P-02', name: { zh: '灯管', en: 'Lamp' }, code: 'LAMP-18W', retired: false, minimum: null, places: [] })]);

test('what was taken here and is not in the row yet is taken off, whether or not it was sent', () => {
  const unsent = move(1, '-1', { unsent: [0, 1] as unknown as NonNullable<RecordRow['unsent']> });
  const sent = move(2, '-1', {});
  const [seal] = partsOf(world, [unsent, sent]);
  expect([seal!.stock, seal!.low]).toEqual([0, true]);
  // the row has changed since: it holds what was sent before
  const later = worldOf([part(SEAL, { stock: '1' }, 4)]);
  expect(partsOf(later, [sent])[0]!.stock).toBe(1000);
  expect(partsOf(later, [move(3, '-5', {}, 4)])[0]!.stock).toBe(-4000);
});

test('what the server would not read takes nothing off', () => {
  expect(partsOf(world, [move(1, '-1', { outcome: 'quarantined' })])[0]!.stock).toBe(2000);
});

test('parts are found by any of their words, full-width ones too, and by the code on the shelf', () => {
  const parts = partsOf(world, []);
  expect(findParts(parts, 'ｓｅａｌ 水泵').map((one) => one.id)).toEqual([SEAL]);
  expect(findParts(parts, '')).toHaveLength(2);
  expect(findParts(parts, 'seal lamp')).toEqual([]);
  expect(partByCode(parts, ' LAMP-18W ')?.id).toBe(LAMP);
  expect(partByCode(parts, 'P-01')?.id).toBe(SEAL);
  expect(partByCode(parts, 'seal')).toBeNull();
});

test('a retired part is not offered, and its moves are still told', () => {
  const gone = worldOf([part(SEAL, { retired: true })]);
  expect(partsOf(gone, [])).toEqual([]);
  expect(ownMoves([move(1, '-0.25', {})])).toEqual([{ hash: 'h1', at: 1, unsent: false, part: SEAL, milli: -250, why: 'used', order: null }]);
});
