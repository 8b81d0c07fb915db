import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ActionError, exportRescue, importRescue, lookAgain, understood } from '../../testing/seam/actions';
import { setScene } from '../../testing/seam/scene';
import { person, phase, sync } from '../../testing/seam/state';
import { violations } from '../../testing/axe';
import { setLanguage } from '../../i18n/t';
import * as data from '../../state/data';
import { App } from '../App';
import { Conditions } from '../Conditions';
import { Broken } from '../start/Broken';
import { NoRoom } from './NoRoom';
import { Rescue } from './Rescue';

const FREE = { state: 'ok', percent: 10, refused: false } as const;

beforeEach(() => {
  setScene();
  data.room.value = FREE;
  data.damaged.value = [];
  data.lost.value = null;
  data.carrying.value = [];
  data.risk.value = null;
  data.weak.value = false;
  data.blocked.value = false;
});
afterEach(() => {
  location.hash = '';
  vi.clearAllMocks();
});

const choose = (container: Element): void => {
  const input = container.querySelector('input[type=file]')!;
  fireEvent.change(input, { target: { files: [new File(['x'], 'a.rescue')] } });
};

describe('export', () => {
  test('one button, no question; then it says what is in the file', async () => {
    const { container } = render(<Rescue />);
    fireEvent.click(screen.getByText('导出记录'));
    await waitFor(() => expect(screen.getByText('写好了：记录 12 条，照片 3 张。')).toBeTruthy());
    expect(exportRescue).toHaveBeenCalledOnce();
    expect(await violations(container)).toEqual([]);
  });

  test('called off or failed is said as what it is', async () => {
    exportRescue.mockResolvedValueOnce({ written: false, records: 0, photos: 0 });
    render(<Rescue />);
    fireEvent.click(screen.getByText('导出记录'));
    await waitFor(() => expect(screen.getByText('没有存。可以再来一次')).toBeTruthy());
    exportRescue.mockRejectedValueOnce(new ActionError('rescue-empty'));
    fireEvent.click(screen.getByText('导出记录'));
    await waitFor(() => expect(screen.getByText('这个浏览器里没有记录')).toBeTruthy());
  });

  test.each(['locked', 'new', 'waiting'] as const)('is there for whoever holds a phone that is %s', async (where) => {
    phase.value = where;
    location.hash = '#/rescue';
    render(<App />);
    await waitFor(() => expect(screen.getByText('导出记录')).toBeTruthy());
    // but only a phone of the site can bring anything to its server
    expect(screen.queryByText('选文件') !== null).toBe(where === 'locked');
  });

  test('a store that does not open leads to the safe page, and says when another page holds it', () => {
    const { rerender } = render(<Broken />);
    expect(screen.getByText('打开安全页，导出记录').closest('a')!.getAttribute('href')).toBe('/app/rescue.html');
    data.blocked.value = true;
    rerender(<Broken />);
    expect(screen.getByText('别的页面还开着旧版')).toBeTruthy();
  });
});

describe('carrying', () => {
  test('a file is taken, and what is carried stands by phone', async () => {
    data.carrying.value = [{ log: 'k3v2mzq7abcdefghijklmnopqr', device: { id: 'x', name: '7 号手机' }, records: 12, photos: 3 }];
    const { container } = render(<Rescue />);
    choose(container);
    await waitFor(() => expect(screen.getByText('收下了 7 号手机 的记录 12 条，照片 3 张。')).toBeTruthy());
    expect(screen.getByText('代传 12 条 · 7 号手机')).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });

  test('in English, too', async () => {
    await setLanguage('en');
    data.carrying.value = [{ log: 'k3v2mzq7abcdefghijklmnopqr', device: null, records: 1, photos: 0 }];
    render(<Rescue />);
    expect(screen.getByText('Carrying 1 record for k3v2mzq7')).toBeTruthy();
    await setLanguage('zh');
  });

  test('a cut file and lines that are no good are said', async () => {
    importRescue.mockResolvedValueOnce({ device: null, added: 2, records: 2, photos: 0, bad: 1, cut: true });
    const { container } = render(<Rescue />);
    choose(container);
    await waitFor(() => expect(container.textContent).toContain('文件不完整'));
    expect(container.textContent).toContain('1 行读不出来');
  });

  test('a file of another kind is refused in words', async () => {
    importRescue.mockRejectedValueOnce(new ActionError('rescue-other'));
    const { container } = render(<Rescue />);
    choose(container);
    await waitFor(() => expect(screen.getByText('这不是导出的记录文件')).toBeTruthy());
  });
});

describe('damaged and lost records', () => {
  test('one’s own and those of others are shown without their content', async () => {
    data.damaged.value = [
      { id: 3, why: 'hash', seq: 12, actor: person.value!.id },
      { id: 2, why: 'form', seq: 11, actor: 'somebody' },
      { id: 1, why: 'form', seq: null, actor: null },
    ];
    const { container } = render(<Rescue />);
    for (const words of ['内容和封存时不一样', '我的', '别人的', '号码读不出来', '不知道是谁的']) expect(screen.getByText(words)).toBeTruthy();
    expect(await violations(container)).toEqual([]);
  });

  test('a cleared store is said until a person has read it', async () => {
    data.lost.value = { log: 'k3v2mzq7abcdefghijklmnopqr', seq: 41, hash: 'a'.repeat(64) };
    const { container } = render(<Rescue />);
    expect(container.textContent).toContain('最后存下的是第 41 号');
    fireEvent.click(screen.getByText('知道了'));
    expect(understood).toHaveBeenCalledOnce();
  });
});

describe('no room', () => {
  test.each(['#/scan', '#/finding'])('%s is refused before anything is begun, and the file is offered', async (address) => {
    data.room.value = { state: 'full', percent: 97, refused: false };
    location.hash = address;
    const { container } = render(<App />);
    await waitFor(() => expect(screen.getByText('现在不能再记新的。')).toBeTruthy());
    expect(screen.getByText('导出记录').closest('a')!.getAttribute('href')).toBe('#/rescue');
    expect(await violations(container)).toEqual([]);
  });

  test('it sends what there is, then looks again', async () => {
    sync.value = { ...sync.value, trouble: null };
    render(<NoRoom />);
    fireEvent.click(screen.getByText('上传，再看空间'));
    await waitFor(() => expect(lookAgain).toHaveBeenCalledOnce());
  });

  test.each([
    ['近满', { room: { state: 'low', percent: 82, refused: false } }, '手机存储用了 82%，快存不下了'],
    ['满', { room: { state: 'full', percent: 96, refused: false } }, '手机没有空间，不能再记了'],
    ['无痕', { risk: 'private' }, '无痕窗口：关掉就全没了'],
    ['没有签名', { weak: true }, '这个浏览器存不住钥匙，记录没有签名'],
    ['坏了', { damaged: [{ id: 1, why: 'form', seq: 1, actor: null }] }, '有 1 条记录坏了，已单独放好'],
  ] as const)('%s stands over the screen', (_name, state, words) => {
    sync.value = { ...sync.value, trouble: null, portal: false };
    for (const [name, value] of Object.entries(state)) (data as unknown as Record<string, { value: unknown }>)[name]!.value = value;
    render(<Conditions />);
    expect(screen.getByText(words)).toBeTruthy();
  });
});
