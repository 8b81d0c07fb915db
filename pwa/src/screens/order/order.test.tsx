import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test } from 'vitest';
import { setLanguage } from '../../i18n/t';
import { violations } from '../../testing/axe';
import { actOnOrder, exchangeMeter, openOrder, pictureUrl, readDraft, setAssetState } from '../../testing/seam/actions';
import { assetBody, comeDown, ME, orderBody, OTHER, pressure, PUMP, uuid } from '../../testing/seam/orders';
import { setScene } from '../../testing/seam/scene';
import { person, roster } from '../../testing/seam/state';
import { App } from '../App';
import { go, type Route } from '../route';

const mine = { assignee: { kind: 'person' as const, id: ME } };
const accepted = { ...mine, holder: ME, state: 'accepted' as const };
const working = { ...accepted, state: 'working' as const };

beforeEach(() => {
  sessionStorage.clear();
  setScene();
  roster.value = roster.value.map((one, i) => ({ ...one, id: i === 3 ? ME : i === 1 ? OTHER : one.id }));
  person.value = roster.value[3]!;
  document.body.innerHTML = '';
});

async function show(to: Route): Promise<Element> {
  go(to);
  const { container } = render(<App />);
  await waitFor(() => expect(container.querySelector('h1')).toBeTruthy());
  await waitFor(() => expect(container.querySelector('main')!.children.length).toBeGreaterThan(0));
  return container;
}

const garden = (more: Parameters<typeof orderBody>[1] = mine) =>
  comeDown([
    { kind: 'asset', body: assetBody(PUMP) },
    { kind: 'meter', body: pressure },
    { kind: 'order', body: orderBody(1, more) },
    { kind: 'order', body: orderBody(2, { urgency: 'urgent', assignee: { kind: 'person', id: OTHER }, holder: OTHER, state: 'working', class: 'leak' }) },
  ]);
const main = (container: Element) => container.querySelector<HTMLElement>('.dock .btn--main')!;

const pages: Route[] = [
  { name: 'orders' },
  { name: 'order', order: uuid(1) },
  ...['return', 'pass', 'pause', 'note', 'labour', 'complete', 'verify', 'follow', 'set'].map((act): Route => ({ name: 'act', order: uuid(1), act })),
  { name: 'orderphotos', order: uuid(1) },
  { name: 'neworder', target: { kind: 'asset', id: PUMP }, finding: null },
  { name: 'assets' },
  { name: 'asset', asset: PUMP, scan: null },
  { name: 'assetstate', asset: PUMP, scan: null },
  { name: 'exchange', asset: PUMP, scan: null },
];

test.each(pages)('$name $act has one heading, landmarks and no barrier, in both languages', async (to) => {
  garden(working);
  const container = await show(to);
  expect(container.querySelectorAll('h1').length).toBe(1);
  expect(container.querySelectorAll('main').length).toBe(1);
  expect(await violations(container)).toEqual([]);
  await setLanguage('en');
  await waitFor(() => expect(container.textContent).toMatch(/[a-z]{3}/));
  expect(await violations(container)).toEqual([]);
  const own = [...container.querySelectorAll('button, a.btn, .sec, .chip, dt')].map((e) => e.textContent).join(' ');
  expect(own.replaceAll(/王建国|刘海涛|周敏|赵立军|李秀兰|孙志强|水泵/g, '')).not.toMatch(/[\u4e00-\u9fff]/);
  await setLanguage('zh');
});

test('the card shows the photo that this phone keeps, and none that it has not got', async () => {
  const photo = 'ab'.repeat(32);
  comeDown([{ kind: 'asset', body: assetBody(PUMP, { photo }) }]);
  pictureUrl.mockResolvedValue('blob:photo');
  const container = await show({ name: 'asset', asset: PUMP, scan: null });
  expect((await screen.findByRole('img', { name: /的照片$/ })).getAttribute('src')).toBe('blob:photo');
  expect(pictureUrl).toHaveBeenCalledWith(photo);
  expect(await violations(container)).toEqual([]);
  pictureUrl.mockResolvedValue(null);
  document.body.innerHTML = '';
  await show({ name: 'asset', asset: PUMP, scan: null });
  await waitFor(() => expect(pictureUrl).toHaveBeenCalledTimes(2));
  expect(screen.queryByRole('img', { name: /的照片$/ })).toBeNull();
});

