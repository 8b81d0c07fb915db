import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseOwn } from '../protocol/records';
import { log } from '../state/log';
import { isWalkedBy } from '../state/rounds';
import { round, today } from '../state/today';
import { sync } from '../state/sync';
import { round as runRound } from '../testing/phone';
import { upToDate } from '../state/refresh';
import { CHECKPOINT, FORM, HOUR, OCCURRENCE, OTHER, STOP, TOKENS, estate, printed } from '../testing/estate';
import { PIN, pass, scene, type Scene } from '../testing/acting';
import { GUARD } from '../testing/phone';
import { dropDraft, readDraft, saveDraft } from './drafts';
import { reportFinding } from './reportFinding';
import { scanCheckpoint } from './scanCheckpoint';
import { signIn, signOut } from './signIn';
import { submitAnswers, type AnswersInput } from './submitAnswers';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 9]);
const NOW = OCCURRENCE(1);
let at: Scene;

beforeEach(async () => {
  at = await scene(await estate());
  await signIn(GUARD, PIN);
});

const scan = (n: number) =>
  scanCheckpoint({ text: printed(TOKENS[n - 1]!), method: 'camera', occurrence: NOW, expectedStop: null, frame: null });
const answers = (some: Partial<AnswersInput> = {}): AnswersInput => ({
  occurrence: NOW,
  stop: STOP(2),
  target: { kind: 'checkpoint', id: CHECKPOINT(2) },
  scan: null,
  form: FORM,
  values: { pressure: '0.45', leaks: 'ok' },
  texts: {},
  note: null,
  photos: [],
  ...some,
});

describe('answers', () => {
  it('do the stop that asked for them, and depend on its scan', async () => {
    const { hash: scanned } = await scan(2);
    const saved = await submitAnswers(answers({ scan: scanned, draft: 'd1' }));

    const body = parseOwn((await at.phone.store.record(saved.hash))!.body);
    expect(body).toMatchObject({
      deps: [scanned],
      p: { scan: scanned, form: { id: FORM.id, edition: 3 }, values: { pressure: '0.45', leaks: 'ok' } },
    });
    expect(round(NOW).value?.stops[1]).toMatchObject({ state: 'done', faults: 0, records: [scanned, saved.hash] });
  });

  it('with a reading beyond its limit are a fault', async () => {
    const { hash } = await scan(2);
    await submitAnswers(answers({ scan: hash, values: { pressure: '0.70', leaks: 'fault' } }));
    expect(round(NOW).value?.stops[1]).toMatchObject({ state: 'fault', faults: 2 });
  });

  it('without a scan of the stop do not do it', async () => {
    await submitAnswers(answers());
    expect(round(NOW).value?.stops[1]).toMatchObject({ state: 'todo', at: null });
  });

  it('go with the last scan of the stop when another record was named', async () => {
    const { hash: scanned } = await scan(2);
    const found = await reportFinding({ ...where(2), urgency: 'normal', kind: 'dirt', note: null, photos: [] });
    const saved = await submitAnswers(answers({ scan: found.hash }));
    expect(parseOwn((await at.phone.store.record(saved.hash))!.body)).toMatchObject({ p: { scan: scanned } });
  });

  it('keep texts beside the record, count photos, fold numbers and leave out what does not fit', async () => {
    const { hash } = await scan(2);
    const saved = await submitAnswers(
      answers({
        scan: hash,
        values: { pressure: '０，４５', leaks: 'maybe', gauge: { photos: 9 }, stranger: 'x' },
        texts: { words: '  渗水 ', leaks: '在左边' },
        note: ' ',
        photos: [{ field: 'gauge', bytes: PNG, mime: 'image/png' }],
      }),
    );
    const row = (await at.phone.store.record(saved.hash))!;
    expect(parseOwn(row.body)).toMatchObject({
      p: { values: { pressure: '0.45', gauge: { photos: 1 }, words: { private: true } } },
      blobs: [{ role: 'photo', field: 'gauge', mime: 'image/png' }],
    });
    expect((parseOwn(row.body).p as { values: object }).values).not.toHaveProperty('leaks');
    expect(Object.fromEntries(Object.entries(row.private).map(([name, part]) => [name, part.value]))).toEqual({
      'text.words': '渗水',
      'text.leaks': '在左边',
    });
    expect(row.body).not.toContain('渗水');
    expect(saved.photosKept).toBe(true);
  });

  it('and their draft go in one step', async () => {
    await saveDraft('d1', { photos: [PNG] });
    expect(await readDraft('d1')).toEqual({ photos: [PNG] });
    await submitAnswers(answers({ draft: 'd1' }));
    expect(await readDraft('d1')).toBeNull();
    await dropDraft('d1');
  });
});

