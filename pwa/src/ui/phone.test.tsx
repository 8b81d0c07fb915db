import { fireEvent, render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { setLanguage } from '../i18n/t';
import { violations } from '../testing/axe';
import { Button } from './Button';
import { Answers, Picks } from './choices';
import { KeyValue, Verdict } from './Facts';
import { Field } from './Field';
import { LimitBand } from './LimitBand';
import { Pad, PinDots } from './Pad';
import { People } from './People';
import { Photos } from './Photos';
import { Row } from './Row';
import { SavedHead, Steps } from './Saved';
import { Dock, Inside, Screen, Strip, Tabs } from './Screen';
import { Fact, Stop, StopTrack } from './StopTrack';
import { SyncBadge, type SyncBadgeProps } from './SyncBadge';
import { Toast } from './Toast';
import { WindowBar } from './WindowBar';

const AT_2231 = Date.parse('2026-11-22T22:31:00+08:00');
const badge: SyncBadgeProps = {
  unsent: 0,
  photosUnsent: 0,
  refused: 0,
  allReceived: true,
  lastFullRound: AT_2231,
  sending: false,
  zone: 'Asia/Shanghai',
  href: '#/log',
};

test('the badge is green only when all was received and the server was heard lately', () => {
  const { container, rerender } = render(<SyncBadge {...badge} />);
  const look = () => [container.querySelector('a')!.className, container.textContent];
  expect(look()).toEqual(['sync sync--row sync--ok', '22:31 全部已收']);
  rerender(<SyncBadge {...badge} allReceived={false} />);
  expect(look()).toEqual(['sync sync--row', '22:31 全部已收']);
  rerender(<SyncBadge {...badge} unsent={3} />);
  expect(look()).toEqual(['sync sync--row', '3 条在本机，有网自动传']);
  rerender(<SyncBadge {...badge} photosUnsent={2} />);
  expect(look()).toEqual(['sync sync--row', '还有 2 张照片没传']);
  rerender(<SyncBadge {...badge} refused={1} unsent={3} />);
  expect(look()).toEqual(['sync sync--row sync--bad', '1 条需处理']);
  rerender(<SyncBadge {...badge} lastFullRound={null} allReceived={false} />);
  expect(look()).toEqual(['sync sync--row', '还没有联络过']);
});

test('a whole screen has one heading, landmarks, and puts the focus on its title', async () => {
  const { container } = render(
    <Screen
      title="今日"
      sub="幸福花园 · 王建国"
      strip={<Strip icon="offline">没网。照常扫码，都会存在本机</Strip>}
      dock={
        <Dock>
          <Button kind="main" icon="scan" object="地下车库 B1 东">
            扫 4 号点
          </Button>
          <Tabs
            tabs={[
              { href: '#/', icon: 'today', word: '今日', here: true },
              { href: '#/log', icon: 'log', word: '记录', here: false, count: 1, countName: '1 条需处理' },
            ]}
          />
        </Dock>
      }
    >
      <SyncBadge {...badge} />
      <WindowBar stops={['done', 'fault', 'next', 'todo']} gone={0.456} from="22:00" to="23:30" middle="已到 2 / 4 点" />
      <ul class="rows">
        <Row href="#/round/1" time="22:30" until="23:59" title="配电室巡视" />
      </ul>
    </Screen>,
  );
  expect(container.querySelectorAll('h1').length).toBe(1);
  expect(document.activeElement?.textContent).toBe('今日');
  expect(['header', 'main', 'nav'].every((name) => container.querySelector(name))).toBe(true);
  expect(await violations(container)).toEqual([]);
});

test('the window bar says the pace in words, and its needle stays inside', () => {
  const { container, rerender } = render(
    <WindowBar stops={['done', 'fault', 'next', 'todo']} gone={0.5} from="22:00" to="23:30" middle="" />,
  );
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('4 个点，已到 2 个，时间过了 50%');
  expect([...container.querySelectorAll('.wbar__seg i')].map((i) => i.getAttribute('data-s'))).toEqual(['done', 'fault', 'next', null]);
  rerender(<WindowBar stops={['todo']} gone={1.7} from="22:00" to="23:30" middle="" />);
  expect(container.querySelector<HTMLElement>('.wbar__time')!.style.getPropertyValue('--x')).toBe('1');
});

test('the next stop comes as a card; a visited one keeps its number and shows a tick', async () => {
  const { container } = render(
    <StopTrack>
      <Stop number={4} state="next" name="地下车库 B1 东" lead="下一个点" href="#/scan">
        <Fact icon="list">5 项检查</Fact>
      </Stop>
      <Stop number={3} state="fault" name="地下车库 B1 西">
        <Fact icon="report" tone="warn">
          1 处异常
        </Fact>
      </Stop>
    </StopTrack>,
  );
  const [next, visited] = [...container.querySelectorAll('.stop')];
  expect(next!.getAttribute('data-s')).toBe('next');
  expect(visited!.getAttribute('data-s')).toBe('done');
  expect(visited!.querySelector('.no')!.textContent).toBe('3');
  expect(visited!.textContent).toContain('已到，有异常');
  expect(await violations(container)).toEqual([]);
});

test('the pad takes gloves, hardware keys, full-width digits and a comma, but not what is typed into a field', () => {
  const keys: string[] = [];
  render(
    <>
      <Pad onDigit={(d) => keys.push(d)} onErase={() => keys.push('<')} corner={{ label: '.', name: '小数点', press: () => keys.push('.') }} />
      <input aria-label="field" />
    </>,
  );
  fireEvent.click(screen.getByText('7'));
  fireEvent.click(screen.getByLabelText('小数点'));
  fireEvent.keyDown(document.body, { key: '５' });
  fireEvent.keyDown(document.body, { key: ',' });
  fireEvent.keyDown(document.body, { key: 'Backspace' });
  fireEvent.keyDown(screen.getByLabelText('field'), { key: '9' });
  fireEvent.keyDown(document.body, { key: 'x' });
  expect(keys).toEqual(['7', '.', '5', '.', '<']);
});

test('the dots tell how many digits were entered and never which', () => {
  const { container } = render(<PinDots entered={4} />);
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('已输 4 位，共 6 位');
  expect(container.querySelectorAll('[data-on]').length).toBe(4);
});

test('people are chosen by their whole name', async () => {
  const choose = vi.fn();
  const people = [
    { id: 'a', name: '王建国', sub: '秩序' },
    { id: 'b', name: '刘海涛', sub: '秩序' },
  ];
  const { container } = render(<People people={people} chosen="a" onChoose={choose} />);
  fireEvent.click(screen.getByText('刘海涛'));
  expect(choose).toHaveBeenCalledWith('b');
  expect(container.querySelector('[aria-pressed="true"]')!.textContent).toContain('王建国');
  expect(await violations(container)).toEqual([]);
});

test('three answers are one radio group in which nothing is chosen beforehand', async () => {
  const choose = vi.fn();
  const { container } = render(
    <Field questionId="q" question="有没有跑冒滴漏？">
      <Answers
        labelledBy="q"
        chosen={null}
        onChoose={choose}
        choices={[
          { value: 'ok', word: '正常', icon: 'check', tone: 'good' },
          { value: 'fault', word: '异常', icon: 'report', tone: 'bad' },
        ]}
      />
    </Field>,
  );
  expect(screen.getAllByRole('radio').every((radio) => !(radio as HTMLInputElement).checked)).toBe(true);
  fireEvent.click(screen.getByLabelText('异常'));
  expect(choose).toHaveBeenCalledWith('fault');
  expect(screen.getByRole('radiogroup', { name: '有没有跑冒滴漏？' })).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('a pick that is chosen says so', () => {
  render(
    <>
      <p id="w">什么事</p>
      <Picks labelledBy="w" chosen="dirt" onChoose={() => undefined} choices={[{ value: 'dirt', word: '脏乱', icon: 'bin' }]} />
    </>,
  );
  expect((screen.getByRole('radio', { name: '脏乱' }) as HTMLInputElement).checked).toBe(true);
});

test('the limit band says the value, the normal range and the alarm in one sentence', async () => {
  const limits = { alarmLow: 0.25, warnLow: 0.3, warnHigh: 0.6, alarmHigh: 0.65 };
  const { container } = render(<LimitBand limits={limits} value={0.72} show={(n) => n.toFixed(2)} unit="MPa" />);
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('正常 0.30 到 0.60，报警 0.25 到 0.65，现在 0.72 MPa');
  expect(await violations(container)).toEqual([]);
});

test.each([
  [{ alarmLow: 0.25, warnLow: 0.3, warnHigh: 0.6, alarmHigh: 0.65 }, [0.1, 0.5, 0.62, 99]],
  [{ warnHigh: 1155, alarmHigh: 1443 }, [0, 900, 1300, 2000]],
  [{ warnLow: 0.05, alarmLow: 0.05 }, [0, 0.05, 0.3]],
  [{ alarmHigh: 1.3 }, [0, 1.3, 5]],
])('the needle of %j stays on the band and no two figures overlap', (limits, values) => {
  for (const value of values) {
    const { container, unmount } = render(<LimitBand limits={limits} value={value} show={(n) => n.toFixed(2)} unit="" />);
    const x = Number(/M([\d.]+) /.exec(container.querySelector('.band__needle')!.getAttribute('d')!)![1]);
    expect(x).toBeGreaterThanOrEqual(8);
    expect(x).toBeLessThanOrEqual(320);
    const figures = [...container.querySelectorAll('text')].map((text) => ({
      x: Number(text.getAttribute('x')),
      half: (text.textContent!.length * 9) / 2,
    }));
    expect(figures.length).toBeGreaterThan(0);
    figures.sort((a, b) => a.x - b.x);
    figures.slice(1).forEach((f, i) => expect(f.x - figures[i]!.x).toBeGreaterThanOrEqual(f.half + figures[i]!.half));
    unmount();
  }
});

test('a number without limits draws no band', () => {
  const { container } = render(<LimitBand limits={{}} value={3} show={String} unit="h" />);
  expect(container.innerHTML).toBe('');
});

test('each photo is named with its number and time, and no tile offers more than the most', async () => {
  const drop = vi.fn();
  const { container, rerender } = render(
    <Photos photos={[{ key: 'p1', url: 'blob:x', time: '22:52' }]} max={2} onAdd={() => undefined} onDrop={drop} />,
  );
  expect(screen.getByAltText('照片 1，22:52')).toBeTruthy();
  fireEvent.click(screen.getByLabelText('删去照片 1'));
  expect(drop).toHaveBeenCalledWith('p1');
  expect(screen.getByText('再拍')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  rerender(<Photos photos={[{ key: 'p1', url: null, time: '22:52' }]} max={1} onAdd={() => undefined} onDrop={drop} />);
  expect(screen.queryByText('再拍')).toBeNull();
});

test('a photo that the camera took is handed on, and the same one can be taken again', () => {
  const add = vi.fn();
  const { container } = render(<Photos photos={[]} max={3} onAdd={add} onDrop={() => undefined} />);
  const input = container.querySelector('input')!;
  const file = new File([new Uint8Array(3)], 'a.jpg', { type: 'image/jpeg' });
  Object.defineProperty(input, 'files', { value: [file], configurable: true });
  fireEvent.change(input);
  fireEvent.change(input);
  expect(add.mock.calls).toEqual([[file], [file]]);
});

test('saved shows the hollow phone, and the seal only when the receipt is here', async () => {
  const { container, rerender } = render(
    <>
      <SavedHead>
        <p>5 生活水泵房 · 22:53</p>
      </SavedHead>
      <Steps journey="offline" />
    </>,
  );
  expect(container.querySelectorAll('.steps .i__f').length).toBe(0);
  expect(container.querySelector('.saved')!.getAttribute('aria-live')).toBe('assertive');
  expect(screen.getByText('还没有回执')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  rerender(<Steps journey="received" />);
  expect(screen.getByText('已收到，有回执')).toBeTruthy();
  expect(container.querySelectorAll('.steps .i__f').length).toBe(1);
});

test('readiness gives one verdict, and only what is wrong explains itself', async () => {
  await setLanguage('en');
  const { container } = render(
    <>
      <Verdict tone="warn" icon="rc-attention" title="Check 1 first" />
      <dl class="rows">
        <KeyValue tone="good" icon="st-done" name="Camera" value="Works" />
        <KeyValue tone="warn" icon="rc-attention" name="Battery" value="18%" why="Charge it." />
      </dl>
    </>,
  );
  expect(container.querySelectorAll('.kv__why').length).toBe(1);
  expect(await violations(container)).toEqual([]);
});

test('a toast goes by itself after six seconds', () => {
  vi.useFakeTimers();
  const gone = vi.fn();
  render(<Toast onGone={gone}>已更正 #813</Toast>);
  vi.advanceTimersByTime(5900);
  expect(gone).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(gone).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test('a screen inside another page brings no second main', () => {
  const { container } = render(
    <main>
      <Inside.Provider value={true}>
        <Screen title="签名">…</Screen>
      </Inside.Provider>
    </main>,
  );
  expect(container.querySelectorAll('main').length).toBe(1);
  expect(container.querySelector('.page')!.textContent).toBe('…');
});
