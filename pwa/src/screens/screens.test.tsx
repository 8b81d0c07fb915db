import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { setLanguage } from '../i18n/t';
import { violations } from '../testing/axe';
import { signIn, signOut, syncNow } from '../testing/seam/actions';
import { nightRound, setScene } from '../testing/seam/scene';
import { log, now, phase, QUIET, roster, rounds, scheduledUntil, site, sync } from '../testing/seam/state';
import { App } from './App';
import { go, type Route } from './route';

beforeEach(() => {
  sessionStorage.clear();
  setScene();
  location.hash = '#/';
});

/** Draw the app at an address and wait until its screen is there. */
async function show(to: Route): Promise<Element> {
  go(to);
  const { container } = render(<App />);
  await waitFor(() => expect(container.querySelector('h1')).toBeTruthy());
  await waitFor(() => expect(container.querySelector('main')!.children.length).toBeGreaterThan(0));
  return container;
}

const pages: Route[] = [
  { name: 'today' },
  { name: 'round', occurrence: 'o-1' },
  { name: 'form', occurrence: 'o-1', stop: 's-5', scan: null },
  { name: 'finding', occurrence: 'o-1', stop: 's-3' },
  { name: 'saved', seq: 813 },
  { name: 'log' },
  { name: 'record', seq: 810 },
  { name: 'menu' },
];

test.each(pages)('$name has one heading, landmarks, and no barrier, in both languages', async (to) => {
  const container = await show(to);
  expect(container.querySelectorAll('h1').length).toBe(1);
  expect(container.querySelectorAll('main').length).toBe(1);
  expect(await violations(container)).toEqual([]);
  await setLanguage('en');
  await waitFor(() => expect(container.textContent).toMatch(/[a-z]{3}/));
  expect(await violations(container)).toEqual([]);
});

test('every word of every screen is in the language of the screen', async () => {
  await setLanguage('en');
  site.value = { ...site.value!, name: { zh: '', en: 'Happiness Garden' } };
  for (const to of pages) {
    const container = await show(to);
    const own = [...container.querySelectorAll('h1, h2, button, a.btn, .sec, .tabs a')].map((e) => e.textContent).join(' ');
    // names of people and places in the scene's log are data, not words of ours
    expect(own.replaceAll(/王建国|生活水泵房|3 号楼大堂|中文/g, ''), to.name).not.toMatch(/[\u4e00-\u9fff]/);
    document.body.innerHTML = '';
  }
});

test('today leads to the next stop, says how long is left, and names what comes', async () => {
  const container = await show({ name: 'today' });
  const act = container.querySelector('.dock .btn--main')!;
  expect(act.textContent).toBe('扫 4 号点地下车库 B1 东');
  expect(act.getAttribute('href')).toBe('#/scan/o-1');
  expect(container.querySelector('.card--next')!.textContent).toContain('还剩 49 分');
  expect(container.querySelector('.card--next')!.textContent).toContain('已到 3 / 7 点');
  expect(screen.getByText('排到 12 月 7 日')).toBeTruthy();
  expect(screen.getAllByText('园区夜巡 · 第 2 次').length).toBe(1);
  expect(container.querySelectorAll('.tabs a').length).toBe(4);
});

test('a scan whose checklist is still open leads to the checklist, not to a second scan', async () => {
  rounds.value = [
    {
      ...nightRound,
      stops: nightRound.stops.map((stop, i) =>
        i === 4 ? { ...stop, state: 'next', records: ['the-scan'] } : i === 3 ? { ...stop, state: 'done', at: now.value } : stop,
      ),
    },
  ];
  const container = await show({ name: 'today' });
  const act = container.querySelector('.dock .btn--main')!;
  expect(act.textContent).toBe('去填 5 号点生活水泵房');
  expect(act.getAttribute('href')).toBe('#/form/o-1/s-5/the-scan');
});

