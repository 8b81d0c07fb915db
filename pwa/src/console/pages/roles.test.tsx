import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../testing/axe';
import { as, at, choose, open, press } from '../testing/page';
import type { Role } from '../types';

const rail = () => [...screen.getByRole('navigation', { name: '主菜单' }).querySelectorAll<HTMLAnchorElement>('a[href^="#/sites/"]')].map((link) => link.textContent);

test.each([
  ['team_leader', ['今日', '巡查记录', '工单', '待处理', '条款与得分', '台账', '水电台账', '点位', '平面图', '设备', '仪表', '保养', '备件', '表单', '路线', '服务方案', '计划', '人员', '更多']],
  ['desk', ['今日', '服务台', '工单', '待处理', '条款与得分', '水电台账', '投诉台账', '点位', '平面图', '设备', '仪表', '保养', '备件', '表单', '路线', '服务方案', '计划', '更多']],
  ['viewer', ['今日', '条款与得分', '点位', '平面图', '表单', '路线', '服务方案', '计划', '更多']],
] as [Role, string[]][])('the rail offers a %s what they may open', async (role, pages) => {
  await open(at('board'), as(role));
  await screen.findByText('应完成 24 次，有证据 19 次');
  expect(rail()).toEqual(pages);
});

test('who sees no board begins at the log, and asks the server for nothing that it would refuse', async () => {
  const { calls } = await open('#/', as('contractor'));
  await screen.findByRole('heading', { name: '巡查记录' });
  expect(location.hash).toBe(at('log'));
  expect(rail()).toEqual(['巡查记录', '工单', '待处理', '台账', '人员', '更多']);
  const asked = () => calls.map((call) => call.path.split('/')[3]?.split('?')[0]).filter(Boolean).sort();
  await waitFor(() => expect(asked()).toEqual(['people', 'visits']));
});

test('a page of another role says so and leads back', async () => {
  const { calls, container } = await open(at('phones'), as('desk'));
  expect(await screen.findByRole('heading', { level: 1, name: '这里要别的身份' })).toBeTruthy();
  expect(screen.getByText(/你在本项目的身份是客服/)).toBeTruthy();
  expect(calls.some((call) => call.path.includes('/devices'))).toBe(false);
  expect(await violations(container)).toEqual([]);
});

test('the board shows who is where only to those who may see people', async () => {
  await open(at('board'), as('desk'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  expect(screen.queryByText('谁在哪里')).toBeNull();
});

test('a contractor is made with a company, and no longer has one as a worker', async () => {
  const { calls } = await open(at('people/p-wang'), as('supervisor'));
  await screen.findByDisplayValue('王建国');
  expect(screen.queryByLabelText('所属单位')).toBeNull();
  await choose(screen.getByLabelText('身份'), 'contractor');
  expect(screen.getByText(/外单位人员。用手机工作/)).toBeTruthy();
  await screen.findByText('捷达电梯');
  await choose(screen.getByLabelText('所属单位'), 'c-1');
  await press(screen.getByRole('button', { name: '保存' }));
  expect(calls.at(-1)).toMatchObject({ method: 'PATCH', body: { role: 'contractor', company: 'c-1' } });
});

test('a role at one site ends after a question; the person stays', async () => {
  const { calls } = await open(at('people/p-wang'), as('supervisor'));
  await screen.findByDisplayValue('王建国');
  await press(screen.getByRole('button', { name: '离开本项目' }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('别的项目的身份不变');
  await press(within(question).getByRole('button', { name: '离开本项目' }));
  expect(calls.find((call) => call.method === 'DELETE')?.path).toContain('/people/p-wang');
});

test('an administrator gives somebody of another site a role at this one', async () => {
  const { calls, container } = await open(at('people/known'), as('administrator'));
  const person = await screen.findByLabelText('姓名');
  expect(await violations(container)).toEqual([]);
  await choose(person, 'k-1');
  await choose(screen.getByLabelText('身份'), 'desk');
  await press(screen.getByRole('button', { name: '保存' }));
  expect(calls.find((call) => call.method === 'POST')).toMatchObject({ path: expect.stringContaining('/people/known'), body: { person: 'k-1', role: 'desk', team: null, company: null } });
});

