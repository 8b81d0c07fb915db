/** What stands at the site, by name: for screens that know only an id. */
import type { FormBody, Label, TargetRef } from '../protocol/entities';
import { world } from './data';
import { nameOf, targetOf, type World } from './world';

/** The name of a checkpoint or an asset; null while it is not on this phone. */
export function nameOfTarget(target: TargetRef): Label | null {
  return nameOf(world.value, target);
}

/** The zone in which it stands; null where none is known. */
export function zoneOfTarget(target: TargetRef): Label | null {
  return targetOf(world.value, target)?.body.zone ?? null;
}

/** A form that came down, or null. */
export function formById(id: string): FormBody | null {
  return world.value.form.get(id)?.body ?? null;
}

/** The form that stops of an asset are filled with: of the first one that has some. */
export function formFor(from: World, id: string): FormBody | null {
  for (const { body } of from.route.values()) {
    const stop = body.stops.find((one) => one.target.kind === 'asset' && one.target.id === id && one.form !== null);
    const form = stop?.form ? from.form.get(stop.form)?.body : undefined;
    if (form) return form;
  }
  return null;
}

/** The same, of what is on this phone now. */
export function formOfAsset(id: string): FormBody | null {
  return formFor(world.value, id);
}
