import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { proveAgain, signIn } from '../../testing/seam/actions';
import { violations } from '../../testing/axe';
import { setScene } from '../../testing/seam/scene';
import { isProven, person, phase, roster, successor } from '../../testing/seam/state';
import { Own } from './AskAgain';
import { find } from './find';
import { WhoAreYou } from './WhoAreYou';

const press = (digits: string): void => {
  for (const digit of digits) fireEvent.click(screen.getByRole('button', { name: digit }));
};

beforeEach(() => {
  setScene();
  sessionStorage.clear();
  phase.value = 'locked';
  person.value = null;
  successor.value = null;
  isProven.value = true;
});

test('a long roster is searched by name, number and team', () => {
  const people = [
    { name: '王建国', number: '1024', team: 't-a' },
    { name: '刘海涛', number: '1025', team: null },
  ];
  const name = (team: string): string => (team === 't-a' ? '甲班' : '');
  expect(find(people, '', name)).toEqual(people);
  expect(find(people, '1024', name)).toEqual([people[0]]);
  expect(find(people, '海涛', name)).toEqual([people[1]]);
  expect(find(people, '甲班 王', name)).toEqual([people[0]]);
  expect(find(people, '024', name)).toEqual([]);
});

test('a roster that is seen at a glance has no search, a long one has', async () => {
  const { container, rerender } = render(<WhoAreYou />);
  expect(screen.queryByLabelText('搜姓名、工号、班组')).toBeNull();
  roster.value = Array.from({ length: 12 }, (_, i) => ({ id: `p-${i}`, name: `人${i}`, number: `${100 + i}`, role: 'guard', team: null }));
  rerender(<WhoAreYou />);
  fireEvent.input(screen.getByLabelText('搜姓名、工号、班组'), { target: { value: '107' } });
  await waitFor(() => expect(container.querySelectorAll('.person').length).toBe(1));
  fireEvent.input(screen.getByLabelText('搜姓名、工号、班组'), { target: { value: '没有' } });
  await waitFor(() => expect(container.textContent).toContain('没有这个人'));
  expect(await violations(container)).toEqual([]);
});

test('a phone that came in place of another asks the one who had that one for the PIN', () => {
  successor.value = 'w-1';
  render(<WhoAreYou />);
  expect(screen.getByText('刘海涛，请输 6 位密码')).toBeTruthy();
});

test('handing over: the person who has the phone is not offered, and it is theirs until the next PIN is right', async () => {
  phase.value = 'signed-in';
  person.value = roster.value[0]!;
  location.hash = '#/change';
  vi.mocked(signIn).mockResolvedValueOnce({ ok: false, triesLeft: 4, waitS: 0, needsNetwork: false });
  const { container } = render(<WhoAreYou />);
  expect([...container.querySelectorAll('.person')].some((tile) => tile.textContent?.includes('王建国'))).toBe(false);
  fireEvent.click(screen.getByText('刘海涛'));
  press('111111');
  await waitFor(() => expect(screen.getByText('不对，还可以试 4 次')).toBeTruthy());
  expect(location.hash).toBe('#/change');
  press('246810');
  await waitFor(() => expect(location.hash).toBe('#/'));
  expect(vi.mocked(signIn).mock.lastCall).toEqual(['w-1', '246810']);
});

test('what is one\'s own asks for the PIN when the last one is a while ago', async () => {
  person.value = roster.value[0]!;
  isProven.value = false;
  vi.mocked(proveAgain).mockImplementationOnce(async () => {
    isProven.value = true;
    return { ok: true };
  });
  const { container } = render(<Own title="我的记录">只有本人看</Own>);
  expect(container.textContent).not.toContain('只有本人看');
  expect(await violations(container)).toEqual([]);
  press('246810');
  await waitFor(() => expect(container.textContent).toContain('只有本人看'));
});
