import type { PhotoField } from '../../entities';
import { exactly, isCount, type KindRules } from '../base';

/** So many photos; camera only, drawn on, stamped where the form says so. */
export const photo: KindRules<PhotoField> = {
  check: (_field, answer) => (isCount(exactly(answer, 'photos')?.['photos'], 0, 32) ? null : 'not_photos'),
  blobs: (field) => (field.required ? Math.max(field.min ?? 0, 1) : (field.min ?? 0)),
};
