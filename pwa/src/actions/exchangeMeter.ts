/** A technician says that a meter was exchanged. */
import type { Draft } from '../protocol/records';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { signedIn } from './signedIn';
import type { PhotoInput, Saved } from './submitAnswers';
import { noteOf } from './texts';

export type ExchangeInput = {
  meter: string;
  /** What the old one showed last, as a decimal text; null where nobody could read it. */
  end: string | null;
  /** What the new one began with. */
  start: string;
  /** What stands on the new one's case. */
  number: string | null;
  note: string | null;
  photos: readonly PhotoInput[];
  /** The scan that shows that they stand before it. */
  scan: string | null;
};

/** Keep that a meter was exchanged. Resolves when it is on the disk. */
export function exchangeMeter({ meter, end, start, number, ...input }: ExchangeInput): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world, engine } = signedIn();
    const { blobs, kept } = await keepPictures(phone, input.photos.map(({ bytes }) => ({ bytes, field: null, role: 'photo' as const })));
    const note = noteOf(input.note);
    const row = world.meter.get(meter);
    const draft: Draft<'meter.exchange'> = {
      type: 'meter.exchange',
      actor,
      site,
      private: note === null ? {} : { note },
      ...(input.scan === null ? {} : { deps: [input.scan] }),
      base: { entity: meter, version: row?.version ?? 1 },
      ...withBlobs(blobs),
      p: { meter, edition: row?.body.edition ?? 1, end, start, number, seen: row?.body.exchanges ?? 0 },
    };
    const { hash, seq } = await seal(phone, () => draft, { photos: keptOf(blobs) });
    engine.wake('press');
    return { hash, seq, photosKept: kept };
  });
}
