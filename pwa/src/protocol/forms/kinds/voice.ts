import type { VoiceField } from '../../entities';
import { exactly, isCount, type KindRules } from '../base';

/** Ten are offered; a phone may be a little late to stop. */
export const MOST_SECONDS = 12;

/** Whether an answer says how long a voice note is. */
export function isVoice(answer: unknown): boolean {
  return isCount(exactly(answer, 'seconds')?.['seconds'], 1, MOST_SECONDS);
}

/** A few seconds of speech. The answer says how many; the sound is a blob of role `voice`. */
export const voice: KindRules<VoiceField> = {
  check: (_field, answer) => (isVoice(answer) ? null : 'not_a_voice'),
  blobs: () => 1,
};
