import { expect, it } from 'vitest';
import { asset, estateOf } from '../testing/lookup/measure';
import { assetView, find, fold, indexOf } from './assets';
import type { Entry } from './data';
import { worldOf } from './world';

const index = indexOf(worldOf(estateOf(500)));
const numbers = (question: string): string[] => find(index, question, 50).map((one) => one.number);

it('whose number it is comes before those that have it in them', () => {
  expect(numbers('E12')[0]).toBe('E12');
  expect(numbers('e12')).toContain('E120');
});

it('every word counts, in any order, whatever the width and the size of letters', () => {
  expect(numbers('１２ 栋 水泵').length).toBe(numbers('水泵 栋 12').length);
  expect(fold('ＡＢｃ　１２')).toBe('abc 12');
});

it('without a question the list begins with the lowest number; what is no longer used comes last', () => {
  expect(numbers('').slice(0, 3)).toEqual(['E1', 'E2', 'E3']);
  expect(index.at(-1)!.retired).toBe(true);
});

it('nothing is found where nothing is, and never more than was asked for', () => {
  expect(numbers('没有这样的')).toEqual([]);
  expect(find(index, '', 7).length).toBe(7);
});

it('a row of an older server, without its newer members, is found all the same', () => {
  const body = { id: asset(1), number: '7', name: { zh: '旧泵', en: '' }, zone: null, category: null, retired: false };
  const old = indexOf(worldOf([{ kind: 'asset', id: asset(1), scope: asset(0), version: 1, generation: 1, body }]));
  expect(find(old, '旧', 5).length).toBe(1);
});

it('a meter that was exchanged on this phone bears its new number until the server has heard of it', () => {
  const body = { id: asset(1), number: '7', name: { zh: '泵', en: '' }, zone: null, category: null, retired: false };
  const shape = { key: 'water', name: { zh: '水表', en: '' }, edition: 1, unit: 'm³', decimals: 1, kind: 'counter', limits: {} };
  const meter = { ...shape, id: asset(2), asset: asset(1), number: 'N1', last: { value: '800', at_ms: 1 }, exchanges: 0 };
  const rows = (version: number) => [
    { kind: 'asset', id: asset(1), scope: asset(0), version: 1, generation: 1, body },
    { kind: 'meter', id: asset(2), scope: asset(0), version, generation: 1, body: meter },
  ];
  const said = {
    row: { n: 1, at: 9, hash: 'ab' },
    body: { type: 'meter.exchange', base: { entity: asset(2), version: 3 }, p: { meter: asset(2), start: '0', number: 'N2' } },
  } as unknown as Entry;
  const shown = (version: number) => assetView(worldOf(rows(version)), asset(1), [said])!;
  expect(shown(3).meters[0]).toMatchObject({ number: 'N2', last: { value: '0', at_ms: 9 } });
  expect(shown(3).records).toEqual(['ab']);
  expect(shown(4).meters[0]).toMatchObject({ number: 'N1', last: { value: '800' } });
});
