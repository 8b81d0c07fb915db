import { act, screen, within } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { violations } from '../../../testing/axe';
import { ownLogin, qr, session } from '../../testing/estate';
import { refusal, type Call } from '../../testing/fake';
import { reloadSession } from '../../model/logins';
import { at, open, press, type } from '../../testing/page';
import { browserWord } from './browser';

const CODES = Array.from({ length: 10 }, (_, n) => `abcd-efgh-jkmn-000${n}`);
const SECOND = { attempt: 'A'.repeat(43), totp: true, passkey: true };
const bytes = (...values: number[]) => new Uint8Array(values).buffer;

const fill = (label: string, text: string) => type(screen.getByLabelText(label), text);
const out = (special: (call: Call) => ReturnType<typeof refusal> | undefined) => (call: Call) =>
  call.method === 'GET' && call.path === '/session' ? refusal('not-logged-in', 401, { first_run: false }) : special(call);

const get = vi.fn<(asked: unknown) => Promise<object>>(async () => ({
  id: 'a2V5', type: 'public-key',
  response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(251, 255), userHandle: null },
}));
const create = vi.fn<(asked: unknown) => Promise<object>>(async () => ({ id: 'a2V5', type: 'public-key', response: { clientDataJSON: bytes(1), attestationObject: bytes(3) } }));

beforeEach(() => {
  vi.stubGlobal('PublicKeyCredential', () => undefined);
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { get, create } });
  get.mockClear();
  create.mockClear();
});

async function firstStep(special: (call: Call) => ReturnType<typeof refusal> | undefined) {
  const opened = await open(at('board'), out((call) => special(call) ?? (call.method === 'POST' && call.path === '/session' ? { status: 202, body: SECOND } : undefined)));
  await screen.findByRole('heading', { name: '登录' });
  await fill('登录名', 'chen');
  await fill('密码', 'a long password');
  await press(screen.getByRole('button', { name: '登录' }));
  await screen.findByRole('heading', { name: '再确认一步' });
  return opened;
}

