import { useId } from 'preact/hooks';
import type { PhotoInput } from '../../actions/submitAnswers';
import type { FormPhoto } from '../../forms/kind';
import { t } from '../../i18n/t';
import { Field } from '../../ui/Field';
import { Photos } from '../../ui/Photos';
import { Note } from '../../ui/Saved';
import { VoiceNote } from '../../ui/VoiceNote';
import type { Draft } from '../draft';
import { clock } from '../words';

const MAX_PHOTOS = 8;
const MAX_NOTE = 2000;
/** Where the voice note stands in the draft. */
const VOICE = 'voice';
const BYTES_PER_SECOND = 4_000;

/** What was taken and said, as an act keeps it. */
export function blobsOf(photos: readonly FormPhoto[]): PhotoInput[] {
  return photos.map(({ url: _url, at: _at, ...photo }) => ({ ...photo, field: null }));
}

export type EvidenceProps<T> = { draft: Draft<T>; note: string; onNote: (note: string) => void };

/** Photos, ten seconds of speech and words: each may stand for the others. */
export function Evidence<T>({ draft, note, onNote }: EvidenceProps<T>) {
  const ids = { photos: useId(), voice: useId(), note: useId() };
  const photos = draft.photos.filter((photo) => photo.role === undefined);
  const voice = draft.photos.find((photo) => photo.role === 'voice');
  return (
    <>
      <Field questionId={ids.photos} question={t('wo.photos')} aside={t('form.photo.any', { m: photos.length })} anchor="photos">
        <Photos
          photos={photos.map((photo) => ({ key: photo.key, url: photo.url, time: clock(photo.at) }))}
          max={MAX_PHOTOS}
          onAdd={(file) => draft.addPhoto(null, file)}
          onDrop={draft.dropPhoto}
        />
        {draft.badPhoto === null && (
          <Note tone="warn" icon="camera" live>
            {t('form.photo.bad')}
          </Note>
        )}
      </Field>
      <Field questionId={`${ids.note}q`} htmlFor={ids.note} question={t('wo.words')} aside={t('form.optional')}>
        <textarea id={ids.note} rows={2} maxLength={MAX_NOTE} value={note} onInput={(event) => onNote(event.currentTarget.value)} />
        <p class="vh" id={ids.voice}>
          {t('wo.voice')}
        </p>
        <VoiceNote
          labelledBy={ids.voice}
          note={voice ? { url: voice.url, seconds: Math.max(1, Math.round(voice.bytes.length / BYTES_PER_SECOND)) } : null}
          onMade={({ bytes, mime }) => draft.make(VOICE, { bytes, mime, role: 'voice' })}
          onDrop={() => draft.make(VOICE, null)}
        />
      </Field>
    </>
  );
}
