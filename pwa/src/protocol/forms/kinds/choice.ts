import type { ChoiceField, ChoiceOption } from '../../entities';
import type { KindRules } from '../base';

/** Whether one of the chosen options means a fault. */
export function isFault(options: readonly ChoiceOption[], chosen: readonly string[]): boolean {
  return options.some((option) => option.fault && chosen.includes(option.id));
}

/** One of several options; an option may mean a fault. */
export const choice: KindRules<ChoiceField> = {
  check: (field, answer) => (field.options.some((option) => option.id === answer) ? null : 'not_an_option'),
  fault: (field, answer) => (isFault(field.options, [answer as string]) ? 'fault' : null),
  chosen: (_field, answer) => [answer as string],
};
