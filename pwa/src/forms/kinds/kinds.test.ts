import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillingOf, writtenOf } from '../filling';
import { kinds } from '../index';
import { jumpOf, standingOf, typed } from '../reading';

const enter = (keys: string, decimals: number) => [...keys].reduce((now, key) => typed(now, key, decimals), '');

test('the screen has every field kind that the protocol names, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/protocol/forms.md'), 'utf8');
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(Object.keys(kinds).sort()).toEqual(named.sort());
  for (const [name, { kind }] of Object.entries(kinds)) expect(kind).toBe(name);
});

test.each([
  ['0.72', 2, '0.72'],
  ['0.729', 2, '0.72'],
  ['.5', 1, '0.5'],
  ['1.2.3', 2, '1.23'],
  ['007', 0, '7'],
  ['5-', 0, '-5'],
  ['-5-', 0, '5'],
  ['12.5', 0, '125'],
  ['1234567890123', 0, '123456789012'],
])('the keys %j with %d decimals show %j', (keys, decimals, shown) => {
  expect(enter(keys, decimals)).toBe(shown);
});

const scale = { unit: 'h', decimals: 0, limits: {}, counter: true, last: { value: '100', at_ms: 0 }, jump: '2' };

test.each([
  ['102', 3_600_000, scale, null],
  ['103', 3_600_000, scale, { by: '3', up: true }],
  ['103', 2 * 3_600_000, scale, null],
  ['99', 3_600_000, scale, { by: '1', up: false }],
  ['99', 3_600_000, { ...scale, counter: false }, null],
  ['97', 0, { ...scale, counter: false }, { by: '3', up: false }],
  ['100', 0, scale, null],
  ['9999', 0, { ...scale, jump: null }, null],
  ['9999', 0, { ...scale, last: null }, null],
])('%s after %i ms asks for another look, or not', (value, now, on, asks) => {
  expect(jumpOf(value, on, now)).toEqual(asks);
});

const limits = { alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' };

test.each([
  ['0.60', limits, 'normal', null],
  ['0.61', limits, 'warning', 'high'],
  ['0.66', limits, 'alarm', 'high'],
  ['0.29', limits, 'warning', 'low'],
  ['0.10', limits, 'alarm', 'low'],
  ['0.04', { alarm_low: '0.05', warn_low: '0.05' }, 'alarm', 'low'],
  ['1500', { warn_high: '1155', alarm_high: '1443' }, 'alarm', 'high'],
  ['3', {}, 'normal', null],
])('%s stands %s', (value, bounds, level, side) => {
  expect(standingOf(value, bounds)).toEqual({ level, side });
});

test('a typed signature goes with its name, also where a drawn one is not asked for it', () => {
  const form = { id: 'f', edition: 1, name: { zh: '表', en: '' }, fields: [{ id: 'sign', kind: 'signature' as const, label: { zh: '签名', en: '' }, required: true }] };
  const written = (answer: { signed: true } | { typed: true }) => {
    const filling = fillingOf(form, { sign: answer }, [], {});
    return [filling.judgement.missing, writtenOf(filling, { sign: '张太太' })];
  };
  expect(written({ typed: true })).toEqual([[], { sign: '张太太' }]);
  expect(written({ signed: true })).toEqual([['sign'], {}]);
});
