/** Who acts, and where: what every record of a person says. */
import { person } from '../state/app';
import { deviceRow, room, session, world } from '../state/data';
import type { Walker } from '../state/rounds';
import type { World } from '../state/world';
import { running, type Running } from '../state/running';
import { ActionError } from './problem';

export type Acting = Running & { actor: string; site: string; walker: Walker | null; world: World };

/** Throws `locked` when nobody is signed in, and `store-full` when nothing may be recorded until there is room. */
export function signedIn(): Acting {
  const device = deviceRow.value;
  const actor = session.value?.person;
  if (!device || actor === undefined) throw new ActionError('locked');
  if (room.value.state === 'full') throw new ActionError('store-full');
  return {
    ...running(),
    actor,
    site: device.site.id,
    walker: person.value,
    world: world.value,
  };
}
