import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { sendFile } from '../../api';
import { CheckField, LabelField, SelectField } from '../../parts/fields';
import type { FieldKind } from '../../types';
import type { GuidePicture } from '../../../protocol/entities';
import { Button, IconButton } from '../../../ui/Button';
import { asProblem } from '../../model/load';
import { problemSentence } from '../../words';
import { conditional, kinds, type DraftField } from './draft';
import { Options } from './Options';
import { When, firstOf } from './When';

export type FieldEditorProps = {
  siteId: string;
  field: DraftField;
  /** The field's place in the form, from 0; errors of the server name it. */
  index: number;
  /** All fields of the form, in their order. */
  fields: readonly DraftField[];
  errorAt: (path: string) => string | null;
  onChange: (changes: Partial<DraftField>) => void;
};

/** One field of a form: its question, its kind, what that kind asks, when it is asked, and how it ought to look. */
export function FieldEditor(props: FieldEditorProps) {
  const { siteId, field, index, fields, errorAt, onChange } = props;
  const at = (path: string) => errorAt(`fields.${index}.${path}`);
  const earlier = conditional(fields.slice(0, index));
  return (
    <div class="form">
      <LabelField label={tc('form.question')} path={`fields.${index}.label`} value={field.label} errorAt={errorAt} onLabel={(label) => onChange({ label })} />
      <SelectField
        label={tc('form.kind')}
        hint={tc(`form.kind.${field.kind}.why`)}
        value={field.kind}
        options={kinds.map((kind) => ({ value: kind, word: tc(`form.kind.${kind}`) }))}
        error={at('kind')}
        onChoose={(kind) => onChange({ kind: kind as FieldKind })}
      />
      <Options {...props} at={at} />
      {field.kind !== 'computed' && <Required {...props} earlier={earlier} error={at('required') ?? at('required.field')} />}
      {earlier.length > 0 && (
        <>
          <CheckField
            label={tc('form.when')}
            hint={tc('form.when.why')}
            checked={field.when !== null}
            onCheck={(on) => onChange({ when: on ? firstOf(earlier.at(-1)!) : null })}
          />
          {field.when && (
            <When label={tc('form.when.field')} condition={field.when} earlier={earlier} error={at('if') ?? at('if.field')} onCondition={(when) => onChange({ when })} />
          )}
        </>
      )}
      {earlier.length === 0 && field.when && (
        <p class="refusal" data-tone="bad">
          {tc('form.when.gone')}{' '}
          <Button onPress={() => onChange({ when: null })}>{tc('form.when.drop')}</Button>
        </p>
      )}
      <details open={field.hint.zh !== '' || field.guide.zh !== '' || field.picture !== null}>
        <summary>{tc('form.guides')}</summary>
        <div class="form">
          <LabelField label={tc('form.hint')} path={`fields.${index}.hint`} value={field.hint} errorAt={errorAt} onLabel={(hint) => onChange({ hint })} />
          <LabelField label={tc('form.guides.text')} path={`fields.${index}.guide.text`} value={field.guide} errorAt={errorAt} onLabel={(guide) => onChange({ guide })} />
          <Picture siteId={siteId} picture={field.picture} error={at('guide.picture')} onPicture={(picture) => onChange({ picture })} />
        </div>
      </details>
    </div>
  );
}

type RequiredProps = FieldEditorProps & { earlier: readonly DraftField[]; error: string | null };

function Required({ field, earlier, error, onChange }: RequiredProps) {
  const { required } = field;
  const how = typeof required === 'object' ? 'when' : required ? 'always' : 'never';
  return (
    <>
      <SelectField
        label={tc('form.required')}
        error={typeof required === 'object' ? null : error}
        value={how}
        options={[
          { value: 'always', word: tc('form.required.always') },
          { value: 'never', word: tc('form.required.never') },
          ...(earlier.length > 0 || how === 'when' ? [{ value: 'when', word: tc('form.required.when') }] : []),
        ]}
        onChoose={(next) => onChange({ required: next === 'when' ? firstOf(earlier.at(-1)!) : next === 'always' })}
      />
      {typeof required === 'object' && <When label={tc('form.required.field')} condition={required} earlier={earlier} error={error} onCondition={(next) => onChange({ required: next })} />}
    </>
  );
}

type PictureProps = { siteId: string; picture: GuidePicture | null; error: string | null; onPicture: (picture: GuidePicture | null) => void };

function Picture({ siteId, picture, error, onPicture }: PictureProps) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const give = async (file: File): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      onPicture(await sendFile<GuidePicture>(`/sites/${siteId}/forms/pictures`, file, file.type));
    } catch (problem) {
      setTrouble(problemSentence(asProblem(problem)));
    }
    setBusy(false);
  };
  return (
    <div class="guidepic">
      {picture && <img src={`/api/v1/sites/${siteId}/pictures/${picture.sha256}`} width={picture.width} height={picture.height} alt={tc('form.guides.picture')} />}
      <label class="btn">
        <span>{busy ? tc('form.guides.sending') : tc(picture ? 'form.guides.another' : 'form.guides.picture')}</span>
        <input
          class="vh"
          type="file"
          accept="image/jpeg,image/png,image/webp"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) void give(file);
          }}
        />
      </label>
      {picture && <IconButton name="bin" label={tc('list.drop', { name: tc('form.guides.picture') })} onPress={() => onPicture(null)} />}
      {(trouble ?? error) && (
        <small class="field__e" role="alert" data-tone="bad">
          {trouble ?? error}
        </small>
      )}
    </div>
  );
}

/** What stands in the row of a field that is not being edited. */
export function nameOf(field: DraftField, n: number): string {
  return say(field.label) || tc('form.field.n', { n: n + 1 });
}
