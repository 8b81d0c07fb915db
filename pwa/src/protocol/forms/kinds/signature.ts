import type { SignatureField } from '../../entities';
import { exactly, type KindRules } from '../base';

/** Whether the name was typed instead of drawn. */
export function isTyped(answer: unknown): boolean {
  return exactly(answer, 'typed')?.['typed'] === true;
}

/** Drawn with a finger, the picture a blob of role `signature`; or the name, a private part, typed instead of it. */
export const signature: KindRules<SignatureField> = {
  check: (_field, answer) => (exactly(answer, 'signed')?.['signed'] === true || isTyped(answer) ? null : 'not_signed'),
  blobs: (_field, answer) => (isTyped(answer) ? 0 : 1),
};
