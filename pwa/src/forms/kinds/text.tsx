import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import { MAX_TEXT } from '../../protocol/forms';
import type { TextField } from '../../protocol/entities';
import { later } from '../../ui/later';
import type { InputProps, Kind } from '../kind';
import { Ask } from '../shared';

const VoiceNote = later(() => import('../../ui/VoiceNote').then((m) => m.VoiceNote));

function Input(props: InputProps<TextField>) {
  const { field, text, onText, answer, onAnswer, made, onMade } = props;
  const id = useId();
  const seconds = typeof answer === 'object' && 'seconds' in answer ? answer.seconds : null;
  const write = (next: string): void => {
    onText(next);
    // the text itself is a private part of the record; the answer says only that there is one
    onAnswer(next.trim() === '' ? undefined : { private: true });
  };
  return (
    <Ask of={props} id={`${id}q`} htmlFor={id}>
      {seconds === null && (
        <textarea id={id} rows={2} maxLength={Math.min(field.max ?? MAX_TEXT, MAX_TEXT)} value={text} onInput={(event) => write(event.currentTarget.value)} />
      )}
      {field.voice && text.trim() === '' && (
        <VoiceNote
          labelledBy={`${id}q`}
          note={seconds === null ? null : { url: made?.url ?? null, seconds }}
          onMade={(voice) => {
            onMade({ bytes: voice.bytes, mime: voice.mime, role: 'voice' });
            onAnswer({ seconds: voice.seconds });
          }}
          onDrop={() => {
            onMade(null);
            onAnswer(undefined);
          }}
        />
      )}
      {field.voice && seconds === null && text.trim() === '' && <p class="meta">{t('form.text.or')}</p>}
    </Ask>
  );
}

/** A few words, or the same said aloud. */
export const text: Kind<TextField> = { kind: 'text', Input };
