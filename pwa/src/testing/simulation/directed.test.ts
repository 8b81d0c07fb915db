import { describe, expect, it } from 'vitest';
import { parseOwn } from '../../protocol/records';
import { falselyStored, heal, wrongs } from './check';
import { DOUBLES } from './doubles';
import { end, makeWorld, type Broken, type World } from './world';

type Scene = (world: World) => Promise<string[]>;

/** Let everything be well again and say what is wrong. */
async function after(world: World): Promise<string[]> {
  await heal(world);
  return wrongs(world);
}

const SCENES: Record<string, [what: string, scene: Scene, double: keyof typeof DOUBLES]> = {
  'two tabs that save at once': ['never take the same place', twoTabs, 'withoutCompare'],
  'a tab that is killed while it saves': ['has not said "saved", or the record is there', killedSave, 'saidTooEarly'],
  'what the server puts off': ['is not taken for stored', putOff, 'anyOutcomeIsStored'],
  'a forked record that a set back server lost': ['is found by its hash, for no number shows it', lostFork, 'numbersOnly'],
  'a server that was set back': ['gets again what it lost', setBack, 'neverAgain'],
  'a tab that is killed between any two steps of a pull': ['has neither rows without their bookmark nor the other way round', killedPull, 'bookmarkFirst'],
  'a Wi-Fi that answers a push with 200': ['has not taken the records', portalPush, 'statusIsEnough'],
  'a Wi-Fi that answers for a photo with 200': ['has not taken the photo', portalPhoto, 'anybodyIsTheServer'],
  'a receipt that another key signed': ['is not believed', forgedReceipt, 'anySignature'],
};

describe.each(Object.entries(SCENES))('%s', (_name, [what, scene, double]) => {
  it(what, async () => {
    expect(await manyTimes(scene, {}, 2)).toEqual([]);
  });

  it(`and the simulation sees when it is otherwise: ${double}`, async () => {
    expect(await manyTimes(scene, DOUBLES[double], 6)).not.toEqual([]);
  });
});

/** The same scene in several orders, until something is wrong. */
async function manyTimes(scene: Scene, broken: Broken, orders: number): Promise<string[]> {
  for (let seed = 1; seed <= orders; seed += 1) {
    const world = await makeWorld(seed, broken);
    await world.newPhone();
    const found = await scene(world);
    end(world);
    if (found.length > 0) return found;
  }
  return [];
}

async function twoTabs(world: World): Promise<string[]> {
  const [phone] = world.phones;
  const other = world.openTab(phone!);
  await world.until(Promise.all([world.save(phone!.tabs[0]!), world.save(other), world.save(phone!.tabs[0]!), world.save(other)]));
  return after(world);
}

async function killedSave(world: World): Promise<string[]> {
  const [phone] = world.phones;
  for (let steps = 1; steps < 14; steps += 1) {
    const tab = phone!.tabs[0]!;
    void world.save(tab).catch(() => undefined);
    for (let i = 0; i < steps; i += 1) await world.scheduler.step();
    world.kill(phone!, tab);
    world.openTab(phone!);
  }
  return after(world);
}

async function putOff(world: World): Promise<string[]> {
  const tab = world.phones[0]!.tabs[0]!;
  await world.until(world.save(tab));
  world.server.fault('sync/push', 'later');
  await world.until(world.sync(tab));
  const found = await falselyStored(world);
  return [...found, ...(await after(world))];
}

async function lostFork(world: World): Promise<string[]> {
  const phone = world.phones[0]!;
  const image = await world.backup(phone);
  await world.until(world.save(phone.tabs[0]!, 'before the restore'));
  await world.until(world.sync(phone.tabs[0]!));
  const giveBack = world.server.backup();
  await world.restore(phone, image);
  await world.until(world.save(phone.tabs[0]!, 'in the same place'));
  await world.until(world.sync(phone.tabs[0]!));
  await world.until(world.sync(phone.tabs[0]!));
  await world.setBack(giveBack);
  return after(world);
}

async function setBack(world: World): Promise<string[]> {
  const tab = world.phones[0]!.tabs[0]!;
  const giveBack = world.server.backup();
  await world.until(world.save(tab));
  await world.until(world.savePhoto(tab));
  await world.until(world.sync(tab));
  await world.setBack(giveBack);
  return after(world);
}

async function killedPull(world: World): Promise<string[]> {
  const [phone] = world.phones;
  const { scheduler } = world;
  for (let i = 0; i < 5; i += 1) world.publish();
  for (let pages = 1; pages < 5; pages += 1) {
    world.publish();
    const tab = phone!.tabs[0]!;
    void world.sync(tab);
    const end = scheduler.passed('applyPage') + pages;
    for (let i = 0; i < 200 && scheduler.passed('applyPage') < end; i += 1) await scheduler.step();
    world.kill(phone!, tab);
    world.openTab(phone!);
  }
  return after(world);
}

async function portalPush(world: World): Promise<string[]> {
  const tab = world.phones[0]!.tabs[0]!;
  await world.until(world.save(tab));
  world.server.fault('sync/push', 'html200');
  await world.until(world.sync(tab));
  const found = await falselyStored(world);
  return [...found, ...(await after(world))];
}

async function portalPhoto(world: World): Promise<string[]> {
  const tab = world.phones[0]!.tabs[0]!;
  await world.until(world.savePhoto(tab));
  world.server.fault('/blobs/', 'html200');
  await world.until(world.sync(tab));
  const found = await falselyStored(world);
  return [...found, ...(await after(world))];
}

async function forgedReceipt(world: World): Promise<string[]> {
  const tab = world.phones[0]!.tabs[0]!;
  await world.until(world.save(tab));
  world.server.fault('sync/push', 'forged');
  await world.until(world.sync(tab));
  return after(world);
}

describe('a phone that was copied', () => {
  it('goes on in two lives: each has its own log, and what both have done is kept', async () => {
    const world = await makeWorld(3);
    const phone = await world.newPhone();
    await world.until(world.save(phone.tabs[0]!));
    const twin = await world.clone(await world.backup(phone));
    for (const one of [phone, twin, twin, phone]) {
      await world.until(world.save(one.tabs[0]!, `of ${one.name}`));
      await world.until(world.sync(one.tabs[0]!));
    }
    expect(await after(world)).toEqual([]);
    const logs = await Promise.all(world.phones.map((one) => world.until(one.tabs[0]!.phone.store.head())));
    expect(new Set(logs.map((head) => head?.log)).size).toBe(2);
    expect([...world.server.records.values()].filter((record) => record.log === 'fork').length).toBeGreaterThan(0);
    end(world);
  });

  it('that lost its keys goes on in a log that nobody vouches for, and hands over what the lost key had signed', async () => {
    const world = await makeWorld(4);
    const phone = await world.newPhone();
    await world.until(world.save(phone.tabs[0]!));
    await world.until(world.savePhoto(phone.tabs[0]!));
    await world.loseKeys(phone);
    const hash = await world.until(world.save(phone.tabs[0]!, 'with a new key'));
    expect(await after(world)).toEqual([]);
    const opening = [...world.server.records.values()].find((record) => record.log === world.server.records.get(hash)?.log);
    expect(parseOwn(opening!.wire.body)).toMatchObject({ type: 'log.open', p: { reason: 'restored' } });
    expect(opening!.wire.sig_prev).toBeUndefined();
    end(world);
  });
});
