import { act, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { violations } from '../../../testing/axe';
import { modulePath } from '../../parts/QrCode';
import { go } from '../../route';
import { devices, qr, session } from '../../testing/estate';
import { refusal, type Call } from '../../testing/fake';
import { at, open, pass, press, SITE, type } from '../../testing/page';

afterEach(() => vi.useRealTimers());
const pressName = (name: string) => press(screen.getByRole('button', { name }));

test('every module of the code is drawn where it belongs, with the quiet zone around it', () => {
  expect(modulePath(['101', '011'])).toBe('M4 4h1v1h-1zM6 4h1v1h-1zM5 5h2v1h-2z');
});

test('enrolling asks the password again when the log-in is not fresh, and goes on by itself', async () => {
  let fresh = false;
  const special = (call: Call) => {
    if (call.path === '/session/refresh') fresh = true;
    return call.method === 'POST' && call.path.endsWith('/enrolments') && !fresh ? refusal('fresh-login', 403) : undefined;
  };
  const { calls } = await open(at('phones/new'), special);
  await type(await screen.findByLabelText(/名称/), '9 号手机');
  await pressName('生成登记码');
  const dialog = within(await screen.findByRole('dialog'));
  await type(dialog.getByLabelText('密码'), 'a long password');
  await press(dialog.getByRole('button', { name: '确认' }));
  expect(await screen.findByRole('img', { name: '登记码' })).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(calls.filter((call) => call.path.endsWith('/enrolments')).map((call) => call.body)).toEqual([{ name: '9 号手机' }, { name: '9 号手机' }]);
});

test('giving up the password does nothing and says so', async () => {
  await open(at('phones/new'), (call) => (call.path.endsWith('/enrolments') ? refusal('fresh-login', 403) : undefined));
  await screen.findByLabelText(/名称/);
  await pressName('生成登记码');
  await press(within(await screen.findByRole('dialog')).getByRole('button', { name: '不做' }));
  expect(await screen.findByText('没有确认，没有做')).toBeTruthy();
});

test('the code is shown with its address and its minutes, then the check word, and a person confirms', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const { calls } = await open(at('phones/new'));
  await screen.findByLabelText(/名称/);
  await pressName('生成登记码');
  expect(await screen.findByText('Qm9vdHN0cmFwcGluZ0hpIQ')).toBeTruthy();
  expect(screen.getByText('还有 9 分钟')).toBeTruthy();
  expect(document.querySelector('.qrbox path')?.getAttribute('d')).toBe(modulePath(qr));
  await pass(2100);
  expect(screen.getByText('7F3K-92QD')).toBeTruthy();
  await pressName('一样，确认');
  expect(await screen.findByText('9 号手机 登记好了')).toBeTruthy();
  expect(calls.at(-1)).toMatchObject({ method: 'POST', path: `/sites/${SITE}/enrolments/en-1/confirm` });
  const asked = calls.length;
  await pass(6000);
  expect(calls).toHaveLength(asked);
});

test('a word that differs is refused', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open(at('phones/new'));
  await screen.findByLabelText(/名称/);
  await pressName('生成登记码');
  await screen.findByText('还有 9 分钟');
  await pass(2100);
  await pressName('不一样，拒绝');
  expect(await screen.findByText('已拒绝')).toBeTruthy();
});

test('a phone that used a code of elsewhere is found in the list, and its word compared there', async () => {
  const waits = { ...devices[0]!, id: 'd-9', name: '9 号手机', state: 'waiting', enrolment: 'en-1', person: null };
  const { calls } = await open(at('phones'), (call) => (call.path.endsWith('/devices') ? { status: 200, body: { devices: [waits] } } : undefined));
  const link = await screen.findByRole('link', { name: /核对校验字/ });
  await act(() => go(link.getAttribute('href')!));
  expect(await screen.findByText('7F3K-92QD')).toBeTruthy();
  await pressName('一样，确认');
  expect(await screen.findByText('9 号手机 登记好了')).toBeTruthy();
  expect(calls.at(-1)).toMatchObject({ method: 'POST', path: `/sites/${SITE}/enrolments/en-1/confirm` });
});

test('the list tells the last word of each phone and what it still keeps', async () => {
  await open(at('phones'));
  const row = (await screen.findByRole('cell', { name: '5 号手机' })).closest('tr')!;
  expect(row.textContent).toContain('周敏');
  expect(row.textContent).toContain('记录 3 · 照片 0');
  expect(row.textContent).toContain('可能被清 · 剩 300 MB');
});