test('the list counts what waits for me, and shows the urgent one of a colleague under all', async () => {
  garden();
  const container = await show({ name: 'orders' });
  expect(container.querySelectorAll('.wo').length).toBe(1);
  expect(container.querySelector('.tabs .dot')!.textContent).toContain('1');
  fireEvent.click(screen.getByRole('radio', { name: '全部 2' }));
  await waitFor(() => expect(container.querySelectorAll('.wo').length).toBe(2));
  expect(container.querySelector('.wo--bad')!.textContent).toContain('急');
  fireEvent.click(screen.getByRole('radio', { name: '我的 1' }));
});

test('one press accepts', async () => {
  garden();
  const container = await show({ name: 'order', order: uuid(1) });
  expect(main(container).textContent).toContain('接单');
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledWith(uuid(1), 'order.accept', {}));
});

test('what is accepted is arrived at by a scan of its thing', async () => {
  garden(accepted);
  const container = await show({ name: 'order', order: uuid(1) });
  expect(main(container).textContent).toBe('到场扫 生活水泵 2# 的码');
  expect(main(container).getAttribute('href')).toBe(`#/arrive/${uuid(1)}`);
});

test('nothing is returned without a reason, and another reason wants words', async () => {
  garden(accepted);
  const container = await show({ name: 'act', order: uuid(1), act: 'return' });
  expect(main(container).textContent).toBe('先选一个原因');
  fireEvent.click(screen.getByRole('radio', { name: '其他' }));
  await waitFor(() => expect(main(container).textContent).toBe('写一句，或拍一张'));
  fireEvent.input(container.querySelector('textarea')!, { target: { value: '要请厂家来' } });
  await waitFor(() => expect(main(container).textContent).toBe('存下，退单'));
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledWith(uuid(1), 'order.return', { reason: 'other' }, { note: '要请厂家来', photos: [] }));
});

test('minutes are kept before the completion that they belong to', async () => {
  garden(working);
  const container = await show({ name: 'act', order: uuid(1), act: 'complete' });
  fireEvent.click(screen.getByRole('radio', { name: '修好了' }));
  fireEvent.click(screen.getByRole('button', { name: '加 60 分' }));
  fireEvent.click(screen.getByRole('button', { name: '减 15 分' }));
  fireEvent.click(screen.getByRole('button', { name: '加一人' }));
  await waitFor(() => expect(main(container).textContent).toBe('存下，完工'));
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledTimes(2));
  expect(actOnOrder.mock.calls.map(([, type, members]) => [type, members])).toEqual([
    ['order.labour', { minutes: 45, people: 2 }],
    ['order.complete', { result: 'fixed', answers: null }],
  ]);
});

test('what was mended on the spot is opened, taken and done at one press', async () => {
  garden();
  const container = await show({ name: 'neworder', target: { kind: 'asset', id: PUMP }, finding: null });
  expect(main(container).textContent).toBe('先选是什么类');
  fireEvent.click(screen.getByRole('radio', { name: '漏水' }));
  fireEvent.input(container.querySelector('textarea')!, { target: { value: '法兰漏水，已紧' } });
  fireEvent.click(await screen.findByRole('button', { name: '当场修好' }));
  await waitFor(() => expect(openOrder).toHaveBeenCalled());
  expect(openOrder.mock.calls[0]![0]).toMatchObject({ class: 'leak', mine: true, result: 'fixed', target: { kind: 'asset', id: PUMP } });
});

test('a contractor sees only what is theirs or their company’s', async () => {
  person.value = { ...person.value!, id: uuid(799), company: '日立电梯' };
  comeDown([
    { kind: 'order', body: orderBody(1, { assignee: { kind: 'company', id: uuid(77), name: '日立电梯' } }) },
    { kind: 'order', body: orderBody(2, { assignee: { kind: 'company', id: uuid(78), name: '消防公司' } }) },
    { kind: 'order', body: orderBody(3, mine) },
  ]);
  const container = await show({ name: 'orders' });
  expect(container.querySelectorAll('.wo').length).toBe(1);
  expect(screen.queryByRole('radio', { name: /全部/ })).toBeNull();
  const other = await show({ name: 'order', order: uuid(2) });
  expect(other.textContent).toContain('本机没有这张工单');
});

test('the card says how the thing stands, its last reading with its level, and leads to its order', async () => {
  garden();
  const container = await show({ name: 'asset', asset: PUMP, scan: null });
  expect(container.querySelector('.chip')!.textContent).toBe('运行');
  expect(container.textContent).toContain('0.72 MPa');
  expect(container.textContent).toContain('超限');
  expect(main(container).getAttribute('href')).toBe(`#/order/${uuid(1)}`);
});

