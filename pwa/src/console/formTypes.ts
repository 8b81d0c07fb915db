/** Fields of forms, as the API gives and takes them. */
import type { Label } from '../i18n/label';
import type { Condition, FormField as Field, Guide } from '../protocol/entities';

export type Limits = { alarm_low?: string; warn_low?: string; warn_high?: string; alarm_high?: string };
export type FieldKind = Field['kind'];
export type Choice = { id: string; label: Label; fault?: boolean };
/** A field with the options of every kind; which it has is docs/protocol/forms.md. */
export type FormField = {
  id: string;
  kind: FieldKind;
  label: Label;
  required?: boolean | Condition;
  hint?: Label;
  guide?: Guide;
  if?: Condition;
  photo_on_fault?: boolean;
  unit?: string;
  decimals?: number;
  limits?: Limits;
  options?: Choice[];
  max?: number;
  min?: number;
  meter?: string;
  formula?: string;
  of?: 'time' | 'date' | 'both';
  camera_only?: boolean;
  mark_up?: boolean;
  stamp?: boolean;
  voice?: boolean;
  name?: boolean;
};
