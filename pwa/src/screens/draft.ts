/** A half-filled form, kept so that it survives a phone that dies. Photos are kept with it until they are in a record. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dropDraft, readDraft, saveDraft } from '../actions/drafts';
import { takePhoto } from '../camera/photo';
import type { FormPhoto, Made } from '../forms/kind';
import { now, person } from '../state/app';

/** A photo as it is kept: `url` is made anew for each page. */
type KeptPhoto = Omit<FormPhoto, 'url'>;
type Kept<T> = { values: T; photos: KeptPhoto[] };

/** How long after the last touch a draft is written, ms. */
const QUIET_MS = 250;

export type Draft<T> = {
  /** Null until the store has been asked. */
  values: T | null;
  photos: readonly FormPhoto[];
  /** Whether something was found from before. */
  found: boolean;
  change: (next: (values: T) => T) => void;
  /** Add a photo; `stamp` are lines that are drawn onto it. */
  addPhoto: (field: string | null, file: File, stamp?: readonly string[]) => void;
  /** Drop a photo, and the original that it was drawn onto. */
  dropPhoto: (key: string) => void;
  /** Put a drawn-on copy in a photo's place; the photo as it was taken stays with it. */
  markPhoto: (key: string, jpeg: Uint8Array) => void;
  /** Keep the voice note or signature of a field in place of the one before; null takes it away. */
  make: (field: string, made: Made | null) => void;
  /** The field whose last picture could not be read. */
  badPhoto: string | null | undefined;
  /** Forget it: what it held is in a record now. */
  drop: () => Promise<void>;
};

/**
 * The draft under `name`, beginning with `empty`; every change is written a moment later. It is its author's: on a
 * shared phone nobody goes on with, or sees, what another one began.
 */
export function useDraft<T>(name: string, empty: T): Draft<T> {
  const [author] = useState(() => person.value?.id ?? '');
  const key = `${author} ${name}`;
  const [values, setValues] = useState<T | null>(null);
  const [photos, setPhotos] = useState<readonly FormPhoto[]>([]);
  const [found, setFound] = useState(false);
  const [badPhoto, setBadPhoto] = useState<string | null | undefined>();
  const touched = useRef(false);
  const over = useRef(false);

  useEffect(() => {
    void readDraft(key).then((raw) => {
      const kept = raw as Kept<T> | null | undefined;
      if (kept) {
        setPhotos(kept.photos.map((photo) => ({ ...photo, url: urlOf(photo) })));
        setFound(true);
      }
      setValues(kept?.values ?? empty);
    });
  }, [key]);

  // what is to be written, at hand also when the page goes away between two pictures
  const latest = useRef<Kept<T> | null>(null);
  const write = (): void => {
    const kept = latest.current;
    latest.current = null;
    // a draft that finds no room stays on the page; the record itself is what counts
    if (kept && !over.current) void saveDraft(key, kept).catch(() => undefined);
  };

  useLayoutEffect(() => {
    if (!touched.current || values === null) return undefined;
    latest.current = { values, photos: photos.map(({ url: _url, ...photo }) => photo) };
    const timer = setTimeout(write, QUIET_MS);
    return () => clearTimeout(timer);
  }, [key, values, photos]);

  useLayoutEffect(() => {
    const hide = (): void => {
      if (document.visibilityState === 'hidden') write();
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      write();
    };
  }, [key]);

  return {
    values,
    photos,
    found,
    badPhoto,
    change: (next) => {
      touched.current = true;
      setValues((before) => next(before ?? empty));
    },
    addPhoto: (field, file, stamp) => {
      setBadPhoto(undefined);
      void takePhoto(file, stamp).then(
        ({ bytes, mime }) => {
          touched.current = true;
          const photo = { key: crypto.randomUUID(), field, bytes, mime, at: now.value };
          setPhotos((before) => [...before, { ...photo, url: urlOf(photo) }]);
        },
        () => setBadPhoto(field),
      );
    },
    dropPhoto: (gone) => {
      touched.current = true;
      setPhotos((before) => {
        const goes = (photo: FormPhoto): boolean => photo.key === gone || photo.of === gone;
        return without(before, goes);
      });
    },
    markPhoto: (key, bytes) => {
      touched.current = true;
      setPhotos((before) => {
        const photo = before.find((one) => one.key === key);
        if (!photo) return before;
        const drawn = { key: crypto.randomUUID(), field: photo.field, bytes, mime: 'image/jpeg', at: photo.at };
        // drawn on a second time: what was taken first stays the original
        const hasOriginal = before.some((one) => one.of === key);
        const kept = hasOriginal ? without(before, (one) => one.key === key) : before;
        const turned = kept.map((one) => (one.key === key || one.of === key ? { ...one, of: drawn.key } : one));
        return [...turned, { ...drawn, url: urlOf(drawn) }];
      });
    },
    make: (field, made) => {
      touched.current = true;
      setPhotos((before) => {
        const rest = without(before, (one) => one.field === field && one.role !== undefined && one.role !== 'photo');
        if (!made) return rest;
        const blob = { key: crypto.randomUUID(), field, at: now.value, ...made };
        return [...rest, { ...blob, url: urlOf(blob) }];
      });
    },
    drop: async () => {
      over.current = true;
      for (const { url } of photos) if (url) URL.revokeObjectURL(url);
      await dropDraft(key);
    },
  };
}

/** The photos but those that go; their addresses are given back. */
function without(photos: readonly FormPhoto[], goes: (photo: FormPhoto) => boolean): readonly FormPhoto[] {
  for (const photo of photos) if (goes(photo) && photo.url) URL.revokeObjectURL(photo.url);
  return photos.filter((photo) => !goes(photo));
}

function urlOf(photo: { bytes: Uint8Array; mime: string }): string {
  return URL.createObjectURL(new Blob([photo.bytes as Uint8Array<ArrayBuffer>], { type: photo.mime }));
}
