import { sync } from '../state/sync';
import { SyncBadge } from '../ui/SyncBadge';
import { href } from './route';
import { zone } from './words';

/** The sync badge with what this phone knows. */
export function Badge() {
  const { unsent, photosUnsent, refused, allReceived, lastFullRound, activity } = sync.value;
  return (
    <SyncBadge
      unsent={unsent}
      photosUnsent={photosUnsent}
      refused={refused}
      allReceived={allReceived}
      lastFullRound={lastFullRound}
      sending={activity === 'sending' || activity === 'photos'}
      zone={zone()}
      href={href({ name: 'log' })}
    />
  );
}
