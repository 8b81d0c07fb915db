import { useId } from 'preact/hooks';
import type { PhotoInput } from '../../actions/submitAnswers';
import type { FormPhoto } from '../../forms/kind';
import { t } from '../../i18n/t';
import { VoiceNote } from '../../ui/VoiceNote';
import type { Draft } from '../draft';
import { NoteField, PhotosField } from '../keeping';

const MAX_PHOTOS = 8;
/** Where the voice note stands in the draft. */
const VOICE = 'voice';
const BYTES_PER_SECOND = 4_000;

/** What was taken and said, as an act keeps it. */
export function blobsOf(photos: readonly FormPhoto[]): PhotoInput[] {
  return photos.map(({ url: _url, at: _at, ...photo }) => ({ ...photo, field: null }));
}

export type EvidenceProps<T> = {
  draft: Draft<T>;
  note: string;
  onNote: (note: string) => void;
  /** Where it is, in words. */
  place: string;
  onMark: (key: string) => void;
};

/** Photos, ten seconds of speech and words: each may stand for the others. */
export function Evidence<T>({ draft, note, onNote, place, onMark }: EvidenceProps<T>) {
  const id = useId();
  const voice = draft.photos.find((photo) => photo.role === 'voice');
  return (
    <>
      <PhotosField draft={draft} question={t('wo.photos')} max={MAX_PHOTOS} place={place} onMark={onMark} />
      <NoteField question={t('wo.words')} note={note} onNote={onNote}>
        <p class="vh" id={id}>
          {t('wo.voice')}
        </p>
        <VoiceNote
          labelledBy={id}
          note={voice ? { url: voice.url, seconds: Math.max(1, Math.round(voice.bytes.length / BYTES_PER_SECOND)) } : null}
          onMade={({ bytes, mime }) => draft.make(VOICE, { bytes, mime, role: 'voice' })}
          onDrop={() => draft.make(VOICE, null)}
        />
      </NoteField>
    </>
  );
}
