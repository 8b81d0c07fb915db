/** What waits and what is refused, as the person in whose hands the phone is may know it. */
import { person } from '../state/app';
import { log } from '../state/log';
import { sync } from '../state/sync';

export type Own = {
  /** Records and photos of theirs that are on this phone only. */
  unsent: number;
  photosUnsent: number;
  /** Records of theirs that need attention. */
  refused: number;
  /** Whether anything of anybody else waits on this phone, too. How much is nobody else's to know. */
  others: boolean;
};

/** With nobody signed in it is the phone's own count, which names nobody. */
export function own(): Own {
  const { unsent, photosUnsent, refused } = sync.value;
  if (person.value === null) return { unsent, photosUnsent, refused, others: false };
  const mine = log.value;
  const waiting = mine.filter(({ state }) => state === 'saved' || state === 'sending').length;
  const photos = mine.reduce((sum, entry) => sum + entry.photos.filter(({ state }) => state === 'saved').length, 0);
  return {
    unsent: waiting,
    photosUnsent: photos,
    refused: mine.filter(({ state }) => state === 'attention').length,
    others: unsent > waiting || photosUnsent > photos,
  };
}
