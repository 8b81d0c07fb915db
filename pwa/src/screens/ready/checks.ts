/** What this phone can do, tried out and not guessed from its make. Each check returns one fact. */
import { startReader } from '../../camera/reader';
import { bytes, day, span } from '../../i18n/format';
import { t } from '../../i18n/t';
import { shellKept } from '../../shell/update';
import { now } from '../../state/app';
import { weak } from '../../state/keeping';
import { sync } from '../../state/sync';
import { today } from '../../state/today';
import type { IconName } from '../../ui/icons';
import type { Tone } from '../../ui/State';
import { isInstalled } from '../enrol/where';
import { own } from '../own';
import { when, zone } from '../words';

/** One line of the list; `why` stands only where something is wrong. */
export type Check = { id: string; tone: Tone; icon: IconName; name: string; value: string; why?: string };

/** Less room than this may not hold a shift's photos, bytes. */
const LITTLE_ROOM = 200e6;
/** A clock that is further off makes the times of records doubtful, ms. */
const CLOCK_OFF_MS = 60_000;
/** Under this share the battery may not last a round. */
const LOW_BATTERY = 0.3;
/** How long the reader may take to start, ms. */
const READER_MS = 15_000;

type Battery = { level: number; charging: boolean };

const good = (id: string, name: string, value: string): Check => ({ id, tone: 'good', icon: 'st-done', name, value });
const warn = (id: string, name: string, value: string, why: string): Check => ({ id, tone: 'warn', icon: 'rc-attention', name, value, why });
const calm = (id: string, icon: IconName, name: string, value: string): Check => ({ id, tone: 'calm', icon, name, value });

/** Try everything; what the browser cannot tell is left out. */
export async function runChecks(): Promise<Check[]> {
  const found = await Promise.all([shell(), reader(), storage(), room(), camera(), keys(), clock(), plan(), battery(), install(), unsent(), heard()]);
  return found.filter((check) => check !== null);
}

function shell(): Check {
  const name = t('ready.shell');
  return shellKept.value ? good('shell', name, t('ready.shell.ok')) : warn('shell', name, t('ready.shell.bad'), t('ready.shell.why'));
}

async function reader(): Promise<Check> {
  const name = t('ready.reader');
  const started = startReader();
  try {
    const blank = new ImageData(16, 16);
    const late = new Promise<never>((_, failed) => setTimeout(() => failed(new Error('late')), READER_MS));
    await Promise.race([started.read(blank), late]);
    return good('reader', name, t('ready.reader.ok'));
  } catch {
    return warn('reader', name, t('ready.reader.bad'), t('ready.reader.why'));
  } finally {
    started.close();
  }
}

async function storage(): Promise<Check> {
  const name = t('ready.storage');
  const manager = navigator.storage as StorageManager | undefined;
  const locked = (await manager?.persisted?.()) || (await manager?.persist?.()) || false;
  return locked ? good('storage', name, t('ready.storage.ok')) : warn('storage', name, t('ready.storage.bad'), t('ready.storage.why'));
}

async function room(): Promise<Check | null> {
  const manager = navigator.storage as StorageManager | undefined;
  const { quota, usage } = (await manager?.estimate?.()) ?? {};
  if (quota === undefined) return null;
  const left = quota - (usage ?? 0);
  const name = t('ready.room');
  return left >= LITTLE_ROOM ? good('room', name, bytes(left)) : warn('room', name, bytes(left), t('ready.room.why'));
}

async function camera(): Promise<Check> {
  const name = t('ready.camera');
  const devices = await (navigator.mediaDevices as MediaDevices | undefined)?.enumerateDevices().catch(() => []);
  const granted = await navigator.permissions?.query({ name: 'camera' as PermissionName }).then(
    (status) => status.state,
    () => 'prompt' as const,
  );
  const has = devices?.some((device) => device.kind === 'videoinput') ?? false;
  if (!has || granted === 'denied') return warn('camera', name, t('ready.camera.bad'), t('ready.camera.why'));
  return good('camera', name, t(granted === 'granted' ? 'ready.camera.ok' : 'ready.camera.ask'));
}

async function keys(): Promise<Check> {
  const name = t('ready.keys');
  if (weak.value) return warn('keys', name, t('ready.keys.weak'), t('ready.keys.weak.why'));
  try {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const how = { name: 'ECDSA', hash: 'SHA-256' };
    const text = new TextEncoder().encode('roundsman');
    const fits = await crypto.subtle.verify(how, pair.publicKey, await crypto.subtle.sign(how, pair.privateKey, text), text);
    if (fits) return good('keys', name, t('ready.keys.ok'));
  } catch {
    // told below
  }
  return warn('keys', name, t('ready.keys.bad'), t('ready.keys.why'));
}

function clock(): Check {
  const name = t('ready.clock');
  if (sync.value.lastFullRound === null) return calm('clock', 'clock', name, t('ready.clock.unknown'));
  const off = Date.now() - now.value;
  // the estimate moves every ten seconds, so less than a minute is no difference
  if (Math.abs(off) < CLOCK_OFF_MS) return good('clock', name, t('ready.clock.ok'));
  const value = t(off > 0 ? 'ready.clock.fast' : 'ready.clock.slow', { time: span(Math.abs(off)) });
  return warn('clock', name, value, t('ready.clock.why'));
}

function plan(): Check {
  const name = t('ready.plan');
  const until = today.value.scheduledUntil;
  if (until === null || until < now.value) return warn('plan', name, t('ready.plan.none'), t('ready.plan.why'));
  return good('plan', name, t('ready.plan.to', { date: day(until, zone()) }));
}

async function battery(): Promise<Check | null> {
  const get = (navigator as { getBattery?: () => Promise<Battery> }).getBattery;
  if (!get) return null;
  const { level, charging } = await get.call(navigator);
  const value = `${Math.round(level * 100)}%`;
  const name = t('ready.battery');
  return charging || level >= LOW_BATTERY ? good('battery', name, value) : warn('battery', name, value, t('ready.battery.why'));
}

function install(): Check {
  const name = t('ready.install');
  return isInstalled() ? good('install', name, t('ready.install.ok')) : calm('install', 'rc-phone', name, t('ready.install.no'));
}

function unsent(): Check {
  const { unsent: n, photosUnsent: m, others } = own();
  const mine = m > 0 ? t('ready.unsent.photos', { n, m }) : t('ready.unsent.count', { n });
  const value = others ? t('ready.unsent.others', { mine }) : mine;
  return calm('unsent', 'rc-phone', t('ready.unsent'), value);
}

function heard(): Check {
  const last = sync.value.lastFullRound;
  return calm('heard', 'clock', t('ready.heard'), last === null ? t('sync.never') : when(last));
}
