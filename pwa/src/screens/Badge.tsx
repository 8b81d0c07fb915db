import { sync } from '../state/sync';
import { SyncBadge } from '../ui/SyncBadge';
import { own } from './own';
import { href } from './route';
import { zone } from './words';

/** The sync badge with what this phone knows. */
export function Badge() {
  const { allReceived, lastFullRound, activity } = sync.value;
  const { unsent, photosUnsent, refused, others } = own();
  return (
    <SyncBadge
      unsent={unsent}
      photosUnsent={photosUnsent}
      refused={refused}
      others={others}
      allReceived={allReceived}
      lastFullRound={lastFullRound}
      sending={activity === 'sending' || activity === 'photos'}
      zone={zone()}
      href={href({ name: 'log' })}
    />
  );
}
