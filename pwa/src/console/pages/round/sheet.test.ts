import { expect, test } from 'vitest';
import { sheetMoment } from './sheet';

const ZONE = 'Asia/Shanghai';
const FROM = Date.parse('2026-11-23T22:30:00+08:00');

test.each([
  ['22:30', '2026-11-23T22:30:00+08:00'],
  ['23:59', '2026-11-23T23:59:00+08:00'],
  ['00:10', '2026-11-24T00:10:00+08:00'],
  ['22:29', '2026-11-24T22:29:00+08:00'],
  ['2340', '2026-11-23T23:40:00+08:00'],
  [' 1：05 ', '2026-11-24T01:05:00+08:00'],
])('%s on the sheet of a round from 22:30 is the first such time from then on', (text, moment) => {
  expect(sheetMoment(text, FROM, ZONE)).toBe(Date.parse(moment));
});

test.each(['', '24:00', '7:5', '2260', 'x'])('%j is no time of day', (text) => {
  expect(sheetMoment(text, FROM, ZONE)).toBeNull();
});
