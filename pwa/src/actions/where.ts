/** What a record says of where it was made: only what its person agreed to. */
import { geoValue, type Fix } from '../protocol/geo';
import type { Location } from '../protocol/records';
import { agreed } from '../state/consent';

/** The text of the private part, `refused` without the person's consent, `unavailable` when there is no position. */
export type Where = { geo: string } | Exclude<Location, 'given'>;

/** Waits for the position no longer than whoever asked for it. */
export async function whereOf(fix: Promise<Fix | null> | undefined): Promise<Where> {
  if (!agreed.value) return 'refused';
  const found = await fix;
  const geo = found ? geoValue(found) : null;
  return geo === null ? 'unavailable' : { geo };
}

export function geoOf(where: Where): { geo?: string } {
  return typeof where === 'string' ? {} : where;
}

export function locationOf(where: Where): Location {
  return typeof where === 'string' ? where : 'given';
}
