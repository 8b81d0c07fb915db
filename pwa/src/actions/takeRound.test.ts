import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseOwn } from '../protocol/records';
import { log } from '../state/log';
import { byDue, round, today } from '../state/today';
import { PIN, pass, scene, type Scene } from '../testing/acting';
import { HOUR, OCCURRENCE, TOKENS, estate, id, printed } from '../testing/estate';
import { GUARD } from '../testing/phone';
import { explainRecord } from './explainRecord';
import { scanCheckpoint } from './scanCheckpoint';
import { signIn } from './signIn';
import { takeRound } from './takeRound';

const THEIRS = OCCURRENCE(8);
const lastOf = async ({ phone }: Scene) => parseOwn((await phone.store.records(1))[0]!.body);

let at: Scene;

beforeEach(async () => {
  at = await scene(await estate());
  await signIn(GUARD, PIN);
  await pass(at.phone, 60_000);
});

describe('standing in for a colleague', () => {
  it('is one record, made without a network, and the round is one’s own from then on', async () => {
    at.server.fault('sync/hello', 'offline', 'offline', 'offline');
    expect(today.value.others.map((one) => one.occurrence)).toEqual([THEIRS]);

    await takeRound(THEIRS);

    expect(await lastOf(at)).toMatchObject({
      type: 'round.take', tv: 1, actor: GUARD, p: { occurrence: THEIRS, instead_of: { kind: 'team', id: id(9, 2) } },
    });
    expect(today.value.others).toEqual([]);
    expect([today.value.current, ...today.value.open].map((one) => one?.occurrence)).toContain(THEIRS);
    expect(log.value[0]).toMatchObject({ title: { key: 'kind.round.take.of', values: { name: '乙' } } });
  });

  it('a code that is read then belongs to the round that was taken over', async () => {
    const scan = () => scanCheckpoint({ text: printed(TOKENS[0]!), method: 'camera', occurrence: null, expectedStop: null, frame: null });
    await scan();
    await takeRound(THEIRS);

    const second = await scan();

    expect(second).toMatchObject({ occurrence: THEIRS, already: false });
    expect(round(THEIRS).value?.done).toBe(1);
  });
});

describe('what is due', () => {
  it('keeps apart what is open, what may only be made up, what is next and what is later', () => {
    const now = today.value.current!;
    const of = (occurrence: string, more: object) => ({ ...now, occurrence, ...more });
    const base = now.from;
    const parts = byDue(
      [
        of('walked', { state: 'progress' }),
        of('open', { state: 'open' }),
        of('soon over', { state: 'open', makeup: true, graceTo: base + HOUR / 4 }),
        of('over later', { state: 'progress', makeup: true, graceTo: base + HOUR }),
        of('next', { state: 'upcoming', from: base + HOUR }),
        of('later', { state: 'upcoming', from: base + 4 * HOUR }),
        of('done', { state: 'done' }),
        of('missed', { state: 'missed' }),
      ],
      base,
    );
    const names = (rounds: { occurrence: string }[]) => rounds.map((one) => one.occurrence);
    expect(parts.current?.occurrence).toBe('walked');
    expect([names(parts.open), names(parts.next), names(parts.later)]).toEqual([['open'], ['next'], ['later']]);
    expect(names(parts.makeup)).toEqual(['soon over', 'over later']);
  });
});

describe('answering a mark', () => {
  it('is a record of its own, with the words as a private part, and stands beside the record', async () => {
    const marked = await scanCheckpoint({ text: printed(TOKENS[0]!), method: 'camera', occurrence: null, expectedStop: null, frame: null });

    await explainRecord(marked.hash, '  两个码挂在一起  ');

    const record = await lastOf(at);
    expect(record).toMatchObject({ type: 'explain', p: { record: marked.hash } });
    expect(JSON.stringify(record)).not.toContain('两个码');
    expect(log.value.find((entry) => entry.hash === marked.hash)?.explained).toMatchObject([{ words: '两个码挂在一起' }]);
    expect(log.value[0]?.explained).toEqual([]);
  });
});
