/** A form as it is being edited, and as it is published. Pure; docs/protocol/forms.md says what a field may hold. */
import type { Label } from '../../../i18n/label';
import type { Condition, GuidePicture } from '../../../protocol/entities';
import type { Choice, FieldKind, FormField, Limits } from '../../types';

/** In the order in which they are offered: what most forms have first. */
export const kinds: readonly FieldKind[] = [
  'check', 'number', 'meter', 'choice', 'several', 'text', 'photo', 'voice', 'signature', 'time', 'part', 'computed',
]; // prettier-ignore
export const limitNames = ['alarm_low', 'warn_low', 'warn_high', 'alarm_high'] as const;

/** A field being edited: every option of every kind, so that trying another kind loses nothing. `key` is stable while it is moved. */
export type DraftField = {
  key: number;
  id: string;
  kind: FieldKind;
  label: Label;
  hint: Label;
  required: boolean | Condition;
  when: Condition | null;
  guide: Label;
  picture: GuidePicture | null;
  photoOnFault: boolean;
  unit: string;
  decimals: string;
  limits: Record<(typeof limitNames)[number], string>;
  options: { id: string; label: Label; fault: boolean }[];
  max: string;
  min: string;
  meter: string;
  /** With the ids of fields. */
  formula: string;
  of: 'time' | 'date' | 'both';
  cameraOnly: boolean;
  markUp: boolean;
  stamp: boolean;
  voice: boolean;
  name: boolean;
};

const blank: Label = { zh: '', en: '' };
let last = 0;

/** An empty field with an id that the form does not use yet. */
export function newField(kind: FieldKind, used: readonly string[]): DraftField {
  const required = kind !== 'computed' && kind !== 'part' && kind !== 'voice';
  return read({ id: freeId('f', used), kind, label: blank, required, photo_on_fault: true, camera_only: true, name: true });
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
    required: field.required ?? false,
    when: field.if ?? null,
    guide: field.guide?.text ?? blank,
    picture: field.guide?.picture ?? null,
    photoOnFault: field.photo_on_fault ?? false,
    unit: field.unit ?? '',
    decimals: String(field.decimals ?? 0),
    limits: { alarm_low: limits.alarm_low ?? '', warn_low: limits.warn_low ?? '', warn_high: limits.warn_high ?? '', alarm_high: limits.alarm_high ?? '' },
    options: (field.options ?? [{ id: 'o1', label: blank }, { id: 'o2', label: blank }]).map((one) => ({ id: one.id, label: one.label, fault: one.fault ?? false })),
    max: String(field.max ?? 500),
    min: String(field.min ?? 1),
    meter: field.meter ?? '',
    formula: field.formula ?? '',
    of: field.of ?? 'time',
    cameraOnly: field.camera_only ?? false,
    markUp: field.mark_up ?? false,
    stamp: field.stamp ?? false,
    voice: field.voice ?? false,
    name: field.name ?? false,
  };
}

const number = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text);
// full-width digits and a decimal comma are what people type
const decimal = (text: string) => text.normalize('NFKC').replace(',', '.').trim();

/** The field as it is published: only what its kind knows. */
export function publish(field: DraftField): FormField {
  const guide = {
    ...(field.guide.zh.trim() === '' ? {} : { text: field.guide }),
    ...(field.picture === null ? {} : { picture: field.picture }),
  };
  const common = {
    id: field.id,
    kind: field.kind,
    label: field.label,
    ...(field.kind === 'computed' ? {} : { required: field.required }),
    ...(field.when === null ? {} : { if: field.when }),
    ...(field.hint.zh.trim() === '' ? {} : { hint: field.hint }),
    ...(Object.keys(guide).length === 0 ? {} : { guide }),
  };
  return { ...common, ...optionsOf(field) } as FormField;
}