test('before the thing that was scanned, arriving is one press with that scan', async () => {
  garden(accepted);
  const scan = 'ab'.repeat(32);
  const container = await show({ name: 'asset', asset: PUMP, scan });
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledWith(uuid(1), 'order.arrive', { scan }, { deps: [scan] }));
});

test('that a thing stands still is said with since when', async () => {
  garden();
  const container = await show({ name: 'assetstate', asset: PUMP, scan: null });
  fireEvent.click(screen.getByRole('radio', { name: '停机' }));
  fireEvent.click(screen.getByRole('radio', { name: '不知道' }));
  fireEvent.click(main(container));
  await waitFor(() => expect(setAssetState).toHaveBeenCalled());
  expect(setAssetState.mock.calls[0]![0]).toMatchObject({ asset: PUMP, state: 'stopped', since: null });
});

test('that a meter was exchanged is said with both readings, and the new one has to be read', async () => {
  garden();
  const container = await show({ name: 'exchange', asset: PUMP, scan: null });
  const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
  const opened = () => screen.getAllByRole('button', { name: '输入读数' });
  fireEvent.click(opened()[0]!);
  press('无法读数');
  fireEvent.click(screen.getByRole('radio', { name: '太暗' }));
  expect(container.textContent).toContain('上次抄表之后的用量算不出来');
  fireEvent.click(opened()[0]!);
  expect(screen.queryByRole('button', { name: '无法读数' })).toBeNull();
  press('0');
  press('小数点');
  press('5');
  press('确定');
  fireEvent.input(container.querySelector('input[type=text]')!, { target: { value: ' SN-9 ' } });
  expect(screen.getByRole('button', { name: '请拍照或写几句' })).toBeTruthy();
  fireEvent.input(container.querySelector('textarea')!, { target: { value: '旧表进水' } });
  fireEvent.click(main(container));
  await waitFor(() => expect(exchangeMeter).toHaveBeenCalled());
  expect(exchangeMeter.mock.calls[0]![0]).toMatchObject({ meter: pressure.id, end: null, start: '0.5', number: 'SN-9', note: '旧表进水' });
});

test('an asset is found by number, maker or a full-width number', async () => {
  garden();
  const container = await show({ name: 'assets' });
  const box = container.querySelector('input')!;
  fireEvent.input(box, { target: { value: 'ａ-０１ 南方' } });
  await waitFor(() => expect(container.querySelectorAll('.row').length).toBe(1));
  fireEvent.input(box, { target: { value: '电梯' } });
  await waitFor(() => expect(container.textContent).toContain('没有找到'));
});

test('what a leader’s people have done waits for the leader, and one press says that it is good', async () => {
  const team = uuid(88);
  roster.value = roster.value.map((one, i) => ({ ...one, team: i === 1 || i === 3 ? team : null, ...(i === 3 ? { leader: true } : {}) }));
  person.value = roster.value[3]!;
  const done = { event: 'ab'.repeat(32), by: OTHER, at_ms: 0, result: 'fixed' };
  const people = roster.value.filter(({ team: of }) => of === team).map((body) => ({ kind: 'person', body }));
  comeDown([...people, { kind: 'order', body: orderBody(4, { state: 'done', assignee: { kind: 'person', id: OTHER }, holder: OTHER, done }) }]);
  const container = await show({ name: 'orders' });
  expect(container.textContent).toContain('等你验收');
  expect(container.querySelector('.tabs .dot')!.textContent).toContain('1');
  document.body.innerHTML = '';
  const verify = await show({ name: 'act', order: uuid(4), act: 'verify' });
  fireEvent.click(screen.getByRole('radio', { name: '合格' }));
  fireEvent.click(main(verify));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledWith(uuid(4), 'order.verify', { ok: true }, { note: null, photos: [] }));
});

const photos = [
  { sha256: 'ab'.repeat(32), width: 800, height: 600, thumb: 'cd'.repeat(32) },
  { sha256: 'ef'.repeat(32), width: 600, height: 800, thumb: '12'.repeat(32) },
];

