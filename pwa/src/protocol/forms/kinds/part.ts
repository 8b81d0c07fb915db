import type { PartField } from '../../entities';
import { exactly, isUuid, type KindRules } from '../base';
import { isNumber, micro } from '../numbers';

/** A part that was used, from the site's stock or in words, and how many. */
export const part: KindRules<PartField> = {
  check: (_field, answer) => {
    const used = exactly(answer, 'part', 'quantity');
    const named = exactly(answer, 'private', 'quantity');
    if (used ? !isUuid(used['part']) : named?.['private'] !== true) return 'not_a_part';
    const quantity = (used ?? named)!['quantity'];
    return isNumber(quantity) && micro(quantity) > 0n ? null : 'not_a_quantity';
  },
};
