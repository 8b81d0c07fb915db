import { useRef } from 'preact/hooks';
import { t } from '../i18n/t';
import { Icon } from './Icon';

/** A photo that was taken: where the browser finds it, and when, as shown. */
export type PhotoTile = { key: string; url: string | null; time: string };

export type PhotosProps = {
  photos: readonly PhotoTile[];
  /** The most that one answer may have. */
  max: number;
  /** Photos are taken now; false lets one choose from the gallery too. */
  cameraOnly?: boolean;
  onAdd: (file: File) => void;
  onDrop: (key: string) => void;
  /** Draw onto a photo; absent where nobody may. */
  onMark?: (key: string) => void;
};

/** Photos as tiles of 96 px with the time burnt under each; the last tile opens the phone's camera. */
export function Photos({ photos, max, cameraOnly = true, onAdd, onDrop, onMark }: PhotosProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="photos">
      {photos.map((photo, i) => (
        <figure key={photo.key} class="shot">
          {photo.url && <img src={photo.url} alt={t('form.photo.name', { n: i + 1, time: photo.time })} />}
          <figcaption class="tag num" aria-hidden="true">
            {photo.time}
          </figcaption>
          {onMark && (
            <button type="button" class="shot__mark" aria-label={t('form.photo.mark', { n: i + 1 })} onClick={() => onMark(photo.key)}>
              <Icon name="pen" />
            </button>
          )}
          <button type="button" aria-label={t('form.photo.drop', { n: i + 1 })} onClick={() => onDrop(photo.key)}>
            <Icon name="close" />
          </button>
        </figure>
      ))}
      {photos.length < max && (
        <button type="button" class="shot shot--add" onClick={() => input.current?.click()}>
          <Icon name="camera" />
          {t(photos.length === 0 ? 'form.photo.add' : 'form.photo.more')}
        </button>
      )}
      <input
        ref={input}
        hidden
        aria-label={t('form.photo.add')}
        type="file"
        accept="image/*"
        {...(cameraOnly ? { capture: 'environment' as const } : {})}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onAdd(file);
        }}
      />
    </div>
  );
}
