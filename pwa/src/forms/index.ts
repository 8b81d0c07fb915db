/**
 * The field kinds, sorted. A new kind is one file in `kinds/` and one line here; see docs/protocol/forms.md. Each is
 * loaded with the first form that has it; `check`, which nearly all have, is always there.
 */
import type { FormField } from '../protocol/entities';
import type { Kind } from './kind';
import { check } from './kinds/check';
import { later, type Later } from '../ui/later';

type Kinds = { [K in FormField['kind']]: Kind<Extract<FormField, { kind: K }>> };

/** Every kind by its name. */
export const kinds: Kinds = {
  check,
  choice: { kind: 'choice', Input: later(() => import('./kinds/choice').then((m) => m.choice.Input)) },
  computed: { kind: 'computed', Input: later(() => import('./kinds/computed').then((m) => m.computed.Input)) },
  meter: {
    kind: 'meter',
    Input: later(() => import('./kinds/meter').then((m) => m.meter.Input)),
    Page: later(() => import('./kinds/meter').then((m) => m.meter.Page)),
  },
  number: {
    kind: 'number',
    Input: later(() => import('./kinds/number').then((m) => m.number.Input)),
    Page: later(() => import('./kinds/number').then((m) => m.number.Page)),
  },
  part: { kind: 'part', Input: later(() => import('./kinds/part').then((m) => m.part.Input)) },
  photo: { kind: 'photo', Input: later(() => import('./kinds/photo').then((m) => m.photo.Input)) },
  several: { kind: 'several', Input: later(() => import('./kinds/several').then((m) => m.several.Input)) },
  signature: {
    kind: 'signature',
    Input: later(() => import('./kinds/signature').then((m) => m.signature.Input)),
    Page: later(() => import('./kinds/signature').then((m) => m.signature.Page)),
  },
  text: { kind: 'text', Input: later(() => import('./kinds/text').then((m) => m.text.Input)) },
  time: { kind: 'time', Input: later(() => import('./kinds/time').then((m) => m.time.Input)) },
  voice: { kind: 'voice', Input: later(() => import('./kinds/voice').then((m) => m.voice.Input)) },
};

/** Load what the fields of a form are shown with, so that it appears at once; what cannot be loaded says so itself. */
export async function prepare(fields: readonly FormField[]): Promise<void> {
  const parts = fields.flatMap((field) => [kindOf(field).Input, kindOf(field).Page]);
  await Promise.allSettled(parts.map((part) => (part as Later<never> | undefined)?.ready?.()));
}

/** The kind of `field`. */
export function kindOf(field: FormField): Kind {
  return kinds[field.kind] as unknown as Kind;
}
