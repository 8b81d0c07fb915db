/** What the screens share on which a person keeps something: one press at a time, what went wrong, what is missing yet, photos and words. */
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { PhotoInput } from '../actions/submitAnswers';
import { stampTime } from '../i18n/format';
import { t } from '../i18n/t';
import { feedback } from '../shell/feedback';
import { now, person } from '../state/app';
import { chooseStamping, sound, stamping } from '../state/prefs';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Photos } from '../ui/Photos';
import { Note } from '../ui/Saved';
import { Dock } from '../ui/Screen';
import type { Draft } from './draft';
import { clock, problemText, zone } from './words';

const MAX_NOTE = 2000;

export type Keeping = {
  busy: boolean;
  /** Why the last press kept nothing; null when nothing went wrong. */
  trouble: string | null;
  /** Keep something; a second press does nothing while the first one is at it. */
  keep: (act: () => Promise<void>) => void;
};

/** One save at a time. What fails is said on the screen and heard; the person may press again. */
export function useKeeping(): Keeping {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  // the second of two quick presses comes before the page is drawn anew
  const runs = useRef(false);
  const run = async (act: () => Promise<void>): Promise<void> => {
    if (runs.current) return;
    runs.current = true;
    setBusy(true);
    setTrouble(null);
    try {
      await act();
    } catch (error) {
      feedback('failed', sound.value);
      setTrouble(problemText(error));
    } finally {
      runs.current = false;
      setBusy(false);
    }
  };
  return { busy, trouble, keep: (act) => void run(act) };
}

/** Something that is missing: what it is, and the id of the part of the screen that asks for it. */
export type Lack = { anchor: string; word: string };

export type KeepDockProps = {
  keeping: Keeping;
  lack: Lack | null;
  /** What the main act says. */
  word: string;
  onKeep: () => void;
  /** Other ways to keep it, under the main act. */
  children?: ComponentChildren;
};

/** The dock: what is missing and the way there, or the main act. */
export function KeepDock({ keeping: { busy, trouble }, lack, word, onKeep, children }: KeepDockProps) {
  return (
    <Dock plain>
      <TroubleNote>{trouble}</TroubleNote>
      {lack ? (
        <Button kind="todo" icon="down" onPress={() => leadTo(lack.anchor)}>
          {lack.word}
        </Button>
      ) : (
        <>
          <Button kind="main" icon="check" busy={busy} onPress={onKeep}>
            {busy ? t('form.saving') : word}
          </Button>
          {children}
        </>
      )}
    </Dock>
  );
}

/** Why nothing was kept, said where the thumb is. */
export function TroubleNote({ children }: { children: string | null }) {
  if (children === null) return null;
  return (
    <Note tone="bad" icon="rc-attention" live>
      {children}
    </Note>
  );
}

/** Bring a part of the screen into view, and the focus with it. */
function leadTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: 'center' });
  section?.focus({ preventScroll: true });
}

export type PhotosFieldProps<T> = {
  draft: Draft<T>;
  question: string;
  max?: number;
  /** Where it is, in words: photos may be stamped with it; absent where they never are. */
  place?: string;
  /** Draw onto a photo; absent where nobody may. */
  onMark?: (key: string) => void;
};

/** Photos of a draft, as many as `max`; the originals of those that were drawn on are kept and not shown. */
export function PhotosField<T>({ draft, question, max = 5, place, onMark }: PhotosFieldProps<T>) {
  const id = useId();
  const photos = draft.photos.filter((photo) => photo.role === undefined && photo.of === undefined);
  return (
    <Field questionId={id} question={question} aside={t('form.photo.any', { m: photos.length })} anchor="photos">
      <Photos
        photos={photos.map((photo) => ({ key: photo.key, url: photo.url, time: clock(photo.at) }))}
        max={max}
        onAdd={(file) => draft.addPhoto(null, file, place === undefined ? [] : stampOf(place))}
        onDrop={draft.dropPhoto}
        {...(onMark ? { onMark } : {})}
      />
      {place !== undefined && (
        <label class="tick">
          <input type="checkbox" checked={stamping.value} onChange={(event) => chooseStamping(event.currentTarget.checked)} />
          <span>{t('photo.stamp')}</span>
        </label>
      )}
      {draft.badPhoto === null && (
        <Note tone="warn" icon="camera" live>
          {t('form.photo.bad')}
        </Note>
      )}
    </Field>
  );
}

/** The lines that are drawn onto a photo: when, where, who; none unless the person chose so. */
function stampOf(place: string): string[] {
  return stamping.value ? [stampTime(now.value, zone()), [place, person.value?.name].filter(Boolean).join(' · ')] : [];
}

export type NoteFieldProps = { question: string; note: string; onNote: (note: string) => void; children?: ComponentChildren };

/** A few words, never required; `children` stand under them. */
export function NoteField({ question, note, onNote, children }: NoteFieldProps) {
  const id = useId();
  return (
    <Field questionId={`${id}q`} htmlFor={id} question={question} aside={t('form.optional')}>
      <textarea id={id} rows={2} maxLength={MAX_NOTE} value={note} onInput={(event) => onNote(event.currentTarget.value)} />
      {children}
    </Field>
  );
}

/** What a draft's photos and words are in a record: words that say nothing are null. */
export function kept<T>(draft: Draft<T>, note: string): { note: string | null; photos: PhotoInput[] } {
  const photos = draft.photos.map(({ url: _url, at: _at, ...photo }) => ({ ...photo, field: null }));
  return { note: note.trim() === '' ? null : note, photos };
}