test('photos of who asked stand on the order, small, and lead to the large ones; the request keeps its number', async () => {
  garden({ ...working, photos, source: { kind: 'request', id: uuid(9), name: 'R-0012' }, title: { zh: '灯不亮 · 3-501', en: '' } });
  pictureUrl.mockImplementation((sha256: string) => Promise.resolve(sha256 === photos[0]!.sha256 ? null : `blob:${sha256.slice(0, 2)}`));
  let container = await show({ name: 'order', order: uuid(1) });
  expect(container.querySelector('h1')!.textContent).toBe('灯不亮 · 3-501');
  expect(container.textContent).toContain('住户报修 · R-0012');
  const small = screen.getAllByRole('link', { name: /^报修人的照片/ });
  expect(small.map((one) => one.getAttribute('href'))).toEqual([`#/orderphotos/${uuid(1)}`, `#/orderphotos/${uuid(1)}`]);
  await waitFor(() => expect(small[1]!.querySelector('img')!.getAttribute('src')).toBe('blob:12'));

  document.body.innerHTML = '';
  container = await show({ name: 'orderphotos', order: uuid(1) });
  // the first has not come: its small one stands for it, and that is said
  await waitFor(() => expect([...container.querySelectorAll('img')].map((one) => one.getAttribute('src'))).toEqual(['blob:cd', 'blob:ef']));
  expect(container.textContent).toContain('报修人的照片 1，共 2 张：还没下载到本机');
  expect(await violations(container)).toEqual([]);
});

test('the class and the place are corrected from what the phone shows, a record for each that is another', async () => {
  garden({ ...working, place: '1 楼', class: 'water' });
  const container = await show({ name: 'act', order: uuid(1), act: 'set' });
  expect(main(container)).toBeNull();
  fireEvent.click(screen.getByRole('radio', { name: '漏水' }));
  fireEvent.input(container.querySelector('textarea')!, { target: { value: ' 2 楼 ' } });
  await waitFor(() => expect(main(container)).toBeTruthy());
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalledTimes(2));
  expect(actOnOrder.mock.calls.map((call) => call.slice(1))).toEqual([
    ['order.set', { field: 'class', from: 'water', to: 'leak' }],
    ['order.set', { field: 'place', from: '1 楼', to: '2 楼' }],
  ]);
});

test('an order in other hands is not corrected, and one that is done neither', async () => {
  garden({ assignee: { kind: 'person', id: OTHER }, holder: OTHER, state: 'working' });
  let container = await show({ name: 'act', order: uuid(1), act: 'set' });
  expect(container.textContent).toContain('这张单不归您改');
  garden({ ...working, state: 'done' });
  document.body.innerHTML = '';
  container = await show({ name: 'order', order: uuid(1) });
  expect(screen.queryByRole('link', { name: '更正' })).toBeNull();
});

test('a photo of an order can be drawn on and stamped; its original goes with it', async () => {
  garden(working);
  readDraft.mockResolvedValue({
    values: { note: '', reason: null, until: 'tomorrow', to: null, result: null, good: null, minutes: 0, people: 1 },
    photos: [
      { key: 'drawn', field: null, bytes: new Uint8Array([1]), mime: 'image/jpeg', at: 0 },
      { key: 'taken', field: null, bytes: new Uint8Array([2]), mime: 'image/jpeg', at: 0, of: 'drawn' },
    ],
  });
  const container = await show({ name: 'act', order: uuid(1), act: 'note' });
  expect((await screen.findAllByRole('button', { name: /^在照片 \d 上画$/ })).length).toBe(1);
  const stamp = screen.getByRole('checkbox', { name: '在照片上写时间、地点和姓名' });
  fireEvent.click(stamp);
  expect(localStorage.getItem('roundsman.stamp')).toBe('on');
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenCalled());
  expect((actOnOrder.mock.calls[0]![3] as { photos: { key: string; of?: string }[] }).photos.map(({ key, of }) => [key, of])).toEqual([
    ['drawn', undefined],
    ['taken', 'drawn'],
  ]);
  fireEvent.click(stamp);
  readDraft.mockResolvedValue(null);
});

test('a typed name is kept as typed, without a picture', async () => {
  garden(working);
  const container = await show({ name: 'act', order: uuid(1), act: 'sign' });
  fireEvent.click(main(container));
  fireEvent.click(await screen.findByText('改为输入姓名'));
  fireEvent.input(screen.getByLabelText('签名人姓名'), { target: { value: '张太太' } });
  fireEvent.click(screen.getByText('以姓名确认'));
  expect(await screen.findByText('输入姓名，没有手写')).toBeTruthy();
  fireEvent.click(main(container));
  await waitFor(() => expect(actOnOrder).toHaveBeenLastCalledWith(uuid(1), 'order.sign', { by: 'customer', how: 'typed' }, { name: '张太太' }));
});
