import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import type { FieldKind } from '../../types';
import { freeId, kinds, limitNames, type DraftField } from './draft';

export type FieldEditorProps = {
  field: DraftField;
  /** The field's place in the form, from 0; errors of the server name it. */
  index: number;
  errorAt: (path: string) => string | null;
  onChange: (changes: Partial<DraftField>) => void;
};

/** One field of a form: its question, its kind, and what that kind asks. */
export function FieldEditor({ field, index, errorAt, onChange }: FieldEditorProps) {
  const at = (path: string) => errorAt(`fields.${index}.${path}`);
  return (
    <div class="form">
      <LabelField label={tc('form.question')} path={`fields.${index}.label`} value={field.label} errorAt={errorAt} onLabel={(label) => onChange({ label })} />
      <div class="pair">
        <SelectField
          label={tc('form.kind')}
          value={field.kind}
          options={kinds.map((kind) => ({ value: kind, word: tc(`form.kind.${kind}`) }))}
          error={at('kind')}
          onChoose={(kind) => onChange({ kind: kind as FieldKind })}
        />
        <CheckField label={tc('form.required')} hint={tc('form.required.why')} checked={field.required} onCheck={(required) => onChange({ required })} />
      </div>
      <Options field={field} at={at} onChange={onChange} />
      <details open={field.hint.zh !== ''}>
        <summary>{tc('form.hint')}</summary>
        <LabelField label={tc('form.hint')} path={`fields.${index}.hint`} value={field.hint} errorAt={errorAt} onLabel={(hint) => onChange({ hint })} />
      </details>
    </div>
  );
}

type OptionsProps = { field: DraftField; at: (path: string) => string | null; onChange: (changes: Partial<DraftField>) => void };

function Options({ field, at, onChange }: OptionsProps) {
  switch (field.kind) {
    case 'check':
      return <CheckField label={tc('form.photo_on_fault')} checked={field.photoOnFault} onCheck={(photoOnFault) => onChange({ photoOnFault })} />;
    case 'number':
      return (
        <>
          <div class="pair">
            <TextField label={tc('form.unit')} hint={tc('form.unit.hint')} optional most={16} value={field.unit} error={at('unit')} onText={(unit) => onChange({ unit })} />
            <TextField label={tc('form.decimals')} type="number" min="0" max="6" mode="numeric" value={field.decimals} error={at('decimals')} onText={(decimals) => onChange({ decimals })} />
          </div>
          <fieldset class="field">
            <legend>{tc('form.limits')}</legend>
            <div class="limits">
              {limitNames.map((name) => (
                <TextField
                  key={name}
                  label={tc(`form.limits.${name}`)}
                  optional
                  mode="decimal"
                  value={field.limits[name]}
                  error={at(`limits.${name}`)}
                  onText={(text) => onChange({ limits: { ...field.limits, [name]: text } })}
                />
              ))}
            </div>
            {at('limits') && (
              <small class="field__e" role="alert" data-tone="bad">
                {at('limits')}
              </small>
            )}
          </fieldset>
        </>
      );
    case 'choice':
      return <Choices field={field} at={at} onChange={onChange} />;
    case 'text':
      return <TextField label={tc('form.max')} type="number" min="1" max="2000" mode="numeric" narrow value={field.max} error={at('max')} onText={(max) => onChange({ max })} />;
    case 'photo':
      return <TextField label={tc('form.min')} type="number" min="0" max="10" mode="numeric" narrow value={field.min} error={at('min')} onText={(min) => onChange({ min })} />;
    default:
      return null;
  }
}

function Choices({ field, at, onChange }: OptionsProps) {
  const change = (n: number, changes: Partial<DraftField['options'][number]>) => onChange({ options: field.options.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  return (
    <fieldset class="field">
      <legend>{tc('form.options')}</legend>
      <ul class="steps">
        {field.options.map((option, n) => (
          <li key={option.id} class="step">
            <i class="no">{n + 1}</i>
            <div class="step__f">
              <LabelField label={tc('form.option', { n: n + 1 })} path={`options.${n}.label`} value={option.label} errorAt={at} onLabel={(label) => change(n, { label })} />
              <CheckField label={tc('form.option.fault')} checked={option.fault} onCheck={(fault) => change(n, { fault })} />
            </div>
            <div class="step__a">
              {field.options.length > 2 && (
                <IconButton name="bin" label={tc('list.drop', { name: say(option.label) || tc('form.option', { n: n + 1 }) })} onPress={() => onChange({ options: field.options.filter((_, i) => i !== n) })} />
              )}
            </div>
          </li>
        ))}
      </ul>
      {at('options') && (
        <small class="field__e" role="alert" data-tone="bad">
          {at('options')}
        </small>
      )}
      {field.options.length < 20 && (
        <span>
          <Button icon="plus" onPress={() => onChange({ options: [...field.options, { id: freeId('o', field.options.map((one) => one.id)), label: { zh: '', en: '' }, fault: false }] })}>
            {tc('form.option.add')}
          </Button>
        </span>
      )}
    </fieldset>
  );
}
