import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { useState } from 'preact/hooks';
import { expect, test, vi } from 'vitest';
import { violations } from '../../testing/axe';
import { Signature } from './Signature';

/** A pad that holds as many strokes as were put on it: a browser without a canvas draws nothing. */
const strokes = vi.hoisted(() => ({ now: [] as unknown[], end: null as (() => void) | null }));
vi.mock('signature_pad', () => ({
  default: class {
    addEventListener(_name: string, end: () => void) {
      strokes.end = end;
    }
    toData = () => strokes.now;
    fromData = (data: unknown[]) => void (strokes.now = [...data]);
    clear = () => void (strokes.now = []);
    off = () => undefined;
  },
}));

const onDone = vi.fn();
const onTyped = vi.fn();

function Signing() {
  const [name, setName] = useState('');
  return <Signature title="签名" name={{ value: name, onChange: setName }} asksName={false} onDone={onDone} onTyped={onTyped} onCancel={() => undefined} />;
}

async function draw(n: number): Promise<void> {
  await waitFor(() => expect(strokes.end).not.toBeNull());
  for (let i = 0; i < n; i += 1) {
    strokes.now.push(i);
    strokes.end!();
  }
  await waitFor(() => expect(screen.getByText('签好了')).toBeTruthy());
}

test('a line is taken back, and the last one leaves nothing to be taken', async () => {
  const { container } = render(<Signing />);
  expect(screen.queryByText('签好了')).toBeNull();
  await draw(2);
  fireEvent.click(screen.getByText('退一步'));
  expect(strokes.now).toHaveLength(1);
  expect(screen.getByText('签好了')).toBeTruthy();
  fireEvent.click(screen.getByText('退一步'));
  await waitFor(() => expect(screen.queryByText('签好了')).toBeNull());
  expect(await violations(container)).toEqual([]);
});

test('who cannot draw types the name, and nothing is taken without one', async () => {
  const { container } = render(<Signing />);
  fireEvent.click(screen.getByText('改为输入姓名'));
  fireEvent.click(screen.getByText('先填姓名'));
  expect(document.activeElement?.tagName).toBe('INPUT');
  expect(onTyped).not.toHaveBeenCalled();
  expect(await violations(container)).toEqual([]);
  fireEvent.input(screen.getByLabelText('签名人姓名'), { target: { value: '张太太' } });
  fireEvent.click(screen.getByText('以姓名确认'));
  expect(onTyped).toHaveBeenCalledOnce();
  expect(onDone).not.toHaveBeenCalled();
});
