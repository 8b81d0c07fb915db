import { render, screen } from '@testing-library/preact';
import { beforeEach, expect, test } from 'vitest';
import { violations } from '../../testing/axe';
import { setScene } from '../../testing/seam/scene';
import { leaving, person, phase, sync } from '../../testing/seam/state';
import { Conditions } from '../Conditions';
import { Leaving } from './Leaving';

beforeEach(() => {
  setScene();
  phase.value = 'leaving';
  leaving.value = true;
  person.value = null;
});

test('a phone that is to leave says what it still has, and asks nobody to sign in', async () => {
  const { container } = render(<Leaving />);
  expect(screen.getByText('还有没上传的')).toBeTruthy();
  expect(container.textContent).toContain('这部手机正在停用：已有的记录照样上传、照样算数，不能再登录。');
  expect(container.querySelector('.people')).toBeNull();
  expect(container.querySelector('.pad')).toBeNull();
  expect(await violations(container)).toEqual([]);
});

test('once everything is sent it says to whom it goes; a revoked one that the supervisor decides', () => {
  sync.value = { ...sync.value, unsent: 0, photosUnsent: 0, trouble: 'revoked' };
  const { container } = render(<Leaving />);
  expect(screen.getByText('都已上传')).toBeTruthy();
  expect(container.textContent).toContain('由主管决定算不算数');
});

test('a wiped phone says so, and how it is used again', async () => {
  phase.value = 'wiped';
  const { container } = render(<Leaving />);
  expect(screen.getByText('手机上的巡迹数据都已删除')).toBeTruthy();
  expect(await violations(container)).toEqual([]);
});

test('whoever is still signed in is told that the records count', () => {
  phase.value = 'signed-in';
  const { container } = render(<Conditions />);
  expect(container.textContent).toContain('这部手机要停用，记录照样算数。下班后交给主管');
  leaving.value = false;
});
