import type { ComputedField, Limits, NumberField } from '../../entities';
import type { Answer } from '../../records';
import { isUnread, type FaultLevel, type KindRules } from '../base';
import { decimalsFault, level } from '../numbers';

/** How a number stands to limits; null for one that is well, or could not be read. */
export function beyond(value: unknown, limits: Limits): FaultLevel | null {
  if (typeof value !== 'string') return null;
  const found = level(value, limits);
  return found === 'normal' ? null : found;
}

/** The number itself. */
export function itself(_field: NumberField | ComputedField, answer: Answer): string | null {
  return typeof answer === 'string' ? answer : null;
}

/** A decimal with unit and limits, or why it could not be read. */
export const number: KindRules<NumberField> = {
  check: (field, answer) => {
    if (typeof answer !== 'string') return isUnread(answer) ? null : 'not_a_number';
    return decimalsFault(answer, field.decimals);
  },
  fault: (field, answer) => beyond(answer, field.limits ?? {}),
  number: itself,
};
