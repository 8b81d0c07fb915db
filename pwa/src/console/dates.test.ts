import { expect, test } from 'vitest';
import { addDays, dayOf, isDay, longDay, momentOf, stretch } from './dates';

const shanghai = 'Asia/Shanghai';

test('a night shift counts to the day before, when the site says so', () => {
  const twoAtNight = Date.UTC(2026, 10, 23, 18); // 02:00 of the 24th in Shanghai
  expect(dayOf(twoAtNight, shanghai)).toBe('2026-11-24');
  expect(dayOf(twoAtNight, shanghai, 360)).toBe('2026-11-23');
});

test('a time of a day is a moment, also on the days when the clocks change', () => {
  expect(momentOf('2026-11-23', 360, shanghai)).toBe(Date.UTC(2026, 10, 22, 22));
  expect(momentOf('2026-03-29', 360, 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 4)); // summer time began at 02:00
  expect(momentOf('2026-10-25', 360, 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 5));
  expect(momentOf('2026-10-26', 0, 'Europe/Berlin') - momentOf('2026-10-25', 0, 'Europe/Berlin')).toBe(25 * 3_600_000);
});

test('days are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
});

test('only a day is taken for a day', () => {
  expect(['2026-11-23', '2026-02-31', '23.11.2026', '', null].map((text) => isDay(text))).toEqual([true, false, false, false, false]);
});

test('a window that ends at midnight ends at 24:00', () => {
  expect(stretch(Date.UTC(2026, 10, 23, 14, 30), Date.UTC(2026, 10, 23, 16), shanghai)).toBe('22:30–24:00');
});

test('a day in Chinese has a space between characters and digits', () => {
  expect(longDay(Date.UTC(2026, 10, 23, 14), shanghai)).toBe('11 月 23 日 周一');
});
