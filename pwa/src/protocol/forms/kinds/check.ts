import type { CheckField } from '../../entities';
import type { KindRules } from '../base';

/** In order, faulty, or not applicable. */
export const check: KindRules<CheckField> = {
  check: (_field, answer) => (answer === 'ok' || answer === 'fault' || answer === 'na' ? null : 'not_a_check'),
  fault: (_field, answer) => (answer === 'fault' ? 'fault' : null),
  blobs: (field, answer) => (answer === 'fault' && field.photo_on_fault ? 1 : 0),
  chosen: (_field, answer) => [answer as string],
};
