/** Which phone this is, who holds it, and what time it is. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { say } from '../i18n/label';
import type { PersonBody, SiteBody } from '../protocol/entities';
import { clockNow, deviceRow, head, opened, session, world } from './data';

export { start } from './boot';

export type Phase = 'starting' | 'broken' | 'new' | 'waiting' | 'refused' | 'locked' | 'signed-in';
export type Person = PersonBody;
export type DeviceView = {
  id: string;
  name: string;
  site: { id: string; name: string };
  organisation: { id: string; name: string };
  checkWord: string;
  log: string;
};

/** Which screen the phone is at. A revoked phone stays usable: what it records is kept, and is still sent. */
export const phase: ReadonlySignal<Phase> = computed(() => {
  if (opened.value !== 'open') return opened.value;
  const device = deviceRow.value;
  if (!device) return 'new';
  if (device.state === 'waiting' || device.state === 'refused') return device.state;
  return session.value ? 'signed-in' : 'locked';
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

/** Who is signed in. Somebody who left the roster since is still that person until the shift ends. */
export const person: ReadonlySignal<Person | null> = computed(() => {
  const id = session.value?.person;
  if (id === undefined) return null;
  return world.value.person.get(id)?.body ?? { id, name: '', number: '', role: '', team: null };
});

/** The site of this phone, once it has come down. */
export const site: ReadonlySignal<SiteBody | null> = computed(() => {
  const id = deviceRow.value?.site.id;
  return id === undefined ? null : (world.value.site.get(id)?.body ?? null);
});

/** The best estimate of the true time, ms; moves every ten seconds. */
export const now: ReadonlySignal<number> = clockNow;