test('with nothing left today says when the next round is; before the first round of sync it says what to do', async () => {
  rounds.value = rounds.value.slice(2, 3);
  const container = await show({ name: 'today' });
  expect(container.textContent).toContain('这一班没有巡查了');
  expect(container.textContent).toContain('下一次 11 月 23 日 00:30');
  rounds.value = [];
  scheduledUntil.value = null;
  await waitFor(() => expect(container.textContent).toContain('计划还没下载'));
});

test('being offline is said without red and without a tick', async () => {
  sync.value = { ...QUIET, unsent: 1, trouble: 'offline' };
  log.value = log.value.slice(0, 1);
  const container = await show({ name: 'today' });
  expect(container.querySelector('.strip')!.textContent).toBe('没网。照常扫码，都会存在本机');
  expect(container.querySelector('.sync--ok, .sync--bad')).toBeNull();
});

test('what somebody else left on the phone is said, and not how much: the number is one\'s own', async () => {
  sync.value = { ...QUIET, unsent: 9, photosUnsent: 4, refused: 2 };
  const container = await show({ name: 'today' });
  expect(container.querySelector('.sync--bad')!.textContent).toBe('1 条需处理');
  log.value = log.value.filter(({ state }) => state !== 'attention');
  await waitFor(() => expect(container.querySelector('.sync')!.textContent).toBe('3 条在本机，有网自动传'));
  log.value = [];
  await waitFor(() => expect(container.querySelector('.sync')!.textContent).toBe('别人的记录也在本机，有网自动传'));
  expect(container.textContent).not.toMatch(/[924] 条/);
  expect(container.querySelector('.sync--ok')).toBeNull();
});

test('a round shows the next stop first, then the rest, then what is done with its state', async () => {
  const container = await show({ name: 'round', occurrence: 'o-1' });
  const names = [...container.querySelectorAll('.stop strong')].map((e) => e.textContent);
  expect(names).toEqual(['地下车库 B1 东', '生活水泵房', '儿童乐园', '西门岗', '3地下车库 B1 西', '23 号楼大堂', '1东门岗']);
  const facts = container.querySelectorAll('.stop')[1]!.textContent!;
  expect(facts).toContain('3 项检查');
  expect(facts).toContain('1 个读数');
  expect(facts).toContain('要拍照');
  expect(container.querySelectorAll('.stop')[5]!.querySelector('a')!.getAttribute('href')).toBe('#/record/809');
});

test('a round that is not on this phone says so and leads back', async () => {
  const container = await show({ name: 'round', occurrence: 'gone' });
  expect(container.textContent).toContain('本机没有这一轮');
  expect(screen.getByText('回到今日').closest('a')!.getAttribute('href')).toBe('#/');
});

test('my log keeps apart what is only here and what the server has, and says why something needs a person', async () => {
  const container = await show({ name: 'log' });
  const [here, there] = [...container.querySelectorAll('ol.rows')];
  expect(here!.querySelectorAll('.rec').length).toBe(3);
  expect(there!.querySelectorAll('.rec').length).toBe(4);
  expect(here!.textContent).toContain('照片没存下');
  expect(there!.textContent).toContain('走得太快');
  expect(there!.textContent).toContain('已上传，照片还差 1 张');
  expect(there!.textContent).toContain('格式服务器看不懂');
  expect(container.querySelector('.receipt')!.textContent).toContain('已上传到 #810');
  fireEvent.click(screen.getByText('现在上传'));
  expect(syncNow).toHaveBeenCalledOnce();
});

test('nothing to send offers nothing to send', async () => {
  sync.value = { ...sync.value, unsent: 0, photosUnsent: 0 };
  await show({ name: 'log' });
  expect(screen.queryByText('现在上传')).toBeNull();
});

test('a record shows its receipt and the word that people compare; one without says what will stand there', async () => {
  const container = await show({ name: 'record', seq: 810 });
  expect(container.querySelector('.receipt')!.textContent).toContain('7F3K-92QD-M7XA');
  expect(container.textContent).toContain('只是疑问，记录照样算数');
  go({ name: 'record', seq: 813 });
  await waitFor(() => expect(container.textContent).toContain('上传后，服务器的回执会写在这里'));
  expect(container.querySelector('.receipt')).toBeNull();
});

