/** A person takes over a round that is a colleague's: one record, made with or without a network. */
import { ownerOf } from '../state/rounds';
import { seal } from '../sync/seal';
import { record } from './problem';
import { signedIn } from './signedIn';

/** Keep that the round is theirs now. Resolves when it is on the disk. */
export function takeRound(occurrence: string): Promise<void> {
  return record(async () => {
    const { phone, actor, site, world } = signedIn();
    const plan = world.plan.get(world.occurrence.get(occurrence)?.body.plan ?? '')?.body;
    const p = { occurrence, instead_of: plan ? ownerOf(plan) : null };
    await seal(phone, () => ({ type: 'round.take', actor, site, p }), {});
  });
}