const where = (n: number) => ({
  occurrence: NOW,
  stop: STOP(n),
  target: { kind: 'checkpoint' as const, id: CHECKPOINT(n) },
});

describe('a finding', () => {
  it('is saved with its note beside it, and shows at the stop', async () => {
    await scan(1);
    const saved = await reportFinding({
      ...where(1),
      urgency: 'normal',
      kind: 'hazard',
      note: '灯坏了',
      photos: [{ field: null, bytes: PNG, mime: 'image/png' }],
    });
    const row = (await at.phone.store.record(saved.hash))!;
    expect(row.private['note']?.value).toBe('灯坏了');
    expect(round(NOW).value?.stops[0]).toMatchObject({ state: 'fault', faults: 1 });
  });

  it('that is urgent waits for nothing', async () => {
    await reportFinding({ ...where(1), urgency: 'urgent', kind: 'hazard', note: null, photos: [] });
    await at.engine.syncNow();
    expect(sync.value.unsent).toBe(0);
    expect(at.server.pushes.length).toBeGreaterThan(0);
  });
});

describe('today', () => {
  it('shows the round of now, what comes, and not another team’s', async () => {
    expect(today.value.current).toMatchObject({ occurrence: NOW, state: 'open', demand: 'P1-35', makeup: false });
    expect([today.value.next, today.value.later].map((part) => part.map((one) => one.occurrence))).toEqual([[OCCURRENCE(2)], [OCCURRENCE(3)]]);
    expect(today.value.scheduledUntil).toBe(today.value.later[0]!.to);
    expect(today.value.current!.ordinal).toBe(2);
  });

  it('shows a contractor the plans of their own team alone', () => {
    const plan = (team: string | null) => ({ id: 'p', name: { zh: '巡', en: '' }, route: 'r', demand: null, crew: 1, grace_min: 0, team });
    const own = { team: 'lifts', company: '捷达电梯' };
    expect(['lifts', null, 'guards'].map((team) => isWalkedBy(plan(team), own))).toEqual([true, false, false]);
    expect(isWalkedBy(plan(null), { team: null, company: '捷达电梯' })).toBe(false);
    expect(['lifts', null, 'guards'].map((team) => isWalkedBy(plan(team), { team: 'lifts' }))).toEqual([true, true, false]);
  });

  it('lets a round be made up in its grace, then calls it missed', async () => {
    await pass(at.phone, 1.2 * HOUR);
    expect(today.value.current).toMatchObject({ occurrence: NOW, state: 'open', makeup: true });
    await pass(at.phone, 0.4 * HOUR);
    expect(today.value.current).toBeNull();
    expect(today.value.done[0]).toMatchObject({ occurrence: NOW, state: 'missed' });
  });

  it('knows a finished round from one finished late and one finished in part', async () => {
    for (const n of [1, 3]) await scan(n);
    const second = await scan(2);
    await submitAnswers(answers({ scan: second.hash }));
    expect(today.value.current).toMatchObject({ state: 'progress', done: 3 });
    await pass(at.phone, 2 * HOUR);
    expect(round(NOW).value).toMatchObject({ state: 'partial', done: 3 });
    expect(round('nothing').value).toBeNull();
  });
});

describe('my log', () => {
  it('shows a person’s own records only, the newest first', async () => {
    await scan(1);
    await signOut('person');
    expect(log.value).toEqual([]);
    at.server.pins.set(OTHER, PIN);
    await signIn(OTHER, PIN);
    expect(log.value.map((entry) => entry.type)).toEqual(['shift.start']);
    await signOut('switch');
    await signIn(GUARD, PIN);
    expect(log.value.map((entry) => entry.type)).toEqual(['shift.start', 'shift.end', 'scan', 'shift.start']);
  });

  it('shows the receipt once the server gave it', async () => {
    await scan(1);
    await runRound(at.phone);
    await upToDate();
    expect(log.value[0]).toMatchObject({ state: 'received', receipt: { from: 1, receivedMs: at.server.now } });
    expect(log.value[0]?.receipt?.checkWord).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(sync.value).toMatchObject({ unsent: 0, receivedUpTo: 3, allReceived: true });
  });

  it('never says that all is received when the last full round is old', async () => {
    await runRound(at.phone);
    await upToDate();
    expect(sync.value.allReceived).toBe(true);
    await pass(at.phone, 11 * 60_000);
    expect(sync.value.allReceived).toBe(false);
  });
});
