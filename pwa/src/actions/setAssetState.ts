/** A person says that an asset stands still, or runs again. */
import type { AssetState } from '../protocol/entities';
import type { Draft } from '../protocol/records';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { signedIn } from './signedIn';
import type { PhotoInput, Saved } from './submitAnswers';
import { noteOf } from './texts';

export type AssetStateInput = {
  asset: string;
  state: AssetState;
  /** Since when, where they know it, ms. */
  since: number | null;
  note: string | null;
  photos: readonly PhotoInput[];
  /** The scan that shows that they stand before it. */
  scan: string | null;
};

/** Keep the state of an asset. Resolves when it is on the disk. */
export function setAssetState(input: AssetStateInput): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world, engine } = signedIn();
    const pictures = input.photos.map(({ bytes }) => ({ bytes, field: null, role: 'photo' as const }));
    const { blobs, kept } = await keepPictures(phone, pictures);
    const note = noteOf(input.note);
    const draft: Draft<'asset.state'> = {
      type: 'asset.state',
      actor,
      site,
      private: note === null ? {} : { note },
      ...(input.scan === null ? {} : { deps: [input.scan] }),
      base: { entity: input.asset, version: world.asset.get(input.asset)?.version ?? 1 },
      ...withBlobs(blobs),
      p: { asset: input.asset, state: input.state, since_ms: input.since },
    };
    const { hash, seq } = await seal(phone, () => draft, { photos: keptOf(blobs) });
    engine.wake('press');
    return { hash, seq, photosKept: kept };
  });
}
