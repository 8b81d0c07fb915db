/** What each kind of field asks of whoever writes the form. */
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import { freeId, idFormula, limitNames, namedFormula, numeric, type DraftField } from './draft';

export type OptionsProps = {
  field: DraftField;
  index: number;
  fields: readonly DraftField[];
  at: (path: string) => string | null;
  onChange: (changes: Partial<DraftField>) => void;
};

/** The options of the field's kind. */
export function Options(props: OptionsProps) {
  const { field, at, onChange } = props;
  switch (field.kind) {
    case 'check':
      return <CheckField label={tc('form.photo_on_fault')} checked={field.photoOnFault} onCheck={(photoOnFault) => onChange({ photoOnFault })} />;
    case 'number':
      return (
        <>
          <UnitDecimals {...props} />
          <LimitFields {...props} />
        </>
      );
    case 'meter':
      return (
        <div class="pair">
          <TextField label={tc('form.key')} hint={tc('form.key.why')} most={32} value={field.meter} error={at('meter')} onText={(meter) => onChange({ meter })} />
          <TextField label={tc('form.unit')} hint={tc('form.key.unit')} optional most={16} value={field.unit} error={at('unit')} onText={(unit) => onChange({ unit })} />
        </div>
      );
    case 'computed':
      return (
        <>
          <Formula {...props} />
          <UnitDecimals {...props} />
          <LimitFields {...props} />
        </>
      );
    case 'choice':
    case 'several':
      return <Choices {...props} />;
    case 'text':
      return (
        <div class="pair">
          <TextField label={tc('form.max')} type="number" min="1" max="2000" mode="numeric" narrow value={field.max} error={at('max')} onText={(max) => onChange({ max })} />
          <CheckField label={tc('form.voice')} hint={tc('form.voice.why')} checked={field.voice} onCheck={(voice) => onChange({ voice })} />
        </div>
      );
    case 'photo':
      return (
        <>
          <TextField label={tc('form.min')} type="number" min="0" max="10" mode="numeric" narrow value={field.min} error={at('min')} onText={(min) => onChange({ min })} />
          <CheckField label={tc('form.camera_only')} hint={tc('form.camera_only.why')} checked={field.cameraOnly} onCheck={(cameraOnly) => onChange({ cameraOnly })} />
          <CheckField label={tc('form.mark_up')} hint={tc('form.mark_up.why')} checked={field.markUp} onCheck={(markUp) => onChange({ markUp })} />
          <CheckField label={tc('form.stamp')} hint={tc('form.stamp.why')} checked={field.stamp} onCheck={(stamp) => onChange({ stamp })} />
        </>
      );
    case 'signature':
      return <CheckField label={tc('form.signer')} checked={field.name} onCheck={(name) => onChange({ name })} />;
    case 'time':
      return (
        <SelectField
          label={tc('form.of')}
          narrow
          value={field.of}
          options={(['time', 'date', 'both'] as const).map((of) => ({ value: of, word: tc(`form.of.${of}`) }))}
          error={at('of')}
          onChoose={(of) => onChange({ of: of as DraftField['of'] })}
        />
      );
    default:
      return null;
  }
}

function UnitDecimals({ field, at, onChange }: OptionsProps) {
  return (
    <div class="pair">
      <TextField label={tc('form.unit')} hint={tc('form.unit.hint')} optional most={16} value={field.unit} error={at('unit')} onText={(unit) => onChange({ unit })} />
      <TextField label={tc('form.decimals')} type="number" min="0" max="6" mode="numeric" value={field.decimals} error={at('decimals')} onText={(decimals) => onChange({ decimals })} />
    </div>
  );
}

function LimitFields({ field, at, onChange }: OptionsProps) {
  return (
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
  );
}

/** The formula with the fields by their names, and buttons that put them in. */
function Formula({ field, index, fields, at, onChange }: OptionsProps) {
  const numbers = numeric(fields.slice(0, index));
  const add = (part: string): void => onChange({ formula: `${field.formula}${field.formula === '' || field.formula.endsWith('(') ? '' : ' '}${part}` });
  const [whole, part] = numbers;
  return (
    <div class="form">
      <TextField
        label={tc('form.formula')}
        hint={tc(numbers.length === 0 ? 'form.formula.none' : 'form.formula.why')}
        most={400}
        value={namedFormula(field.formula, fields)}
        error={at('formula')}
        onText={(text) => onChange({ formula: idFormula(text, fields) })}
      />
      <div class="ticks">
        {numbers.map((one, n) => (
          <Button key={one.key} onPress={() => add(one.id)}>
            {say(one.label) || tc('form.field.n', { n: n + 1 })}
          </Button>
        ))}
        {['+', '-', '*', '/', '(', ')'].map((sign) => (
          <Button key={sign} onPress={() => add(sign)}>
            {{ '*': '×', '/': '÷', '-': '−' }[sign] ?? sign}
          </Button>
        ))}
        {whole && part && (
          <Button onPress={() => onChange({ formula: `(${whole.id} - ${part.id}) / ${whole.id} * 100`, unit: '%', decimals: '1' })}>
            {tc('form.formula.share', { whole: say(whole.label), part: say(part.label) })}
          </Button>
        )}
      </div>
    </div>
  );
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
