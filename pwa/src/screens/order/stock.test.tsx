import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { beforeEach, expect, test } from 'vitest';
import type { PartBody } from '../../protocol/entities';
import { violations } from '../../testing/axe';
import { countPart, movePart } from '../../testing/seam/actions';
import { comeDown, orderBody, PUMP, uuid } from '../../testing/seam/orders';
import { setScene } from '../../testing/seam/scene';
import { Counting } from './Counting';
import { Parts } from './Parts';

const SEAL: PartBody = { id: uuid(801), number: 'S-01', name: { zh: '机械密封', en: 'Seal' }, unit: '个', category: '水泵', code: null, stock: '2', minimum: '3', places: ['B1 库 A-1'], retired: false };
const CABLE: PartBody = { ...SEAL, id: uuid(802), number: 'S-15', name: { zh: '电缆', en: 'Cable' }, unit: 'm', stock: '0.5', minimum: null, places: [] };

beforeEach(() => {
  setScene();
  comeDown([{ kind: 'order', body: orderBody(1) }, { kind: 'part', body: SEAL }, { kind: 'part', body: CABLE }]);
});

test('a part is taken for the order and its asset; what will be left is said, also when it is below nothing', async () => {
  const { container } = render(<Parts to={{ name: 'parts', order: uuid(1) }} />);
  fireEvent.click(screen.getByText('S-01 机械密封'));
  expect(screen.getByText('账上 2 个，存下后 1 个')).toBeTruthy();
  fireEvent.click(screen.getByText('+5'));
  expect(screen.getByText(/存下后 −4 个。照样可以领/)).toBeTruthy();
  expect(await violations(container)).toEqual([]);
  fireEvent.click(screen.getByText('领用 6 个'));
  await waitFor(() => expect(movePart).toHaveBeenCalledWith({ part: SEAL.id, milli: 6000, why: 'used', order: uuid(1), asset: PUMP }));
  expect(await screen.findByText('已存本机：领用 机械密封 6 个')).toBeTruthy();
});

test('what has halves is brought back in tenths, for no order', async () => {
  render(<Parts to={{ name: 'parts', order: null }} />);
  fireEvent.click(screen.getByText('S-15 电缆'));
  fireEvent.click(screen.getByLabelText('退回'));
  fireEvent.click(screen.getByText('+0.5'));
  fireEvent.click(screen.getByText('退回 1.5 m'));
  await waitFor(() => expect(movePart).toHaveBeenCalledWith({ part: CABLE.id, milli: 1500, why: 'returned', order: null, asset: null }));
});

test('a count is entered without being told what ought to be there', async () => {
  const { container } = render(<Counting />);
  expect(container.textContent).not.toContain('2 个');
  fireEvent.click(screen.getByText('S-01 机械密封'));
  expect(container.textContent).not.toContain('账上');
  expect(await violations(container)).toEqual([]);
  for (const key of ['1', '2']) fireEvent.click(screen.getByRole('button', { name: key }));
  fireEvent.click(screen.getByText('存下 12 个'));
  await waitFor(() => expect(countPart).toHaveBeenCalledWith(SEAL.id, 12_000));
  expect(await screen.findByText('已存本机：机械密封 盘得 12 个')).toBeTruthy();
});
