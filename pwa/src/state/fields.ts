/** What the fields of a form may need to know of where they are filled: the meters of the asset, the parts of the site. */
import type { Label, MeterBody, TargetRef } from '../protocol/entities';
import type { Meters } from '../protocol/forms';
import { dayIn, limitsOn } from '../protocol/meters';
import { world } from './data';

/** A meter as a form's field asks for it. */
export type MeterSeen = Pick<MeterBody, 'id' | 'name' | 'unit' | 'decimals' | 'kind' | 'limits' | 'last'> & { edition: number; jump: string | null };
export type PartSeen = { id: string; number: string; name: Label; unit: string };

/** The meters of the asset at a place, by their keys; of a checkpoint none. */
export function metersAt(target: TargetRef | null): ReadonlyMap<string, MeterSeen> {
  const found = new Map<string, MeterSeen>();
  if (target?.kind !== 'asset') return found;
  for (const { body } of world.value.meter.values()) {
    if (body.asset === target.id && !body.retired) found.set(body.key, seenOf(body));
  }
  return found;
}

/** The meter with the limits of today: those of its season, on the day of the site. */
function seenOf(meter: MeterBody): MeterSeen {
  const { id, edition, name, unit, decimals, kind, last, jump = null } = meter;
  const zone = [...world.value.site.values()][0]?.body.time_zone ?? 'Asia/Shanghai';
  return { id, edition, name, unit, decimals, kind, limits: limitsOn(meter, dayIn(Date.now(), zone)), last, jump };
}

/** The same meters as `judge` asks for them. */
export function definitionsOf(meters: ReadonlyMap<string, MeterSeen>): Meters {
  return Object.fromEntries([...meters.values()].map((meter) => [meter.id, meter]));
}

/** The parts of the site that are in use, by their numbers. */
export function partsKnown(): PartSeen[] {
  return [...world.value.part.values()]
    .filter(({ body }) => !body.retired)
    .map(({ body: { id, number, name, unit } }) => ({ id, number, name, unit }))
    .sort((a, b) => (a.number < b.number ? -1 : 1));
}
