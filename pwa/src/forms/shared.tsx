/** What several kinds show in the same way: the question, its guide, and note and photos under a fault. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { langOf, say } from '../i18n/label';
import { t } from '../i18n/t';
import type { FormField, Guide } from '../protocol/entities';
import { Field } from '../ui/Field';
import { Photos } from '../ui/Photos';
import { Note } from '../ui/Saved';
import type { Tone } from '../ui/State';
import { anchorOf, type InputProps } from './kind';

/** The most photos that one field takes. */
export const MAX_PHOTOS = 10;

export type AskProps = {
  of: Pick<InputProps, 'field' | 'required' | 'loadPicture'>;
  /** The id of the question, which the control names as its label. */
  id: string;
  /** When the label belongs to a control with this id. */
  htmlFor?: string;
  /** What stands at the right of the question, instead of whether it may be left out. */
  aside?: ComponentChildren;
  tone?: Tone | undefined;
  children: ComponentChildren;
};

/** A field of the form: question, guide, and the control that answers it. */
export function Ask({ of, id, htmlFor, aside, tone, children }: AskProps) {
  const { field, required, loadPicture } = of;
  const right = aside ?? (required ? undefined : t('form.optional'));
  return (
    <Field
      questionId={id}
      question={<Question field={field} />}
      {...(htmlFor === undefined ? {} : { htmlFor })}
      {...(right === undefined ? {} : { aside: right })}
      {...(tone === undefined ? {} : { tone })}
      anchor={anchorOf(field.id)}
    >
      <Hint field={field} />
      {field.guide && <Guidance guide={field.guide} load={loadPicture} />}
      {children}
    </Field>
  );
}

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

/** How it ought to look: the example and its words. */
function Guidance({ guide, load }: { guide: Guide; load: InputProps['loadPicture'] }) {
  const { text, picture } = guide;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!picture) return undefined;
    let gone = false;
    let made: string | null = null;
    void load(picture.sha256).then((found) => {
      made = found;
      if (gone) release(found);
      else setUrl(found);
    });
    return () => {
      gone = true;
      release(made);
    };
  }, [picture?.sha256]);
  if (!text && url === null) return null;
  return (
    <figure class="guide">
      {url && picture && <img src={url} width={picture.width} height={picture.height} alt={text ? '' : t('form.guide')} />}
      <figcaption lang={text && langOf(text)}>
        <strong>{t('form.guide')}</strong>
        {text && ` · ${say(text)}`}
      </figcaption>
    </figure>
  );
}

function release(url: string | null): void {
  if (url?.startsWith('blob:')) URL.revokeObjectURL(url);
}

type Photographed = Pick<InputProps, 'photos' | 'onAddPhoto' | 'onDropPhoto' | 'clock' | 'badPhoto'> & {
  /** Only the camera, not the gallery. */
  cameraOnly?: boolean;
  onMarkUp?: (key: string) => void;
};

/** The photos of one field, with a sentence when the last one could not be read. */
export function FieldPhotos({ photos, onAddPhoto, onDropPhoto, clock, badPhoto, cameraOnly = true, onMarkUp }: Photographed) {
  return (
    <>
      <Photos
        photos={photos.map((photo) => ({ key: photo.key, url: photo.url, time: clock(photo.at) }))}
        max={MAX_PHOTOS}
        cameraOnly={cameraOnly}
        onAdd={onAddPhoto}
        onDrop={onDropPhoto}
        {...(onMarkUp ? { onMark: onMarkUp } : {})}
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
  const { text, onText, photos, onAddPhoto, onDropPhoto, onMarkUp, clock, badPhoto, needsPhoto, children } = props;
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
      <FieldPhotos photos={photos} onAddPhoto={onAddPhoto} onDropPhoto={onDropPhoto} onMarkUp={onMarkUp} clock={clock} badPhoto={badPhoto} />
      <label class="field__q" for={id}>
        <span>{t('form.note')}</span>
        <small>{t('form.optional')}</small>
      </label>
      <textarea id={id} rows={2} maxLength={2000} value={text} onInput={(event) => onText(event.currentTarget.value)} />
    </div>
  );
}