test('the page of a lost phone says what was pending, who had it and where, and what may be decided', async () => {
  const { container } = await open(at('phones/phone.d-5'));
  expect(await screen.findByText(/有 3 条记录、0 张照片没上传，最后消息/)).toBeTruthy();
  expect(container.textContent).toContain('周敏');
  expect(screen.getByRole('link', { name: '换一部手机' }).getAttribute('href')).toContain('phones/new?replaces=d-5');
  expect(screen.getByText('手机还开得了机')).toBeTruthy();
  // a phone in service cannot be wiped: first it is told to leave
  expect(screen.queryByRole('button', { name: '清空' })).toBeNull();
  expect(await violations(container)).toEqual([]);
});

test('a phone is withdrawn with a reason, and the question says what it still keeps', async () => {
  const { calls } = await open(at('phones/phone.d-5'));
  await screen.findByText(/有 3 条记录/);
  await pressName('停用');
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/它手里还有 3 条没上传/)).toBeTruthy();
  await type(dialog.getByLabelText('理由'), '丢了');
  await press(dialog.getByRole('button', { name: '停用' }));
  expect(calls.find((call) => call.path.endsWith('/d-5/revoke'))?.body).toEqual({ why: '丢了' });
});

const d5 = devices.find((one) => one.id === 'd-5')!;
const left = { ...d5, state: 'revoked', last_person: null, last_ms: null, apart: 0, replaced_by: null };
const answers = (more: object) => (call: Call) => (call.method === 'GET' && call.path.endsWith('/devices/d-5') ? { status: 200, body: { ...left, ...more } } : undefined);

test('what may be lost with a wipe is said in figures, and lost only when a person says so', async () => {
  const { calls } = await open(at('phones/phone.d-5'), answers({}));
  await screen.findByRole('button', { name: '清空' });
  await pressName('清空');
  const dialog = within(await screen.findByRole('dialog'));
  await type(dialog.getByLabelText('理由'), '丢了');
  await press(dialog.getByRole('button', { name: '清空' }));
  const wipes = () => calls.filter((call) => call.path.endsWith('/d-5/wipe')).map((call) => call.body);
  expect(wipes()).toEqual([{ why: '丢了', lose_records: 0, lose_photos: 0 }]);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await pressName('清空');
  const again = within(await screen.findByRole('dialog'));
  await press(again.getByLabelText('3 条记录、0 张照片可以不要了'));
  await type(again.getByLabelText('理由'), '丢了');
  await press(again.getByRole('button', { name: '清空，丢弃' }));
  expect(wipes()[1]).toEqual({ why: '丢了', lose_records: 3, lose_photos: 0 });
});

test('what came after a revocation is accepted by a person, and an order that stands is withdrawn', async () => {
  const wipe = { ordered_ms: d5.made_ms, records: 0, photos: 0 };
  const { calls } = await open(at('phones/phone.d-5'), answers({ apart: 2, wipe }));
  expect(await screen.findByText(/2 条记录是停用以后传来的/)).toBeTruthy();
  await pressName('收下，算数');
  await pressName('撤回清空');
  expect(calls.map((call) => call.path)).toEqual(expect.arrayContaining([`/sites/${SITE}/devices/d-5/accept`, `/sites/${SITE}/devices/d-5/keep`]));
});

test('a phone that takes the place of another says so to the server', async () => {
  const { calls } = await open(at('phones/new?replaces=d-5'));
  expect(await screen.findByText(/顶替 5 号手机/)).toBeTruthy();
  await pressName('生成登记码');
  expect(calls.find((call) => call.method === 'POST' && call.path.endsWith('/enrolments'))?.body).toEqual({ name: '', replaces: 'd-5' });
});

const both = { ...session, sites: session.sites.map((one) => ({ ...one, role: 'supervisor', may: session.sites[0]!.may })) };
const asSupervisorOfBoth = (call: Call) => (call.path === '/session' ? { status: 200, body: both } : undefined);

test('a phone is given to another site that the person supervises, and who uses it is named', async () => {
  const { calls } = await open(at('phones'), asSupervisorOfBoth);
  await screen.findByRole('cell', { name: '5 号手机' });
  await pressName('调走 5 号手机');
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText('周敏 正在用这部手机，到时会退出。')).toBeTruthy();
  expect([...dialog.getByLabelText('调到').querySelectorAll('option')].map((one) => one.textContent)).toEqual(['滨河苑']);
  await press(dialog.getByRole('button', { name: '调走' }));
  expect(calls.find((call) => call.path.endsWith('/d-5/move'))?.body).toEqual({ site: 's-2' });
  expect(await screen.findByText('5 号手机 已归 滨河苑')).toBeTruthy();
});

test('without another site to supervise nobody is offered to move a phone', async () => {
  await open(at('phones'));
  await screen.findByRole('cell', { name: '5 号手机' });
  expect(screen.queryByRole('button', { name: /调走/ })).toBeNull();
});

test('the pages of phones are free of barriers that a machine can find', async () => {
  const { container } = await open(at('phones'));
  await screen.findByRole('cell', { name: '5 号手机' });
  expect(await violations(container)).toEqual([]);
});