test('after the right password a code is asked for, and a wrong one is told', async () => {
  let tries = 0;
  const { calls, container } = await firstStep((call) => {
    if (call.path !== '/session/code') return undefined;
    tries += 1;
    return tries === 1 ? refusal('wrong-factor', 401) : { status: 200, body: session };
  });
  expect(await violations(container)).toEqual([]);
  await fill('验证码', ' １２３456 ');
  await press(screen.getByRole('button', { name: '登录' }));
  expect((await screen.findByRole('alert')).textContent).toBe('验证码或通行密钥不对');
  expect(calls.at(-1)).toMatchObject({ path: '/session/code', body: { attempt: SECOND.attempt, code: '123456' } });
  await press(screen.getByRole('button', { name: '登录' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('a passkey may be the second step', async () => {
  const { calls } = await firstStep((call) => {
    if (call.path === '/session/passkey/ask') return { status: 200, body: { attempt: SECOND.attempt, options: { challenge: '-_8', allowCredentials: [{ type: 'public-key', id: 'a2V5' }] } } };
    return call.path === '/session/passkey' ? { status: 200, body: session } : undefined;
  });
  await press(screen.getByRole('button', { name: '用通行密钥' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
  expect(calls.find((call) => call.path === '/session/passkey/ask')!.body).toEqual({ attempt: SECOND.attempt });
  const asked = get.mock.calls[0]![0] as { publicKey: { challenge: Uint8Array; allowCredentials: { id: Uint8Array }[] } };
  expect([...asked.publicKey.challenge]).toEqual([251, 255]);
  expect(String.fromCharCode(...asked.publicKey.allowCredentials[0]!.id)).toBe('key');
  const answer = calls.find((call) => call.path === '/session/passkey')!.body as { credential: { response: { signature: string } } };
  expect(answer.credential.response.signature).toBe('-_8');
});

test('one logs in with a passkey alone, and hears when the browser did not', async () => {
  get.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  await open(at('board'), out((call) => {
    if (call.path === '/session/passkey/ask') return { status: 200, body: { attempt: SECOND.attempt, options: { challenge: 'AA' } } };
    return call.path === '/session/passkey' ? { status: 200, body: session } : undefined;
  }));
  await screen.findByRole('heading', { name: '登录' });
  await press(screen.getByRole('button', { name: '用通行密钥登录' }));
  expect((await screen.findByRole('alert')).textContent).toBe('通行密钥没有用成，可以再试一次');
  await press(screen.getByRole('button', { name: '用通行密钥登录' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('a browser without passkeys offers none', async () => {
  vi.stubGlobal('PublicKeyCredential', undefined);
  await open(at('board'), out(() => undefined));
  await screen.findByRole('heading', { name: '登录' });
  expect(screen.queryByRole('button', { name: '用通行密钥登录' })).toBeNull();
});

test('an administrator without a factor sees nothing but the way to set one up', async () => {
  let needed = true;
  const { container } = await open(at('board'), (call) => {
    if (call.method === 'GET' && call.path === '/session') return { status: 200, body: { ...session, factors: { ...session.factors, needed } } };
    if (call.path === '/me/totp') return { status: 201, body: { secret: 'ABCDEFGH', url: 'otpauth://totp/x', qr } };
    if (call.path === '/me/totp/confirm') {
      needed = false;
      return { status: 200, body: { codes: CODES } };
    }
    return undefined;
  });
  await screen.findByRole('heading', { name: '先设好第二道验证' });
  expect(screen.queryByRole('navigation')).toBeNull();
  expect(await violations(container)).toEqual([]);
  await press(screen.getByRole('button', { name: '设验证器' }));
  expect(await screen.findByRole('img', { name: '验证器的二维码' })).toBeTruthy();
  expect(screen.getByText('ABCD EFGH')).toBeTruthy();
  await fill('验证器里的六位数字', '123456');
  await press(screen.getByRole('button', { name: '确认' }));
  const codes = await screen.findByRole('region', { name: '恢复码' });
  expect(within(codes).getAllByRole('listitem').map((item) => item.textContent)).toEqual(CODES);
  await press(screen.getByRole('button', { name: '收好了' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
});

test('my log-in shows factors and browsers, makes a passkey and takes one away', async () => {
  const { calls, container } = await open('#/me', (call) => {
    if (call.path === '/me/passkeys/ask') return { status: 200, body: { attempt: SECOND.attempt, options: { challenge: 'AA', user: { id: 'AA', name: 'chen', displayName: '陈静' } } } };
    return call.path === '/me/passkeys' && call.method === 'POST' ? { status: 201, body: { codes: [] } } : undefined;
  });
  await screen.findByText('办公室电脑');
  expect(screen.getByText('Chrome · Windows')).toBeTruthy();
  expect(screen.getByText('curl/8')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  await fill('给它起个名字 可不填', '我的手机');
  await press(screen.getByRole('button', { name: '设通行密钥' }));
  await vi.waitFor(() => expect(calls.find((call) => call.path === '/me/passkeys')).toMatchObject({ body: { name: '我的手机', attempt: SECOND.attempt } }));
  await press(screen.getAllByRole('button', { name: '去掉' })[0]!);
  await vi.waitFor(() => expect(calls.some((call) => call.method === 'DELETE' && call.path === `/me/passkeys/${ownLogin.passkeys[0]!.id}`)).toBe(true));
  await press(screen.getByRole('button', { name: '全部退出，只留这个' }));
  await vi.waitFor(() => expect(calls.some((call) => call.path === '/me/sessions/end-others')).toBe(true));
});

test('a log-in that ended while the page asked for it throws nothing', async () => {
  await open('#/me', (call) => (call.path === '/session' && call.method === 'GET' ? refusal('not-logged-in', 401) : undefined));
  await expect(reloadSession()).resolves.toBeUndefined();
});

test('a password that is too common is told at its field', async () => {
  await open('#/me', (call) => (call.path === '/me/password' ? refusal('invalid-body', 422, { errors: { json: { new: ['too common'] } } }) : undefined));
  await screen.findByText('办公室电脑');
  await fill('现在的密码', 'four words in a row');
  await fill('新密码', 'password1234');
  await press(screen.getByRole('button', { name: '换密码' }));
  expect(await screen.findByText('太常见，一猜就中')).toBeTruthy();
});

test('the last factor of an administrator stays, and the page says why', async () => {
  await open('#/me', (call) => (call.method === 'DELETE' ? refusal('last-factor', 409) : undefined));
  await screen.findByText('办公室电脑');
  await press(screen.getAllByRole('button', { name: '去掉' })[0]!);
  expect((await screen.findByRole('alert')).textContent).toBe('管理员要留一种第二道验证，先设另一种');
});

test('the invited choose log-in and password, also where somebody is logged in', async () => {
  const { calls, container } = await open('#/invitation?code=Qm9vdHN0cmFwcGluZ0hpIQ', (call) => {
    if (call.path === '/invitation/look') return { status: 200, body: { organisation: '安居物业', name: '胡敏', login: null } };
    return call.path === '/invitation/accept' ? { status: 200, body: session } : undefined;
  });
  await screen.findByRole('heading', { name: '欢迎，胡敏' });
  expect(await violations(container)).toEqual([]);
  await fill('登录名', ' Hu ');
  await fill('密码', 'quite another way');
  await press(screen.getByRole('button', { name: '设好并登录' }));
  expect(await screen.findByText('应完成 24 次，有证据 19 次')).toBeTruthy();
  expect(calls.find((call) => call.path === '/invitation/accept')!.body).toEqual({ code: 'Qm9vdHN0cmFwcGluZ0hpIQ', login: 'hu', password: 'quite another way' });
  expect(location.hash).not.toContain('code');
});

test('an invitation that is over says so', async () => {
  await open('#/invitation?code=x', (call) => (call.path === '/invitation/look' ? refusal('invitation-over', 410) : undefined));
  expect((await screen.findByRole('alert')).textContent).toBe('邀请链接已失效，请管理员重新邀请');
});

test('a link that was cut says so', async () => {
  await open('#/invitation?code=x', (call) => (call.path === '/invitation/look' ? refusal('invalid-body', 422, { errors: { json: { code: ['String does not match expected pattern.'] } } }) : undefined));
  expect(await screen.findByText('链接不全，请从邀请信里重新打开。')).toBeTruthy();
});

test('an administrator makes a new link, and takes a lost factor away', async () => {
  const { calls } = await open(at('people/p-chen'));
  await press(await screen.findByRole('button', { name: '忘了密码，重发链接' }));
  expect(await screen.findByText(/invitation\?code=/)).toBeTruthy();
  await press(screen.getByRole('button', { name: '清除第二道验证' }));
  const dialog = screen.getByRole('dialog', { name: '清除 陈静 的第二道验证？' });
  await press(within(dialog).getByRole('button', { name: '清除第二道验证' }));
  await vi.waitFor(() => expect(calls.some((call) => call.path.endsWith('/people/p-chen/login/reset-factors'))).toBe(true));
});

test('open invitations are listed and withdrawn', async () => {
  const { calls } = await open(at('people'));
  const table = await screen.findByRole('table', { name: '还没接受的邀请' });
  expect(within(table).getByText('胡敏')).toBeTruthy();
  await press(within(table).getByRole('button', { name: '撤回' }));
  await vi.waitFor(() => expect(calls.some((call) => call.method === 'DELETE' && call.path.endsWith('/invitations/inv-1'))).toBe(true));
});

test('who may act with a passkey may give it in the place of the password', async () => {
  let fresh = false;
  const { calls } = await open('#/me', (call) => {
    if (call.method === 'GET' && call.path === '/session') return { status: 200, body: { ...session, factors: { ...session.factors, passkeys: 1 } } };
    if (call.path === '/session/refresh/ask') return { status: 200, body: { attempt: SECOND.attempt, options: { challenge: 'AA' } } };
    if (call.path === '/session/refresh') fresh = true;
    if (call.path === '/me/recovery-codes') return fresh ? { status: 201, body: { codes: CODES } } : refusal('fresh-login', 403);
    return undefined;
  });
  await press(await screen.findByRole('button', { name: '换一批恢复码' }));
  const dialog = await screen.findByRole('dialog', { name: '先确认是你' });
  await act(async () => undefined);
  await press(within(dialog).getByRole('button', { name: '用通行密钥' }));
  expect(await screen.findByText(CODES[0]!)).toBeTruthy();
  expect(calls.find((call) => call.path === '/session/refresh')).toMatchObject({ body: { attempt: SECOND.attempt } });
});

test.each([
  ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0', '微信 WeChat · Android'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit/605 Version/18 Safari/605', 'Safari · macOS'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537.36 Edg/150', 'Edge · Windows'],
  ['', '—'],
])('a browser is told in two words: %s', (agent, word) => {
  expect(browserWord(agent)).toBe(word);
});
