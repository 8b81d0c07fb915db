/** A form as it is being edited, and as it is published. Pure; docs/protocol/forms.md says what a field may hold. */
import type { Label } from '../../../i18n/label';
import type { Choice, FieldKind, FormField, Limits } from '../../types';

export const kinds: readonly FieldKind[] = ['check', 'number', 'choice', 'text', 'photo'];
export const limitNames = ['alarm_low', 'warn_low', 'warn_high', 'alarm_high'] as const;

/** A field being edited: every option of every kind, so that trying another kind loses nothing. `key` is stable while it is moved. */
export type DraftField = {
  key: number;
  id: string;
  kind: FieldKind;
  label: Label;
  hint: Label;
  required: boolean;
  photoOnFault: boolean;
  unit: string;
  decimals: string;
  limits: Record<(typeof limitNames)[number], string>;
  options: { id: string; label: Label; fault: boolean }[];
  max: string;
  min: string;
};

const blank: Label = { zh: '', en: '' };
let last = 0;

/** An empty field with an id that the form does not use yet. */
export function newField(kind: FieldKind, used: readonly string[]): DraftField {
  return read({ id: freeId('f', used), kind, label: blank, required: true, photo_on_fault: true });
}

/** The first of `f1`, `f2` … that is not used. */
export function freeId(letter: string, used: readonly string[]): string {
  let n = 1;
  while (used.includes(`${letter}${n}`)) n += 1;
  return `${letter}${n}`;
}

/** A published field for the editor. */
export function read(field: FormField): DraftField {
  const { limits = {} } = field;
  return {
    key: (last += 1),
    id: field.id,
    kind: field.kind,
    label: field.label,
    hint: field.hint ?? blank,
    required: field.required === true,
    photoOnFault: field.photo_on_fault ?? false,
    unit: field.unit ?? '',
    decimals: String(field.decimals ?? 0),
    limits: { alarm_low: limits.alarm_low ?? '', warn_low: limits.warn_low ?? '', warn_high: limits.warn_high ?? '', alarm_high: limits.alarm_high ?? '' },
    options: (field.options ?? [{ id: 'o1', label: blank }, { id: 'o2', label: blank }]).map((one) => ({ id: one.id, label: one.label, fault: one.fault ?? false })),
    max: String(field.max ?? 500),
    min: String(field.min ?? 1),
  };
}

const number = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text);
// full-width digits and a decimal comma are what people type
const decimal = (text: string) => text.normalize('NFKC').replace(',', '.').trim();

/** The field as it is published: only what its kind knows. */
export function publish(field: DraftField): FormField {
  const common = {
    id: field.id,
    kind: field.kind,
    label: field.label,
    required: field.required,
    ...(field.hint.zh.trim() === '' ? {} : { hint: field.hint }),
  };
  return { ...common, ...optionsOf(field) } as FormField;
}

function optionsOf(field: DraftField): Record<string, unknown> {
  switch (field.kind) {
    case 'check':
      return { photo_on_fault: field.photoOnFault };
    case 'number': {
      const limits: Limits = {};
      for (const name of limitNames) if (field.limits[name].trim() !== '') limits[name] = decimal(field.limits[name]);
      return { ...(field.unit.trim() === '' ? {} : { unit: field.unit.trim() }), decimals: number(field.decimals), ...(Object.keys(limits).length > 0 ? { limits } : {}) };
    }
    case 'choice':
      return { options: field.options.map((one): Choice => ({ id: one.id, label: one.label, fault: one.fault })) };
    case 'text':
      return { max: number(field.max) };
    case 'photo':
      return { min: number(field.min) };
    default:
      return {};
  }
}
