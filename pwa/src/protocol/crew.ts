/** At which stops both people of a crew scan: drawn from the occurrence, the same on every phone and on the server. */
import { utf8 } from './encoding';
import { sha256 } from './sha256';

/** How many stops are drawn, where there are as many. */
const DRAWN = 2;

/** The ids of the stops that are drawn, of those between the first and the last; `stops` in walking order. */
export function drawn(occurrence: string, stops: readonly string[]): string[] {
  const rank = (stop: string): string => {
    const hasher = sha256();
    hasher.add(utf8(`fieldsync/1 crew\n${occurrence}\n${stop}`));
    return hasher.end();
  };
  return stops
    .slice(1, -1)
    .map((stop) => ({ stop, rank: rank(stop) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, DRAWN)
    .map(({ stop }) => stop);
}
