import { fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { session } from '../../testing/estate';
import { refusal } from '../../testing/fake';
import { at, open, press, SITE } from '../../testing/page';

const FILE = new File(['{"rescue":1}\n'], '4.rescue');

async function hand(): Promise<HTMLElement> {
  await press(await screen.findByRole('button', { name: '导入救援文件' }));
  const dialog = await screen.findByRole('dialog');
  const input = within(dialog).getByLabelText('救援文件') as HTMLInputElement;
  fireEvent.change(input, { target: { files: [FILE] } });
  await waitFor(() => expect(input.files).toHaveLength(1));
  await press(within(dialog).getByRole('button', { name: '导入' }));
  return dialog;
}

test('a rescue file is handed in and every count of it is told', async () => {
  const { calls } = await open(at('phones'), (call) =>
    call.path === `/sites/${SITE}/rescue`
      ? {
          status: 200,
          body: {
            device: '4 号手机', records: { applied: 241, duplicate: 3, quarantined: 1 }, codes: { bad_signature: 1 }, photos: { stored: 2 },
            bad_lines: 1, bad: [{ line: 7, reason: 'json', detail: 'syntax' }], whole: false,
          },
        }
      : undefined,
  );
  await hand();
  const dialog = await screen.findByRole('dialog', { name: '救援文件已导入' });
  for (const words of ['4 号手机', '241 条新收', '3 条早有', '1 条隔离', '2 张新收', '文件被截断或改过', '第 7 行']) expect(dialog.textContent).toContain(words);
  expect(calls.filter((call) => call.method === 'POST').map((call) => call.path)).toEqual([`/sites/${SITE}/rescue`]);
  expect(await violations(dialog)).toEqual([]);
});

test('what is no rescue file is told and nothing is shown as done', async () => {
  await open(at('phones'), (call) => (call.method === 'POST' ? refusal('no-rescue-file', 422) : undefined));
  const dialog = await hand();
  expect((await within(dialog).findByRole('alert')).textContent).toBe('这不是救援文件');
});

test('another history and a clock that is behind stand above every page', async () => {
  await open(at('phones'), (call) =>
    call.path === '/session' ? { status: 200, body: { ...session, history: { since_ms: 1_795_438_800_000, why: 'older' }, clock_behind_ms: 10_800_000 } } : undefined,
  );
  expect((await screen.findByText(/数据库比原来旧/)).textContent).toContain('手机会补发');
  expect(screen.getByText(/服务器时钟慢了/)).toBeTruthy();
});
