import type { ComputedField } from '../../entities';
import type { KindRules } from '../base';
import { result } from '../formulas';
import { decimalsFault } from '../numbers';
import { beyond, itself } from './number';

/** What a formula over earlier numbers comes to. Nobody fills it; the phone shows it and sends it along. */
export const computed: KindRules<ComputedField> = {
  check: (field, answer) => decimalsFault(answer, field.decimals),
  fault: (field, answer) => beyond(answer, field.limits ?? {}),
  number: itself,
  derive: (field, numbers) => result(field.formula, numbers, field.decimals ?? 0),
};
