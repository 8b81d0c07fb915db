/** Which phone this is, who holds it, and what time it is. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { say } from '../i18n/label';
import type { PersonBody, SiteBody } from '../protocol/entities';
import { clockNow, deviceRow, expected, head, opened, session, trouble, world } from './data';

export { start } from './boot';

export type Phase =
  | 'starting' | 'broken' | 'new' | 'waiting' | 'refused' | 'locked' | 'signed-in'
  /** It only hands over what it has: nobody signs in any more. */
  | 'leaving'
  /** It has wiped itself. */
  | 'wiped'; // prettier-ignore
export type Person = PersonBody;
export type DeviceView = {
  id: string;
  name: string;
  site: { id: string; name: string };
  organisation: { id: string; name: string };
  checkWord: string;
  log: string;
};

/** Whether this phone is taken out of service. Whoever is signed in may still end the shift. */
export const isLeaving = (): boolean => ['draining', 'revoked'].includes(deviceRow.value?.state ?? '');

/** Which screen the phone is at. */
export const phase: ReadonlySignal<Phase> = computed(() => {
  if (opened.value !== 'open') return opened.value;
  if (trouble.value === 'wiped') return 'wiped';
  const device = deviceRow.value;
  if (!device) return 'new';
  if (device.state === 'waiting' || device.state === 'refused') return device.state;
  if (session.value) return 'signed-in';
  return isLeaving() ? 'leaving' : 'locked';
});

/** This phone, once it asked to join. */
export const device: ReadonlySignal<DeviceView | null> = computed(() => {
  const row = deviceRow.value;
  if (!row) return null;
  const { id, name, organisation, checkWord } = row;
  return {
    id,
    name,
    organisation,
    checkWord,
    site: { id: row.site.id, name: say(row.site.name) },
    log: head.value?.log ?? '',
  };
});

/** The people of the site, by number. */
export const roster: ReadonlySignal<Person[]> = computed(() =>
  [...world.value.person.values()]
    .map(({ body }) => body)
    .sort((a, b) => a.number.localeCompare(b.number, undefined, { numeric: true })),
);

/** The name of a team in the language of the screen. */
export function teamName(team: string): string {
  const known = world.value.team.get(team);
  return known ? say(known.body.name) : '';
}

/** Who is signed in. Somebody who left the roster since is still that person until the shift ends. */
export const person: ReadonlySignal<Person | null> = computed(() => {
  const id = session.value?.person;
  if (id === undefined) return null;
  return world.value.person.get(id)?.body ?? { id, name: '', number: '', role: '', team: null };
});

/** Who goes on with this phone that had the one before. */
export const successor: ReadonlySignal<string | null> = computed(() => expected.value);

/** How long after a PIN what is a person's own is shown without asking again, ms. */
const ASK_AGAIN_MS = 10 * 60_000;

/** Whether who holds the phone gave the PIN a short while ago: for what is theirs alone. */
export const isProven: ReadonlySignal<boolean> = computed(() => {
  const held = session.value;
  return held !== null && Math.abs(clockNow.value - (held.proven ?? held.since)) < ASK_AGAIN_MS;
});

/** The site of this phone, once it has come down. */
export const site: ReadonlySignal<SiteBody | null> = computed(() => {
  const id = deviceRow.value?.site.id;
  return id === undefined ? null : (world.value.site.get(id)?.body ?? null);
});

/** The best estimate of the true time, ms; moves every ten seconds. */
export const now: ReadonlySignal<number> = clockNow;
