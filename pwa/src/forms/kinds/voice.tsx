import { useId } from 'preact/hooks';
import type { VoiceField } from '../../protocol/entities';
import { VoiceNote } from '../../ui/VoiceNote';
import type { InputProps, Kind } from '../kind';
import { Ask } from '../shared';

function Input(props: InputProps<VoiceField>) {
  const { answer, onAnswer, made, onMade } = props;
  const id = useId();
  const seconds = typeof answer === 'object' && 'seconds' in answer ? answer.seconds : null;
  return (
    <Ask of={props} id={id}>
      <VoiceNote
        labelledBy={id}
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
    </Ask>
  );
}

/** Ten seconds of speech. */
export const voice: Kind<VoiceField> = { kind: 'voice', Input };
