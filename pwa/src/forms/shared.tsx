/** What several kinds show in the same way: the question, and note and photos under a fault. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { langOf, say } from '../i18n/label';
import { t } from '../i18n/t';
import type { FormField } from '../protocol/entities';
import { Photos } from '../ui/Photos';
import { Note } from '../ui/Saved';
import type { InputProps } from './kind';

/** The most photos that one field takes. */
export const MAX_PHOTOS = 10;

/** A field's name, spoken in its own language. */
export function Question({ field }: { field: FormField }) {
  return <span lang={langOf(field.label)}>{say(field.label)}</span>;
}

/** What to look at, if the form says so. */
export function Hint({ field }: { field: FormField }) {
  if (!field.hint) return null;
  return (
    <p class="meta" lang={langOf(field.hint)}>
      {say(field.hint)}
    </p>
  );
}

type Photographed = Pick<InputProps, 'photos' | 'onAddPhoto' | 'onDropPhoto' | 'clock' | 'badPhoto'>;

/** The photos of one field, with a sentence when the last one could not be read. */
export function FieldPhotos({ photos, onAddPhoto, onDropPhoto, clock, badPhoto }: Photographed) {
  return (
    <>
      <Photos
        photos={photos.map((photo) => ({ key: photo.key, url: photo.url, time: clock(photo.at) }))}
        max={MAX_PHOTOS}
        onAdd={onAddPhoto}
        onDrop={onDropPhoto}
      />
      {badPhoto && (
        <Note tone="warn" icon="camera" live>
          {t('form.photo.bad')}
        </Note>
      )}
    </>
  );
}

/** Note and photos of a fault, opened in place under the question. */
export function FaultDetails(props: InputProps & { needsPhoto: boolean; children?: ComponentChildren }) {
  const { text, onText, photos, needsPhoto, children } = props;
  const id = useId();
  return (
    <div class="fault">
      {children}
      <p class="field__q">
        <span>{t('form.photo.of')}</span>
        <small>
          {needsPhoto ? t('form.photo', { n: 1, m: photos.length }) : t('form.photo.any', { m: photos.length })}
        </small>
      </p>
      <FieldPhotos {...props} />
      <label class="field__q" for={id}>
        <span>{t('form.note')}</span>
        <small>{t('form.optional')}</small>
      </label>
      <textarea id={id} rows={2} maxLength={2000} value={text} onInput={(event) => onText(event.currentTarget.value)} />
    </div>
  );
}
