/** The field kinds, sorted. A new kind is one file in `kinds/` and one line here; see docs/protocol/forms.md. */
import type { FormField } from '../protocol/entities';
import type { Kind } from './kind';
import { check } from './kinds/check';
import { choice } from './kinds/choice';
import { number } from './kinds/number';
import { photo } from './kinds/photo';
import { text } from './kinds/text';

type Kinds = { [K in FormField['kind']]: Kind<Extract<FormField, { kind: K }>> };

/** Every kind by its name. */
export const kinds: Kinds = { check, choice, number, photo, text };

/** The kind of `field`. */
export function kindOf(field: FormField): Kind {
  return kinds[field.kind] as unknown as Kind;
}
