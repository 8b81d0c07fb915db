import type { SignatureField } from '../../entities';
import { exactly, type KindRules } from '../base';

/** Drawn with a finger. The picture is a blob of role `signature`, the name a private part. */
export const signature: KindRules<SignatureField> = {
  check: (_field, answer) => (exactly(answer, 'signed')?.['signed'] === true ? null : 'not_signed'),
  blobs: () => 1,
};
