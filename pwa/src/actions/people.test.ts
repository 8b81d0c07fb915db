import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOwn } from '../protocol/records';
import { device, person, phase, roster, site } from '../state/app';
import * as data from '../state/data';
import { setRunning } from '../state/running';
import { createEngine } from '../sync/engine';
import { OTHER, estate } from '../testing/estate';
import { PIN, scene, show, type Scene } from '../testing/acting';
import { CODE, GUARD, testPhone, type TestPhone } from '../testing/phone';
import { fakeServer, type FakeServer } from '../testing/server';
import { enrol, pollEnrolment } from './enrol';
import { signIn, signOut } from './signIn';

const lastOf = async (phone: TestPhone) => parseOwn((await phone.store.records(1))[0]!.body);

describe('joining', () => {
  let server: FakeServer;
  let phone: TestPhone;

  beforeEach(async () => {
    server = await fakeServer();
    phone = testPhone(server);
    await show(phone);
    const engine = createEngine(phone, { step: () => undefined, trouble: () => undefined, inFlight: () => undefined });
    setRunning({ phone, engine });
    data.opened.value = 'open';
  });

  it('goes from new to waiting to locked, and the log begins', async () => {
    expect(phase.value).toBe('new');
    await enrol(CODE, '4 号手机');
    expect(phase.value).toBe('waiting');
    expect(device.value?.checkWord).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    await pollEnrolment();
    expect(phase.value).toBe('waiting');
    expect(await phone.store.records(9)).toEqual([]);

    server.deviceState = 'active';
    await pollEnrolment();

    expect(phase.value).toBe('locked');
    expect(await lastOf(phone)).toMatchObject({ type: 'log.open', seq: 1, p: { device: device.value?.id, reason: 'enrolled' } });
  });

  it('that was refused says so, and may begin anew', async () => {
    await enrol(CODE, '');
    server.deviceState = 'refused';
    await pollEnrolment();
    expect(phase.value).toBe('refused');
    server.deviceState = 'waiting';
    const before = device.value?.log;
    await enrol('BAECAwQFBgcICQoLDA0ODw', '');
    expect(phase.value).toBe('waiting');
    expect(device.value?.log).not.toBe(before);
  });

  it('whose answer was lost is asked again with the same keys', async () => {
    server.fault('sync/enrol', 'lost');
    await expect(enrol(CODE, '')).rejects.toMatchObject({ slug: 'offline' });
    expect(phase.value).toBe('new');
    await enrol(CODE, '');
    expect(server.logs.size).toBe(1);
    expect(phase.value).toBe('waiting');
  });

  it.each([
    ['nonsense', 'enrolment-over'],
    ['usedAwQFBgcICQoLDA0ODw', 'enrolment-over'],
  ])('with the code %s is refused', async (code, slug) => {
    await expect(enrol(code, '')).rejects.toMatchObject({ slug });
    expect(phase.value).toBe('new');
  });

  it.each([
    ['html200', 'portal'],
    ['offline', 'offline'],
    [500, 'server'],
    [429, 'slow-down'],
  ] as const)('through %s says what is wrong', async (fault, slug) => {
    server.fault('sync/enrol', fault);
    await expect(enrol(CODE, '')).rejects.toMatchObject({ slug });
  });
});

describe('signing in', () => {
  let at: Scene;
  beforeEach(async () => {
    at = await scene(await estate());
  });

  it('shows the roster, and the first time needs the network', async () => {
    expect(roster.value.map((one) => one.number)).toEqual(['3', '12']);
    at.server.fault('sign-in', 'offline');
    expect(await signIn(GUARD, PIN)).toEqual({ ok: false, triesLeft: null, waitS: 0, needsNetwork: true });
    expect(phase.value).toBe('locked');

    expect(await signIn(GUARD, PIN)).toEqual({ ok: true });
    expect(phase.value).toBe('signed-in');
    expect(person.value?.name).toBe('王伟');
    expect(site.value?.time_zone).toBe('Asia/Shanghai');
    expect(await lastOf(at.phone)).toMatchObject({ type: 'shift.start', actor: GUARD, p: { online: true, failed_tries: 0 } });
  });

  it('works without a network once the phone knows the person, and says so', async () => {
    await signIn(GUARD, PIN);
    await signOut('person');
    expect(await lastOf(at.phone)).toMatchObject({ type: 'shift.end', p: { reason: 'person' } });
    at.server.fault('sign-in', 'offline', 'offline');
    expect(await signIn(GUARD, '000000')).toEqual({ ok: false, triesLeft: 7, waitS: 0, needsNetwork: false });
    expect(await signIn(GUARD, PIN)).toEqual({ ok: true });
    expect(await lastOf(at.phone)).toMatchObject({ p: { online: false, failed_tries: 1 } });
  });

  it('counts a try before it is judged, and after eight the network is needed, for the right PIN too', async () => {
    await signIn(GUARD, PIN);
    await signOut('quiet');
    at.server.fault('sign-in', ...Array<'offline'>(12).fill('offline'));
    const counting = vi.spyOn(at.phone.store, 'countTry');
    const judging = vi.spyOn(at.phone.crypto, 'mac');
    for (let left = 7; left >= 0; left -= 1) {
      expect(await signIn(GUARD, '111111')).toMatchObject({ ok: false, triesLeft: left, needsNetwork: left === 0 });
    }
    expect(counting.mock.invocationCallOrder[0]).toBeLessThan(judging.mock.invocationCallOrder[0]!);
    expect(await signIn(GUARD, PIN)).toMatchObject({ ok: false, needsNetwork: true });
    expect(phase.value).toBe('locked');
    at.server.fault('nothing');
  });

  it('a right PIN for one person is not another’s', async () => {
    await signIn(GUARD, PIN);
    await signOut('switch');
    at.server.fault('sign-in', 'offline');
    expect(await signIn(OTHER, PIN)).toMatchObject({ ok: false, needsNetwork: true });
  });

  it('a wrong PIN by the server’s word counts on the phone too', async () => {
    expect(await signIn(GUARD, '999999')).toEqual({ ok: false, triesLeft: 4, waitS: 0, needsNetwork: false });
    await signIn(GUARD, PIN);
    expect(await lastOf(at.phone)).toMatchObject({ p: { online: true, failed_tries: 1 } });
  });

  it('of somebody else ends the shift of the one before', async () => {
    at.server.pins.set(OTHER, PIN);
    await signIn(GUARD, PIN);
    await signIn(OTHER, PIN);
    const types = (await at.phone.store.records(3)).map((row) => parseOwn(row.body));
    expect(types).toMatchObject([
      { type: 'shift.start', actor: OTHER },
      { type: 'shift.end', actor: GUARD, p: { reason: 'switch' } },
      { type: 'shift.start', actor: GUARD },
    ]);
  });

  it('survives a phone that is switched off', async () => {
    await signIn(GUARD, PIN);
    data.session.value = null;
    await show(at.phone);
    expect(phase.value).toBe('signed-in');
  });

  it.each(['12345', '1234567', '12345a', '１２３４５６'])('%s is no PIN', async (pin) => {
    expect(await signIn(GUARD, pin)).toMatchObject({ ok: false });
    expect(at.server.asked.some((path) => path.endsWith('sign-in'))).toBe(false);
  });
});
