import { expect, test } from 'vitest';
import type { Condition } from '../../../protocol/entities';
import { rules } from '../../../protocol/forms';
import { conditionOf, figureOf, idFormula, kinds, namedFormula, newField, publish, read, testOf } from './draft';

const total = { ...newField('number', []), id: 'total', label: { zh: '灯具总数', en: 'Lamps' } };
const out = { ...newField('number', []), id: 'out', label: { zh: '不亮的灯', en: 'Out' } };

test('every kind can be put into a form, and says what it said when it is read again', () => {
  expect([...kinds].sort()).toEqual(Object.keys(rules));
  for (const kind of kinds) {
    const published = publish(newField(kind, []));
    expect(published.kind).toBe(kind);
    expect(publish(read(published))).toEqual(published);
  }
});

test('a formula is read with names and published with ids', () => {
  const formula = '(total - out) / total * 100';
  expect(namedFormula(formula, [total, out])).toBe('([灯具总数] - [不亮的灯]) / [灯具总数] * 100');
  expect(idFormula(namedFormula(formula, [total, out]), [total, out])).toBe(formula);
  expect(idFormula('（[灯具总数] − [不亮的灯]）÷ 2 × 1', [total, out])).toBe('(total - out)/ 2 * 1');
  expect(idFormula('[没有这一项] + 1', [total])).toBe('[没有这一项] + 1');
});

test.each<Condition>([
  { field: 'leaks', is: 'fault' },
  { field: 'mode', in: ['a', 'b'] },
  { field: 'total', level: ['warning', 'alarm'] },
  { field: 'total', over: '1.5' },
  { field: 'total', under: '-2' },
])('the condition %j stays what it is', (condition) => {
  expect(conditionOf(condition.field, testOf(condition), figureOf(condition))).toEqual(condition);
  const field = { ...newField('check', []), when: condition, required: condition };
  expect(publish(field)).toMatchObject({ if: condition, required: condition });
  expect(publish(read(publish(field)))).toEqual(publish(field));
});

test('a full-width figure and comma are read', () => {
  expect(conditionOf('total', 'over', '１，５')).toEqual({ field: 'total', over: '1.5' });
});
