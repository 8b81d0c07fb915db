import { act, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../testing/axe';
import { session } from '../testing/estate';
import { refusal, serve, type Call } from '../testing/fake';
import { at, follow, open, press, type } from '../testing/page';

const out = (firstRun = false) => (call: Call) => (call.method === 'GET' && call.path === '/session' ? refusal('not-logged-in', 401, { first_run: firstRun }) : undefined);

const fill = (label: string, text: string) => type(screen.getByLabelText(label), text);

test('who is not logged in sees the log-in, and afterwards the page that was asked for', async () => {
  await open(at('board'), out());
  expect(await screen.findByRole('heading', { name: '登录' })).toBeTruthy();
  await fill('登录名', 'chen');
  await fill('密码', 'a long password');
  await press(screen.getByRole('button', { name: '登录' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('a wrong password is told as a sentence and nothing typed is lost', async () => {
  await open(at('board'), (call) => (call.method === 'POST' ? refusal('wrong-login', 401) : out()(call)));
  await screen.findByRole('heading', { name: '登录' });
  await fill('登录名', 'chen');
  await fill('密码', 'nonsense');
  await press(screen.getByRole('button', { name: '登录' }));
  expect((await screen.findByRole('alert')).textContent).toBe('登录名或密码不对');
  expect((screen.getByLabelText('登录名') as HTMLInputElement).value).toBe('chen');
});

test('too many tries say how long to wait', async () => {
  await open(at('board'), (call) => (call.method === 'POST' ? { ...refusal('slow-down', 429), headers: { 'Retry-After': '300' } } : out()(call)));
  await screen.findByRole('heading', { name: '登录' });
  await press(screen.getByRole('button', { name: '登录' }));
  expect((await screen.findByRole('alert')).textContent).toBe('试得太多，5 分后再试');
});

test('a server that nobody set up yet says where its address is', async () => {
  await open('#/', out(true));
  expect(await screen.findByText(/服务器第一次启动时印出一个地址/)).toBeTruthy();
});

test('the first run takes the code from the address and shows what does not fit at its field', async () => {
  const { calls } = await open('#/first-run?code=abc123', (call) =>
    call.path === '/first-run' ? refusal('invalid-body', 422, { errors: { json: { password: ['Shorter than minimum length 12.'] } } }) : out(true)(call),
  );
  expect(((await screen.findByLabelText('开通码')) as HTMLInputElement).value).toBe('abc123');
  await fill('密码', 'short');
  await press(screen.getByRole('button', { name: '开通' }));
  expect(await screen.findByText('太短')).toBeTruthy();
  expect(screen.getByLabelText('密码').getAttribute('aria-invalid')).toBe('true');
  expect(calls.at(-1)).toMatchObject({ path: '/first-run', body: { code: 'abc123', password: 'short' } });
});

test('a session that ends leads to the log-in and back to the same page', async () => {
  await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  serve(() => refusal('not-logged-in', 401));
  await follow(at('log'));
  expect(await screen.findByText(/你已退出，或太久没动/)).toBeTruthy();
  serve();
  await press(screen.getByRole('button', { name: '登录' }));
  expect(await screen.findByRole('heading', { name: '巡查记录' })).toBeTruthy();
});

test('a site of somebody else says so and leads to one of mine', async () => {
  await open('#/sites/somebody-else/board');
  expect(await screen.findByText('没有这个项目')).toBeTruthy();
  expect(screen.getByRole('link', { name: '到我的项目' }).getAttribute('href')).toBe(at('board'));
});

test('the rail shows only what exists', async () => {
  await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  const rail = screen.getByRole('navigation', { name: '主菜单' });
  expect([...rail.querySelectorAll('a')].map((link) => link.textContent)).toEqual(['今日', '巡查记录', '服务台', '工单', '待处理', '手机', '条款与得分', '台账', '水电台账', '投诉台账', '点位', '平面图', '设备', '仪表', '保养', '备件', '表单', '路线', '服务方案', '计划', '人员', '标签', '操作日志', '项目', '更多', '陈静 · 主管']);
});

test('the language changes the whole page at once', async () => {
  await open(at('board'));
  await screen.findByText('应完成 24 次，有证据 19 次');
  await press(screen.getByRole('button', { name: 'English' }));
  expect(await screen.findByText('24 were due, 19 are proven')).toBeTruthy();
  expect(screen.getByRole('link', { name: '22:00 to 23:30, In progress, 5/7' })).toBeTruthy();
});

test('without a network the page says so and asks again', async () => {
  await open(at('board'), () => undefined);
  globalThis.fetch = () => Promise.reject(new TypeError('failed'));
  const { loadSession } = await import('../model/session');
  await act(() => loadSession());
  expect(await screen.findByText('没网，办不了这一件')).toBeTruthy();
  serve();
  await press(screen.getByRole('button', { name: '再试一次' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('log-in and first run are free of barriers that a machine can find', async () => {
  const { container } = await open('#/first-run?code=x', out(true));
  await screen.findByLabelText('开通码');
  expect(await violations(container)).toEqual([]);
  expect(session.sites).toHaveLength(2);
});
