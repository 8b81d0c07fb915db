/** The field kinds, sorted. A new kind is one file in `kinds/` and one line here; see docs/protocol/forms.md. */
import type { FormField } from '../protocol/entities';
import type { Kind } from './kind';
import { check } from './kinds/check';
import { choice } from './kinds/choice';
import { computed } from './kinds/computed';
import { meter } from './kinds/meter';
import { number } from './kinds/number';
import { part } from './kinds/part';
import { photo } from './kinds/photo';
import { several } from './kinds/several';
import { signature } from './kinds/signature';
import { text } from './kinds/text';
import { time } from './kinds/time';
import { voice } from './kinds/voice';

type Kinds = { [K in FormField['kind']]: Kind<Extract<FormField, { kind: K }>> };

/** Every kind by its name. */
export const kinds: Kinds = { check, choice, computed, meter, number, part, photo, several, signature, text, time, voice };

/** The kind of `field`. */
export function kindOf(field: FormField): Kind {
  return kinds[field.kind] as unknown as Kind;
}
