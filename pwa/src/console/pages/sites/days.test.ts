import { expect, test } from 'vitest';
import { bodyOf, daysOff, length, readAnnouncement, stretches, typedOf } from './days';

test('days without a gap are one stretch, over the end of a month too', () => {
  expect(stretches(['2027-02-01', '2027-01-31', '2027-02-03'])).toEqual([
    { from: '2027-01-31', to: '2027-02-01' },
    { from: '2027-02-03', to: '2027-02-03' },
  ]);
  expect(length({ from: '2027-01-31', to: '2027-02-01' })).toBe(2);
  expect(length({ from: '2027-02-02', to: '2027-02-01' })).toBe(0);
});

test('days off are told with the weekends that they touch, and not with one that is worked', () => {
  const off = (day: string) => ({ day, works: false });
  expect(daysOff([off('2027-01-01')])).toEqual([{ from: '2027-01-01', to: '2027-01-03' }]); // a Friday
  expect(daysOff([off('2027-01-01'), { day: '2027-01-03', works: true }])).toEqual([{ from: '2027-01-01', to: '2027-01-02' }]);
  expect(daysOff([])).toEqual([]);
});

test('what is typed becomes days, and each day knows its row', () => {
  const typed = { free: [{ from: '', to: '' }, { from: '2027-02-06', to: '2027-02-08' }, { from: '2027-05-01', to: '' }], working: ['', '2027-02-20'] };
  expect(bodyOf(2027, typed)).toEqual({
    body: { year: 2027, free: ['2027-02-06', '2027-02-07', '2027-02-08', '2027-05-01'], working: ['2027-02-20'] },
    rows: { free: [1, 1, 1, 2], working: [1] },
  });
  const said = { number: 1, free: ['2027-02-06', '2027-02-07', '2027-02-08', '2027-05-01'], working: ['2027-02-20'], at_ms: 0 };
  expect(bodyOf(2027, typedOf({ year: 2027, in_library: false, said, unusual: [], differs: [] })).body).toEqual({ year: 2027, free: said.free, working: said.working });
});

test('an announcement is read as it is worded', () => {
  const text = `一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历腊月二十九、周五）至 2月 11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月5日（周一）放假。
节假日期间，各地区、各部门要妥善安排好值班。`;
  expect(readAnnouncement(text, 2027)).toEqual({
    free: [{ from: '2027-01-01', to: '2027-01-03' }, { from: '2027-02-05', to: '2027-02-11' }, { from: '2027-04-05', to: '2027-04-05' }],
    working: ['2027-01-31', '2027-02-20'],
  });
  expect(readAnnouncement('元旦：2026年12月31日至2027年1月2日放假。2月30日放假。', 2027).free).toEqual([{ from: '2026-12-31', to: '2027-01-02' }]);
  expect(readAnnouncement('no days', 2027)).toEqual({ free: [], working: [] });
});
