import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { violations } from '../../../testing/axe';
import { place } from '../../route';
import { MAY, session, SITE, sites } from '../../testing/estate';
import type { Answered, Call } from '../../testing/fake';
import { at, choose, open, press, type } from '../../testing/page';
import type { AuditRow, Held } from '../../types';
import { detailWords, subjectHref, subjectWord } from './words';

const row = (pos: number, some: Partial<AuditRow> = {}): AuditRow => ({
  pos,
  at_ms: 1_795_438_800_000,
  site: SITE,
  person: { id: 'p-li', name: '李主管' },
  action: 'visit.read',
  subject: { kind: 'visit', id: 'v-811', name: null },
  detail: { place: true, photos: 3 },
  ...some,
});
const rows = [
  row(9),
  row(8, { person: null, action: 'places.expired', site: null, subject: { kind: 'organisation', id: 'o', name: null }, detail: { places: 12 } }),
  row(7, { action: 'something.new', subject: { kind: 'person', id: 'p-wang', name: '王建国' } }),
];

const admin = { ...session, administrator: true, sites: sites.map((one) => ({ ...one, role: 'administrator', may: MAY.administrator })) };

/** The estate for an administrator, with an audit log. */
function audited({ path }: Call): Answered | undefined {
  if (path === '/session') return { status: 200, body: admin };
  if (path.includes('/audit/choices')) return { status: 200, body: { actions: ['places.expired', 'visit.read'], people: [{ id: 'p-li', name: '李主管' }] } };
  if (path.includes('/audit?')) return { status: 200, body: { rows, next: path.includes('before=') ? null : 7 } };
  return undefined;
}
const asked = (calls: { path: string }[]) => calls.map(({ path }) => path).filter((path) => path.includes('/audit?')).at(-1) ?? '';

test('a row tells when, who, what in words, on what with the way there, and its figures', async () => {
  await open(at('audit'), audited);
  const link = await screen.findByRole('link', { name: /到点/ });
  expect(link.getAttribute('href')).toBe(at('visits/v-811'));
  for (const words of ['21:00:00', '李主管', '看了证据', '位置: 是 · 照片: 3']) expect(link.closest('tr')!.textContent).toContain(words);
  expect(screen.getByText('到期删了位置', { selector: 'b' }).closest('tr')!.textContent).toContain('服务器');
  // what this console does not know yet is shown as it is called
  expect(screen.getByText('something.new')).toBeTruthy();
});

test('filters stand in the address and are asked for; another filter begins at the newest', async () => {
  const { calls } = await open(at('audit?before=7'), audited);
  await screen.findAllByRole('row');
  expect(asked(calls)).toContain('before=7');
  await choose(screen.getByLabelText('做了什么'), 'visit.read');
  expect(place.value.query).toMatchObject({ action: 'visit.read' });
  expect(asked(calls)).toContain('action=visit.read');
  expect(asked(calls)).not.toContain('before');
  await choose(screen.getByLabelText('从'), '2026-11-23');
  expect(asked(calls)).toContain(`from=${Date.parse('2026-11-23T00:00:00+08:00')}`);
  await press(screen.getByRole('button', { name: '全公司' }));
  expect(asked(calls)).toMatch(/^\/audit\?/);
});

test('the page of the audit log is free of barriers that a machine can find', async () => {
  const { container } = await open(at('audit'), audited);
  await screen.findAllByRole('row');
  expect(await violations(container)).toEqual([]);
});

test('subjects lead to their pages where there are any', () => {
  expect(subjectHref(row(1, { subject: { kind: 'plan', id: 'p 1', name: null } }))).toBe(at('plans/p%201'));
  expect(subjectHref(row(1, { subject: { kind: 'person', id: 'x', name: null }, site: null }))).toBeNull();
  expect(subjectWord(row(1, { subject: { kind: 'zzz', id: 'x', name: null } }))).toBe('—');
  expect(detailWords({ why: 'lost', list: ['a', 'b'], none: null, map: { a: 1 } })).toBe('原因: lost · list: a, b · map: {"a":1}');
});

const held: Held = {
  id: 'p-wang', name: '王建国', number: '004', left: true, erased_ms: null,
  consent: { at_ms: 1_795_438_800_000, text: 1, language: 'zh', location: false },
  records: 812, places: 0, texts: 14, photos: 203, photo_bytes: 41_000_000,
}; // prettier-ignore

test('what is held of a person is told, and erased only after the number was typed once more', async () => {
  const sent: Call[] = [];
  await open(at('data/p-wang'), (call) => {
    if (call.path.endsWith('/erase')) {
      sent.push(call);
      const isRight = (call.body as { number: string }).number === '004';
      return isRight ? { status: 200, body: { parts: 14, photos: 203 } } : { status: 409, body: { type: '/problems/not-this-person', title: 'x', status: 409 } };
    }
    return call.path.endsWith('/people/p-wang/data') ? { status: 200, body: sent.length > 1 ? { ...held, erased_ms: 1_795_438_900_000 } : held } : audited(call);
  });
  expect((await screen.findByText('203 张（41.0 MB）')).tagName).toBe('DD');
  expect(screen.getByRole('link', { name: '存成 ZIP' }).getAttribute('href')).toBe(`/api/v1/sites/${SITE}/people/p-wang/data/copy`);
  await press(screen.getByRole('button', { name: '删除' }));
  const go = () => screen.getAllByRole('button', { name: '删除' }).at(-1)!;
  await type(screen.getByLabelText(/工号/), '005');
  await press(go());
  expect(await screen.findByText('这不是本人的工号。')).toBeTruthy();
  await type(screen.getByLabelText(/工号/), '004');
  await press(go());
  expect(await screen.findByText(/已删除。/)).toBeTruthy();
  expect(sent.map(({ body }) => body)).toEqual([{ number: '005' }, { number: '004' }]);
  expect(screen.queryByRole('link', { name: '存成 ZIP' })).toBeNull();
});