function optionsOf(field: DraftField): Record<string, unknown> {
  const unit = field.unit.trim() === '' ? {} : { unit: field.unit.trim() };
  switch (field.kind) {
    case 'check':
      return { photo_on_fault: field.photoOnFault };
    case 'number':
      return { ...unit, decimals: number(field.decimals), ...limitsOf(field) };
    case 'meter':
      return { meter: field.meter.trim(), ...unit };
    case 'computed':
      return { formula: field.formula.trim(), ...unit, decimals: number(field.decimals), ...limitsOf(field) };
    case 'choice':
    case 'several':
      return { options: field.options.map((one): Choice => ({ id: one.id, label: one.label, fault: one.fault })) };
    case 'text':
      return { max: number(field.max), ...flags({ voice: field.voice }) };
    case 'photo':
      return { min: number(field.min), ...flags({ camera_only: field.cameraOnly, mark_up: field.markUp, stamp: field.stamp }) };
    case 'signature':
      return flags({ name: field.name });
    case 'time':
      return { of: field.of };
    case 'part':
    case 'voice':
      return {};
  }
}

/** Only what is on: a form says no more than it means. */
function flags(all: Record<string, boolean>): Record<string, boolean> {
  return Object.fromEntries(Object.entries(all).filter(([, on]) => on));
}

function limitsOf(field: DraftField): { limits?: Limits } {
  const limits: Limits = {};
  for (const name of limitNames) if (field.limits[name].trim() !== '') limits[name] = decimal(field.limits[name]);
  return Object.keys(limits).length > 0 ? { limits } : {};
}

/** A formula as people read it: the fields by their names in brackets. */
export function namedFormula(formula: string, fields: readonly DraftField[]): string {
  return formula.replace(/[a-z][a-z0-9_]*/g, (id) => {
    const field = fields.find((one) => one.id === id);
    return field && field.label.zh !== '' ? `[${field.label.zh}]` : id;
  });
}

/** The same with ids, as it is published. Full-width signs are read as signs. */
export function idFormula(text: string, fields: readonly DraftField[]): string {
  return text
    .replace(/\[([^\]]*)\]/g, (whole, name: string) => fields.find((one) => one.label.zh === name)?.id ?? whole)
    .replace(/[×＊]/g, '*')
    .replace(/[÷／]/g, '/')
    .replace(/[（]/g, '(')
    .replace(/[）]/g, ')')
    .replace(/[＋]/g, '+')
    .replace(/[－−]/g, '-');
}

/** Fields that a field below them may speak of in a condition, or in a formula. */
export function conditional(fields: readonly DraftField[]): DraftField[] {
  return fields.filter((one) => ['check', 'choice', 'several', 'number', 'meter', 'computed'].includes(one.kind));
}

/** Fields whose answers are numbers. */
export function numeric(fields: readonly DraftField[]): DraftField[] {
  return fields.filter((one) => ['number', 'meter', 'computed'].includes(one.kind));
}

/** A test of a condition as one word: `is:fault`, `over`, `level:warning,alarm`. */
export function testOf(condition: Condition): string {
  if ('is' in condition) return `is:${condition.is}`;
  if ('in' in condition) return `in:${condition.in.join(',')}`;
  if ('level' in condition) return `level:${condition.level.join(',')}`;
  return 'over' in condition ? 'over' : 'under';
}

/** The condition that a test and, of `over` and `under`, a figure make. */
export function conditionOf(field: string, test: string, figure: string): Condition {
  const [operator, words = ''] = test.split(':');
  if (operator === 'is') return { field, is: words };
  if (operator === 'in') return { field, in: words.split(',') };
  if (operator === 'level') return { field, level: words.split(',') as ('warning' | 'alarm')[] };
  return operator === 'over' ? { field, over: decimal(figure) } : { field, under: decimal(figure) };
}

/** The figure of a condition; empty where it has none. */
export function figureOf(condition: Condition): string {
  if ('over' in condition) return condition.over;
  return 'under' in condition ? condition.under : '';
}
