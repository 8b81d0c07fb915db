import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { as, at, choose, open, press, type } from '../../testing/page';

test('a meter is made with its limits, typed in full width or with a comma', async () => {
  const { calls, container } = await open(at('meters/new'), as('supervisor'));
  await screen.findByRole('heading', { level: 1, name: '新建仪表' });
  await screen.findByText('P-01 生活水泵 1#');
  await choose(screen.getByLabelText('设备'), 'as-1');
  await type(screen.getByLabelText('名称 · 中文'), '出水压力');
  await type(screen.getByLabelText('代号'), 'pressure');
  await type(screen.getByLabelText('单位'), 'MPa');
  await type(screen.getByLabelText(/^报警上限/), '０．６５');
  await type(screen.getByLabelText(/^注意上限/), '0,60');
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '保存' }));
  expect(calls.find((call) => call.method === 'POST')).toMatchObject({
    path: expect.stringContaining('/meters'),
    body: { asset: 'as-1', key: 'pressure', kind: 'gauge', unit: 'MPa', max: null, jump: null, limits: { alarm_high: '0.65', warn_high: '0.60' } },
  });
});