test('saved shows the hollow phone until the receipt is here', async () => {
  sync.value = { ...sync.value, trouble: 'offline' };
  const container = await show({ name: 'saved', seq: 813 });
  expect(container.textContent).toContain('现在没网，有网自动传');
  expect(container.querySelector('.saved .i__f, .steps .i__f')).toBeNull();
  log.value = log.value.map((entry) => (entry.seq === 813 ? { ...entry, state: 'received', receipt: log.value[4]!.receipt } : entry));
  await waitFor(() => expect(container.textContent).toContain('已收到，有回执'));
});

test('a PIN is asked of a chosen person, checked at the sixth digit, and a wrong one says how many tries are left', async () => {
  phase.value = 'locked';
  vi.mocked(signIn).mockResolvedValueOnce({ ok: false, triesLeft: 4, waitS: 0, needsNetwork: false });
  const container = await show({ name: 'today' });
  const press = (digits: string) => [...digits].forEach((digit) => fireEvent.click(screen.getByText(digit)));

  press('135790');
  expect(signIn).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText('刘海涛'));
  expect(screen.getByText('刘海涛，请输 6 位密码')).toBeTruthy();
  press('135790');
  expect(signIn).toHaveBeenCalledWith('w-1', '135790');
  await waitFor(() => expect(screen.getByText('不对，还可以试 4 次')).toBeTruthy());
  expect(container.querySelectorAll('.pin [data-on]').length).toBe(0);
  expect(await violations(container)).toEqual([]);
});

test('after too many tries the pad waits and says how long; the first time on a phone needs a network', async () => {
  phase.value = 'locked';
  vi.mocked(signIn).mockResolvedValueOnce({ ok: false, triesLeft: null, waitS: 60, needsNetwork: false });
  await show({ name: 'today' });
  const press = (digits: string) => [...digits].forEach((digit) => fireEvent.click(screen.getByText(digit)));
  fireEvent.click(screen.getByText('周敏'));
  press('000000');
  await waitFor(() => expect(screen.getByText('试得太多，1 分后再试')).toBeTruthy());
  press('111111');
  expect(signIn).toHaveBeenCalledOnce();
});

test('an empty roster says what to do instead of showing a pad', async () => {
  phase.value = 'locked';
  roster.value = [];
  const container = await show({ name: 'today' });
  expect(container.textContent).toContain('名单还没下载');
  expect(container.querySelector('.pad')).toBeNull();
});

test('locking asks first, says that unsent records stay, and begins anew at today', async () => {
  const container = await show({ name: 'menu' });
  fireEvent.click(screen.getByText('锁上，换人'));
  expect(container.querySelector('dialog')!.textContent).toContain('3 条没上传的记录留在本机');
  fireEvent.click(screen.getByText('不锁'));
  expect(signOut).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText('锁上，换人'));
  fireEvent.click(screen.getByText('锁上'));
  expect(signOut).toHaveBeenCalledWith('person');
  await waitFor(() => expect(location.hash).toBe('#/'));
});

test('language and theme are chosen on the phone and hold', async () => {
  await show({ name: 'menu' });
  fireEvent.click(screen.getByLabelText('暗'));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  fireEvent.click(screen.getByLabelText('English'));
  await waitFor(() => expect(screen.getByText('Settings')).toBeTruthy());
  expect([localStorage.getItem('roundsman.theme'), localStorage.getItem('roundsman.language')]).toEqual(['dark', 'en']);
  fireEvent.click(screen.getByLabelText('System'));
  expect(document.documentElement.dataset['theme']).toBeUndefined();
});

test('a phone that nobody touches locks after the minutes of its site', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  render(<App />);
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  fireEvent.pointerDown(document.body);
  await vi.advanceTimersByTimeAsync(14 * 60_000);
  expect(signOut).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(signOut).toHaveBeenCalledWith('quiet');
  vi.useRealTimers();
});
