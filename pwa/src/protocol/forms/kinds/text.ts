import type { TextField } from '../../entities';
import { exactly, type KindRules } from '../base';
import { isVoice } from './voice';

/** Some words, which travel as a private part; where the form allows it, said aloud instead. */
export const text: KindRules<TextField> = {
  check: (field, answer) => {
    if (exactly(answer, 'private')?.['private'] === true) return null;
    return field.voice && isVoice(answer) ? null : 'not_private';
  },
  blobs: (_field, answer) => (isVoice(answer) ? 1 : 0),
};
