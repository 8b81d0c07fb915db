/** Conditions on earlier answers: when a field is asked, and when it must be answered. Mirrors `sync/forms/conditions.py`. */
import type { Condition } from '../entities';
import { micro } from './numbers';

/** What an earlier answer says to conditions; `level` is null where it could not be read. */
export type Seen = { chosen: readonly string[]; number: string | null; level: string | null };

/** Whether a condition is fulfilled; a field that was not asked or not answered fulfils none. */
export function holds(condition: Condition, seen: ReadonlyMap<string, Seen>): boolean {
  const one = seen.get(condition.field);
  if (!one) return false;
  if ('is' in condition) return one.chosen.includes(condition.is);
  if ('in' in condition) return condition.in.some((word) => one.chosen.includes(word));
  if ('level' in condition) return one.level !== null && condition.level.includes(one.level as never);
  if (one.number === null) return false;
  if ('over' in condition) return micro(one.number) > micro(condition.over);
  return micro(one.number) < micro(condition.under);
}
