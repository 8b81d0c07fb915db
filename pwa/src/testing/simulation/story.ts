/** A story that the seed tells: people work, and everything goes wrong that can. */
import { balances, equation, falselyStored, heal, told, wrongs, type Equation } from './check';
import type { Image } from './disk';
import { end, makeWorld, type Broken, type Handset, type Tab, type World } from './world';

export type Told = { seed: number; trace: string; rounds: number; wrongs: string[]; sum: Equation };

const MINUTE_MS = 60_000;

/** What may happen next, and how often beside the others. */
type Act = [weight: number, name: string, act: (world: World, handset: Handset, tab: Tab, past: Past) => Promise<void> | void];
type Past = { images: [Handset, Image][]; backups: (() => void)[] };

const ACTS: Act[] = [
  [30, 'save', (world, _handset, tab) => begin(world, world.save(tab, `note ${world.dice.below(1_000)}`))],
  [6, 'photo', (world, _handset, tab) => begin(world, world.savePhoto(tab))],
  [24, 'sync', (world, _handset, tab) => begin(world, world.sync(tab))],
  [6, 'wake', ({ dice }, _handset, tab) => tab.engine.wake(dice.pick(['opened', 'visible', 'online', 'saved', 'timer']))],
  [8, 'publish', (world) => world.publish()],
  [5, 'network', ({ weather, dice }) => void (weather.isDown = !weather.isDown && dice.chance(0.6))],
  [2, 'portal', ({ weather, dice }) => void (weather.isPortal = !weather.isPortal && dice.chance(0.6))],
  [5, 'weather', ({ weather, dice }) => void (weather.share = dice.pick([0, 0.05, 0.2, 0.5]))],
  [3, 'disk', (world) => void (world.diskShare = world.dice.pick([0, 0, 0.02, 0.1]))],
  [5, 'kill', killed],
  [3, 'tab', (world, handset) => void (handset.tabs.length < 3 && world.openTab(handset))],
  [3, 'time', (world) => world.scheduler.pass(world.dice.pick([1_000, MINUTE_MS, 30 * MINUTE_MS, 26 * 60 * MINUTE_MS]))],
  [2, 'clock', ({ dice }, handset) => void (handset.skewMs = dice.pick([0, -86_400_000, 315_360_000_000, 3_600_000]))],
  [2, 'stale', ({ server }) => server.fault('sync/', 'stale')],
  [1, 'reset', ({ server }) => void (server.pullReset = 'horizon')],
  [3, 'backup', async (world, handset, _tab, past) => void past.images.push([handset, await world.backup(handset)])],
  [2, 'restore', restored],
  [2, 'clone', cloned],
  [3, 'server backup', ({ server }, _handset, _tab, past) => void past.backups.push(server.backup())],
  [2, 'server set back', setBack],
  [1, 'keys', (world, handset) => world.loseKeys(handset)],
];
const WHOLE = ACTS.reduce((sum, [weight]) => sum + weight, 0);

/** Live through the story of a seed, let all be well again, and look what is wrong. */
export async function tell(seed: number, { acts = 40, broken = {}, watch }: { acts?: number; broken?: Broken; watch?: (what: string) => void } = {}): Promise<Told> {
  const world = await makeWorld(seed, broken);
  const { dice, scheduler } = world;
  const past: Past = { images: [], backups: [] };
  for (let i = 0; i < 1 + dice.below(2); i += 1) await world.newPhone();
  for (let i = 0; i < acts; i += 1) {
    const handset = dice.pick(world.phones);
    const tab = dice.pick(handset.tabs);
    const [, name, act] = pickAct(dice.below(WHOLE));
    scheduler.note(name);
    watch?.(`${handset.name} ${name}`);
    await act(world, handset, tab, past);
    for (let steps = dice.below(40); steps > 0; steps -= 1) await scheduler.step();
    // while the server has not been set back, nothing may ever count as stored that is not
    if (i % 10 === 9 && !world.wasSetBack) world.faults.push(...(await falselyStored(world)));
  }
  await heal(world);
  const sum = await equation(world);
  const found = await wrongs(world);
  if (!balances(sum)) found.push(`the equation does not hold: ${told(sum)}`);
  end(world);
  return { seed, trace: scheduler.trace(), rounds: world.rounds, wrongs: found, sum };
}

function pickAct(at: number): Act {
  let left = at;
  for (const act of ACTS) {
    left -= act[0];
    if (left < 0) return act;
  }
  return ACTS[0]!;
}

/** What was begun may fail for want of room or of a database: then nobody is told that it was saved. */
function begin(_world: World, work: Promise<unknown>): void {
  work.catch(() => undefined);
}

function killed(world: World, handset: Handset, tab: Tab): void {
  world.kill(handset, tab);
  if (handset.tabs.length === 0) world.openTab(handset);
}

async function restored(world: World, _handset: Handset, _tab: Tab, past: Past): Promise<void> {
  if (past.images.length === 0) return;
  const [handset, image] = world.dice.pick(past.images);
  await world.restore(handset, image);
}

async function cloned(world: World, _handset: Handset, _tab: Tab, past: Past): Promise<void> {
  if (past.images.length > 0 && world.phones.length < 4) await world.clone(world.dice.pick(past.images)[1]);
}

async function setBack(world: World, _handset: Handset, _tab: Tab, past: Past): Promise<void> {
  if (past.backups.length === 0) return;
  await world.setBack(world.dice.pick(past.backups));
  // nobody need say so
  if (world.dice.chance(0.5)) world.server.epoch = `epoch-${world.dice.below(1_000_000)}`;
}
