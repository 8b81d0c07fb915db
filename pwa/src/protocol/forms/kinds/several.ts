import type { SeveralField } from '../../entities';
import type { KindRules } from '../base';
import { isFault } from './choice';

/** Any of the options that apply. The answer is their ids, in the form's order, by blanks. */
export const several: KindRules<SeveralField> = {
  check: (field, answer) => {
    if (typeof answer !== 'string' || answer === '') return 'not_options';
    return answer === inOrder(field, answer.split(' ')) ? null : 'not_options';
  },
  fault: (field, answer) => (isFault(field.options, (answer as string).split(' ')) ? 'fault' : null),
  chosen: (_field, answer) => (answer as string).split(' '),
};

/** The answer that says these options; an empty text where none of them is one. */
export function inOrder(field: SeveralField, chosen: readonly string[]): string {
  return field.options
    .filter((option) => chosen.includes(option.id))
    .map((option) => option.id)
    .join(' ');
}
