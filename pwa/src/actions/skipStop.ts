/** A person skips a stop of a round that they cannot reach, and says why. */
import type { TargetRef } from '../protocol/entities';
import type { Draft, SkipReason } from '../protocol/records';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { signedIn } from './signedIn';
import { seen, type PhotoInput, type Saved } from './submitAnswers';
import { noteOf } from './texts';

export type SkipInput = {
  occurrence: string;
  stop: string;
  target: TargetRef;
  reason: SkipReason;
  note: string | null;
  photos: PhotoInput[];
};

/** Keep that a stop was skipped. Resolves when it is on the disk. */
export function skipStop(input: SkipInput): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world } = signedIn();
    const pictures = input.photos.map(({ bytes }) => ({ bytes, field: null, role: 'photo' as const }));
    const { blobs, kept } = await keepPictures(phone, pictures);
    const note = noteOf(input.note);
    const draft: Draft<'stop.skip'> = {
      type: 'stop.skip',
      actor,
      site,
      private: note === null ? {} : { note },
      ...withBlobs(blobs),
      p: { occurrence: input.occurrence, stop: input.stop, target: seen(world, input.target), reason: input.reason },
    };
    const { hash, seq } = await seal(phone, () => draft, { photos: keptOf(blobs) });
    return { hash, seq, photosKept: kept };
  });
}
