/** A person reports that something is wrong. */
import type { TargetRef } from '../protocol/entities';
import type { Fix } from '../protocol/geo';
import type { Draft, FindingKind, Urgency } from '../protocol/records';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { signedIn } from './signedIn';
import { seen, type PhotoInput, type Saved } from './submitAnswers';
import { noteOf } from './texts';
import { geoOf, whereOf } from './where';

export type FindingInput = {
  occurrence: string | null;
  stop: string | null;
  target: TargetRef | null;
  urgency: Urgency;
  kind: FindingKind;
  note: string | null;
  photos: PhotoInput[];
  /** Where the phone is, as far as it finds out in time; not asked for without the person's consent. */
  fix?: Promise<Fix | null>;
  /** The draft that is forgotten in the same step. */
  draft?: string;
};

/** Keep a finding. Resolves when it is on the disk. */
export function reportFinding(input: FindingInput): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world, engine } = signedIn();
    const pictures = input.photos.map(({ role = 'photo', ...photo }) => ({ ...photo, field: null, role }));
    const { blobs, kept } = await keepPictures(phone, pictures);
    const note = noteOf(input.note);
    const where = await whereOf(input.fix);
    const draft: Draft<'finding'> = {
      type: 'finding',
      actor,
      site,
      private: { ...(note === null ? {} : { note }), ...geoOf(where) },
      ...withBlobs(blobs),
      p: {
        occurrence: input.occurrence,
        stop: input.stop,
        target: seen(world, input.target),
        urgency: input.urgency,
        kind: input.kind,
      },
    };
    const effects = { photos: keptOf(blobs), ...(input.draft === undefined ? {} : { drafts: [input.draft] }) };
    const { hash, seq } = await seal(phone, () => draft, effects);
    // what is urgent waits for nothing
    if (input.urgency === 'urgent') engine.wake('press');
    return { hash, seq, photosKept: kept };
  });
}
