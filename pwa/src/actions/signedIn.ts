/** Who acts, and where: what every record of a person says. */
import { person } from '../state/app';
import { deviceRow, session, world } from '../state/data';
import type { World } from '../state/world';
import { running, type Running } from '../state/running';
import { ActionError } from './problem';

export type Acting = Running & { actor: string; site: string; team: string | null; world: World };

/** Throws `locked` when nobody is signed in. */
export function signedIn(): Acting {
  const device = deviceRow.value;
  const actor = session.value?.person;
  if (!device || actor === undefined) throw new ActionError('locked');
  return {
    ...running(),
    actor,
    site: device.site.id,
    team: person.value?.team ?? null,
    world: world.value,
  };
}
