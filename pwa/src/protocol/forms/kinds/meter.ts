import type { MeterField } from '../../entities';
import { exactly, isCount, isUnread, isUuid, type KindRules } from '../base';
import { decimalsFault, isNumber, micro } from '../numbers';
import { beyond } from './number';

/**
 * The reading of the asset's meter with this key, judged by the meter's own definition. Without it the form's own unit
 * and decimals count and there are no limits.
 */
export const meter: KindRules<MeterField> = {
  check: (field, answer, meters) => {
    if (isUnread(answer)) return null;
    const reading = exactly(answer, 'meter', 'edition', 'value');
    if (!reading || !isUuid(reading['meter']) || !isCount(reading['edition'], 1, 2 ** 31)) return 'not_a_reading';
    const value = reading['value'];
    if (!isNumber(value)) return 'not_a_number';
    const known = meters[reading['meter'] as string];
    if (field.unit && known && (known.unit ?? '') !== field.unit) return 'unit_mismatch';
    if (known?.kind === 'counter' && micro(value) < 0n) return 'negative';
    return decimalsFault(value, known?.decimals ?? field.decimals);
  },
  fault: (_field, answer, meters) => {
    if (typeof answer !== 'object' || !('value' in answer)) return null;
    return beyond(answer.value, meters[answer.meter]?.limits ?? {});
  },
  number: (_field, answer) => (typeof answer === 'object' && 'value' in answer ? answer.value : null),
};
