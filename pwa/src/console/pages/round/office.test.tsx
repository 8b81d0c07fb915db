import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { place } from '../../route';
import { at, open, press, type } from '../../testing/page';

test('a comment is written under what others wrote', async () => {
  const { calls } = await open(at('rounds/occ-11'));
  expect(await screen.findByText('已电话联系周敏')).toBeTruthy();
  await type(screen.getByLabelText('写一条'), '下班前再问一次');
  await press(screen.getByRole('button', { name: '写下' }));
  expect(calls.find((call) => call.method === 'POST' && call.path.endsWith('/comments'))?.body).toEqual({ text: '下班前再问一次' });
  await waitFor(() => expect((screen.getByLabelText('写一条') as HTMLTextAreaElement).value).toBe(''));
});

test('a paper sheet says what it still needs, and then goes with its photo', async () => {
  const { calls } = await open(at('rounds/occ-11'));
  await press(await screen.findByRole('button', { name: '补录纸单' }));
  const go = await screen.findByRole('button', { name: '补录' });
  await press(go);
  expect(screen.getByText('还没选谁巡的')).toBeTruthy();

  const who = (await screen.findByLabelText(/谁巡的/)) as HTMLSelectElement;
  fireEvent.change(who, { target: { value: who.options[1]!.value } });
  await press(go);
  expect(screen.getByText('还差单子的照片')).toBeTruthy();

  const photo = new File(['x'], 'sheet.jpg', { type: 'image/jpeg' });
  fireEvent.change(screen.getByLabelText('单子的照片'), { target: { files: [photo] } });
  await press(go);
  expect(screen.getByText('至少填一个点的时间')).toBeTruthy();

  await type(screen.getByLabelText(/^1 /), '19:40');
  await type(screen.getByLabelText(/为什么用纸/), '手机摔坏');
  await press(go);
  const sent = () => calls.filter((call) => call.method === 'POST' && call.path.includes('/papers'));
  await waitFor(() => expect(place.value.query['paper']).toBeUndefined());
  expect(sent().map((call) => call.path.split('/').pop())).toEqual(['photos', 'papers']);
  expect(sent()[1]?.body).toMatchObject({ person: who.value, why: '手机摔坏', photo: 'ab'.repeat(32), stops: [{ at_ms: expect.any(Number) }] });
});
