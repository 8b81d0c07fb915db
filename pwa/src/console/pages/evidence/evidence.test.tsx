import { screen, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { at as time, evidence } from '../../testing/estate';
import { at, open } from '../../testing/page';
import type { Evidence } from '../../types';
import { limitsText } from './Facts';
import { chainLinks } from './links';
import { directionOf, HEIGHT, plotOf, WIDTH } from './plot';
import { scaleOf } from './scale';

const shown = (changes: Partial<Evidence>) => (call: { path: string }) => (call.path.includes('/visits/') ? { status: 200, body: { ...evidence, ...changes } } : undefined);
const panel = async (title: string | RegExp) => within((await screen.findByRole('heading', { name: title })).closest('section')!);

test('the evidence page shows the frame, the interval, the chain with its check word, and the answers', async () => {
  await open(at('visits/v-797'));
  const frame = (await screen.findByAltText('02:12:08 解码的画面')) as HTMLImageElement;
  expect(frame.getAttribute('src')).toBe(`${evidence.frame!.url}?width=960`);
  expect(screen.getByRole('img', { name: '不早于 02:10:31，不晚于 02:14:05，手机自报 02:12:08' })).toBeTruthy();
  expect((await panel('记录链')).getByText(/7F3K-92QD-X4ME/)).toBeTruthy();
  expect((await panel('检查结果')).getByText('正常 18 以下，报警 > 24')).toBeTruthy();
  expect((await panel('检查结果')).getByText('顶板滴水')).toBeTruthy();
});

test('a mark stands with its reason and does not change the state', async () => {
  await open(at('visits/v-797'));
  const marks = await panel('需说明');
  expect(marks.getByText('走得太快')).toBeTruthy();
  expect(marks.getByText('离上一个点的时间比路上要的短。')).toBeTruthy();
  expect(marks.getByText('只是疑问，记录照样算数')).toBeTruthy();
  expect(document.querySelector('.bar .chip')?.textContent).toBe('已完成');
});

test('a photo that has not come, or is damaged, is never shown as proof', async () => {
  await open(at('visits/v-797'), shown({ frame: { ...evidence.frame!, state: 'damaged', url: null } }));
  expect((await panel('扫到的画面')).getAllByText('照片损坏，不作证据')).toHaveLength(2);
  expect((await panel('扫到的画面')).queryByRole('img')).toBeNull();
  expect((await panel('照片')).getAllByText('照片还没传上来').length).toBeGreaterThan(0);
});

test('missing numbers of the chain are a box of their own', () => {
  const { records } = evidence.chain;
  const links = chainLinks({ ...evidence.chain, records: [{ ...records[0]!, seq: 790 }, records[1]!, records[2]!] });
  expect(links[1]).toEqual({ kind: 'gap', from: 791, to: 796 });
  const alone = chainLinks({ ...evidence.chain, records: [records[1]!], gap_before: true, gap_after: true });
  expect(alone.map((link) => link.kind)).toEqual(['gap', 'record', 'gap']);
});

test('a record without receipt says so, and a weak signature is told', async () => {
  await open(at('visits/v-797'), shown({ chain: { ...evidence.chain, receipt: null, records: evidence.chain.records.map((record) => ({ ...record, signature: 'weak' })) } }));
  const chain = await panel('记录链');
  expect(chain.getByText('还没有回执。')).toBeTruthy();
  expect(chain.queryByText(/已验签/)).toBeNull();
});

test('a time that only the phone claims is drawn as claimed', async () => {
  await open(at('visits/v-797'), shown({ time: { ...evidence.time, quality: 'D', lower_ms: null, before: null } }));
  const section = await panel(/^时间/);
  expect(section.getByText('只有手机自报')).toBeTruthy();
  expect(document.querySelector('.ivfig path[stroke-dasharray]')).toBeTruthy();
});

test('the axis holds the whole interval and at most five ticks, also after a month without a network', () => {
  for (const [lower, estimate, upper] of [[time('02:10:31'), time('02:12:08'), time('02:14:05')], [null, time('02:12'), time('21:00')], [time('02:10', -30), time('02:10', -3), time('02:11')]] as const) {
    const scale = scaleOf(lower, estimate, upper);
    expect(scale.on(upper)).toBe(true);
    expect(scale.ticks.length).toBeGreaterThan(0);
    expect(scale.ticks.length).toBeLessThanOrEqual(6);
  }
});

test('limits read as normal and alarm', () => {
  expect(limitsText({ alarm_low: '0.25', warn_low: '0.30', warn_high: '0.60', alarm_high: '0.65' })).toBe('正常 0.30–0.60，报警 < 0.25、> 0.65');
  expect(limitsText({ warn_low: '1' })).toBe('正常 1 以上');
  expect(limitsText(null)).toBe('');
});

test('the evidence page is free of barriers that a machine can find', async () => {
  const { container } = await open(at('visits/v-797'));
  await screen.findByRole('heading', { name: '记录链' });
  expect(await violations(container)).toEqual([]);
});

test('where the phone says it was is drawn against the stop, and said in words', async () => {
  await open(at('visits/v-797'));
  const place = await panel('地点');
  expect(place.getByRole('img', { name: '手机自报的位置在点位东南 21 米，精度 12 米' })).toBeTruthy();
  expect(place.getByText('同意记位置（这条记录里写明）')).toBeTruthy();
});

test('without how sure it is there is no circle, and without the stop’s own position no drawing', async () => {
  const { unmount } = await open(at('visits/v-797'), shown({ geo: { ...evidence.geo!, accuracy: null } }));
  await panel('地点');
  expect(document.querySelectorAll('.placefig circle[opacity]')).toHaveLength(0);
  unmount();
  await open(at('visits/v-797'), shown({ geo: { ...evidence.geo!, away_m: null, east_m: null, north_m: null } }));
  expect((await panel('地点')).getByText('点位还没有坐标，量不出离多远。')).toBeTruthy();
  expect(document.querySelector('.placefig')).toBeNull();
});

test.each([
  ['refused', '不同意记位置，照常巡查'],
  ['unavailable', '同意记位置（这条记录里写明）'],
  ['gone', '当时同意记位置，位置后来删了'],
] as const)('what the person said to places is told where there is none: %s', async (location, words) => {
  await open(at('visits/v-797'), shown({ geo: null, location }));
  expect((await panel('地点')).getByText(words)).toBeTruthy();
});

test('the drawing holds stop, phone and circle whole, at every distance, in its right direction', () => {
  for (const east of [-4_000_000, -230, -1, 0, 3, 17, 5_000])
    for (const north of [-90_000, -12, 0, 1, 64])
      for (const accuracy of [null, 0, 12, 3_000]) {
        const { place, phone, radius, bar } = plotOf(east, north, accuracy);
        const r = radius ?? 0;
        for (const [x, y, around] of [[place.x, place.y, 0], [phone.x, phone.y, r]] as const) {
          expect(Math.min(x - around, WIDTH - x - around)).toBeGreaterThan(20);
          expect(Math.min(y - around, HEIGHT - y - around)).toBeGreaterThan(20);
        }
        const scale = bar.px / bar.metres;
        expect(phone.x - place.x).toBeCloseTo(east * scale, 6);
        expect(place.y - phone.y).toBeCloseTo(north * scale, 6);
        expect(bar.px).toBeGreaterThan(30);
        expect(bar.px).toBeLessThanOrEqual(90.001);
        if (radius !== null) expect(radius).toBeCloseTo(accuracy! * scale, 6);
      }
});

test.each([[5, 0, 'e'], [5, 5, 'ne'], [0, 5, 'n'], [-5, 5, 'nw'], [-5, 0, 'w'], [-5, -0.1, 'w'], [-5, -5, 'sw'], [0, -5, 's'], [5, -5, 'se']] as const)('%d m east and %d m north is %s', (east, north, direction) => {
  expect(directionOf(east, north)).toBe(direction);
});
