/** A picture of the site as this phone keeps it, for an image element. */
import { useEffect, useState } from 'preact/hooks';
import { pictureUrl } from '../actions/pictureUrl';

/** `isAsked` once it is known whether the phone has it. */
export type Kept = { url: string | null; isAsked: boolean };

/** The picture of this hash; its address is given back when it is shown no more. */
export function usePicture(sha256: string | null): Kept {
  const [found, setFound] = useState<Kept>({ url: null, isAsked: false });
  useEffect(() => {
    if (sha256 === null) return undefined;
    let made: string | null = null;
    let gone = false;
    void pictureUrl(sha256)
      .catch(() => null)
      .then((url) => {
        made = url;
        if (gone && url) URL.revokeObjectURL(url);
        else setFound({ url, isAsked: true });
      });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [sha256]);
  return found;
}
