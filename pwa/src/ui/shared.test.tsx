import { fireEvent, render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { setLanguage } from '../i18n/t';
import { violations } from '../testing/axe';
import { Button, IconButton } from './Button';
import { Chain } from './Chain';
import { Dialog } from './Dialog';
import { Empty } from './Empty';
import { Icon } from './Icon';
import { icons, type IconName } from './icons';
import { Receipt } from './Receipt';
import { fillOf, OccurrenceChip, occurrenceLooks, recordLooks, StateWord } from './State';
import { EstimateAndInterval, TimeInterval } from './TimeInterval';

const ZONE = 'Asia/Shanghai';
const at = (text: string) => Date.parse(`2026-11-22T${text}+08:00`);

test('every icon is drawn and silent for a screen reader', () => {
  for (const name of Object.keys(icons) as IconName[]) {
    const { container, unmount } = render(<Icon name={name} />);
    expect(container.querySelectorAll('svg[aria-hidden="true"] path').length, name).toBeGreaterThan(0);
    unmount();
  }
});

test('a filled shape and the tick cut into it are told apart', () => {
  const { container } = render(<Icon name="rc-received" />);
  expect([...container.querySelectorAll('path')].map((p) => p.getAttribute('class'))).toEqual(['i__f', 'i__h']);
});

test('no two states of an occurrence share icon and fill, and each has its word', () => {
  const looks = Object.entries(occurrenceLooks);
  expect(new Set(looks.map(([, look]) => look.icon)).size).toBe(10);
  expect(fillOf('unheard')).toBe('chip--hatch');
  expect(fillOf('unproven')).toBe('chip--dots');
  render(<OccurrenceChip state="unheard" />);
  expect(screen.getByText('未回传').className).toContain('chip--hatch');
});

test('saved is a hollow phone and only received is the solid seal', () => {
  expect(icons[recordLooks.saved.icon]).not.toContain('f:');
  expect(icons[recordLooks.received.icon]).toContain('f:');
  render(<StateWord look={recordLooks.saved} />);
  expect(screen.getByText('已存本机')).toBeTruthy();
});

test('an interval is drawn with brackets and spoken as what is proven', () => {
  const props = { zone: ZONE, now: at('08:00:00'), estimate: at('02:12:00') };
  const { container, rerender } = render(
    <TimeInterval {...props} lower={at('02:10:00')} upper={at('02:14:00')} quality="A" />,
  );
  expect(container.textContent).toBe('02:10–02:1402:10 到 02:14 之间，两头有证');
  rerender(<TimeInterval {...props} lower={at('02:10:05')} upper={at('02:10:40')} quality="A" />);
  expect(container.querySelector('[aria-hidden]')?.textContent).toBe('02:10');
  rerender(<TimeInterval {...props} lower={at('02:10:00')} upper={null} quality="B" />);
  expect(container.querySelector('.iv')?.getAttribute('data-q')).toBe('b');
  rerender(<TimeInterval {...props} lower={null} upper={at('02:14:00')} quality="B" />);
  expect(container.querySelector('.iv')?.getAttribute('data-q')).toBe('after');
  rerender(<TimeInterval {...props} lower={null} upper={null} quality="D" />);
  expect(container.textContent).toContain('约 02:12，没有证');
});

test('an interval over midnight is two clock times, and names both days once it is half a day long', () => {
  const props = { zone: ZONE, quality: 'A', upper: at('00:05:00') } as const;
  const shown = (lower: number) => {
    const { container } = render(<TimeInterval {...props} now={at('00:02:00')} lower={lower} estimate={at('00:02:00')} />);
    return container.querySelector('[aria-hidden]')?.textContent;
  };
  expect(shown(at('23:48:00') - 86_400_000)).toBe('23:48–00:05');
  expect(shown(at('02:10:00') - 86_400_000)).toBe('11 月 21 日 02:10–11 月 22 日 00:05');
});

test('a report shows the estimate before the interval, and one number where both ends agree or nothing is proven', () => {
  const { container, rerender } = render(
    <EstimateAndInterval zone={ZONE} now={at('08:00:00')} lower={at('02:10:00')} upper={at('02:14:00')} estimate={at('02:12:00')} quality="A" />,
  );
  const seen = () => [...container.querySelectorAll('b, .iv > [aria-hidden]')].map((one) => one.textContent);
  expect(seen()).toEqual(['02:12', '02:10–02:14']);
  const props = { zone: ZONE, now: at('08:00:00') } as const;
  rerender(<EstimateAndInterval {...props} lower={at('02:12:01')} upper={at('02:12:40')} estimate={at('02:12:05')} quality="A" />);
  expect(seen()).toEqual(['02:12']);
  rerender(<EstimateAndInterval {...props} lower={null} upper={null} estimate={at('02:12:05')} quality="D" />);
  expect(seen()).toEqual(['约 02:12']);
});

test('a receipt shows its number, its time and the word that people compare', async () => {
  const { container } = render(<Receipt upTo={810} receivedMs={at('22:31:00')} checkWord="7F3K-92QD-M7XA" zone={ZONE} />);
  expect(container.textContent).toContain('已上传到 #810');
  expect(container.textContent).toContain('回执 22:31');
  expect(container.textContent).toContain('7F3K-92QD-M7XA');
  expect(await violations(container)).toEqual([]);
});

test('a chain marks the record in question and says which numbers are missing', async () => {
  const record = { kind: 'record', hash: 'ab'.repeat(32), title: '扫码', signature: 'verified' } as const;
  const { container } = render(
    <Chain
      links={[
        { ...record, seq: 37, here: false },
        { kind: 'gap', from: 38, to: 41 },
        { ...record, seq: 42, here: true, signature: 'bad' },
      ]}
    />,
  );
  expect(screen.getByText('38–41 缺')).toBeTruthy();
  expect(container.querySelector('[aria-current]')?.textContent).toContain('#42');
  expect(container.querySelector('[aria-current]')?.getAttribute('data-signature')).toBe('bad');
  expect(await violations(container)).toEqual([]);
});

test('a dialog asks, gives the safe answer first, and Escape gives it too', async () => {
  const stay = vi.fn();
  const go = vi.fn();
  const { container } = render(
    <Dialog title="锁上这部手机？" stay="不锁" onStay={stay} go="锁上" onGo={go}>
      <p>没上传的记录留在本机。</p>
    </Dialog>,
  );
  expect([...container.querySelectorAll('button')].map((b) => b.textContent)).toEqual(['不锁', '锁上']);
  fireEvent.click(screen.getByText('锁上'));
  expect(go).toHaveBeenCalledOnce();
  fireEvent(container.querySelector('dialog')!, new Event('cancel', { cancelable: true }));
  expect(stay).toHaveBeenCalledOnce();
  expect(container.querySelector('dialog')?.open).toBe(true);
  expect(await violations(container)).toEqual([]);
});

test('a button that is busy does nothing when it is pressed again', () => {
  const press = vi.fn();
  const { rerender } = render(<Button onPress={press}>存下</Button>);
  fireEvent.click(screen.getByText('存下'));
  rerender(
    <Button busy onPress={press}>
      存下
    </Button>,
  );
  fireEvent.click(screen.getByText('存下'));
  expect(press).toHaveBeenCalledOnce();
});

test('an icon that acts alone has a name, in the language of the screen', async () => {
  await setLanguage('en');
  const { container } = render(
    <>
      <IconButton name="back" label="Back" href="#/" />
      <Empty icon="st-done" title="No more rounds this shift" act={<Button>Look</Button>} />
    </>,
  );
  expect(screen.getByLabelText('Back').getAttribute('href')).toBe('#/');
  expect(await violations(container)).toEqual([]);
});
