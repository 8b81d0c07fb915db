import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { LabelField, SelectField } from '../../parts/fields';
import { MoveButtons, moved } from '../../parts/MoveButtons';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { FieldKind, Form } from '../../types';
import { kinds, newField, publish, read, type DraftField } from './draft';
import { FieldEditor } from './FieldEditor';

type Back = { href: string; word: string };

/** A checklist being written. Keeping it publishes a new edition; what was filled keeps the edition it was filled under. */
export function FormEditor({ siteId, id }: { siteId: string; id: string }) {
  const forms = useThings<Form>(siteId, 'forms');
  const back = { href: to(siteId, 'forms'), word: tc('nav.forms') };
  if (id === 'new') return <FormForm form={{ id: '', name: { zh: '', en: '' }, edition: 0, fields: [] }} siteId={siteId} back={back} />;
  return (
    <FindPage load={forms} pick={(one) => one.id === id} title={back.word} back={back}>
      {(form) => <FormForm form={form} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function FormForm({ form, siteId, back }: { form: Form; siteId: string; back: Back }) {
  const isNew = form.id === '';
  const draft = useForm<{ name: Label; fields: DraftField[] }>({ name: form.name, fields: form.fields.map(read) });
  const { value, set, errorAt } = draft;
  const change = (key: number, changes: Partial<DraftField>) => set({ fields: value.fields.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
  return (
    <EditPage
      title={isNew ? tc('forms.new') : say(form.name)}
      back={back}
      draft={draft}
      save={isNew ? tc('form.publish') : tc('form.publish.n', { n: form.edition + 1 })}
      onSave={() => void draft.submit(({ name, fields }) => keep(siteId, 'forms', isNew ? null : form.id, { name, fields: fields.map(publish) }, back.href))}
    >
      {!isNew && <p class="note">{tc('form.edition.why', { n: form.edition })}</p>}
      <LabelField label={tc('thing.name')} focus={isNew} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <h2 class="form__h">{tc('form.fields')}</h2>
      {errorAt('fields') && (
        <small class="field__e" role="alert" data-tone="bad">
          {tc('form.fields.count')}
        </small>
      )}
      <ol class="steps">
        {value.fields.map((field, n) => (
          <li key={field.key} class="step step--tall">
            <i class="no">{n + 1}</i>
            <FieldEditor field={field} index={n} errorAt={errorAt} onChange={(changes) => change(field.key, changes)} />
            <div class="step__a">
              <MoveButtons index={n} count={value.fields.length} name={nameOf(field, n)} onMove={(by) => set({ fields: moved(value.fields, n, by) })} />
              <IconButton name="bin" label={tc('list.drop', { name: nameOf(field, n) })} onPress={() => set({ fields: value.fields.filter((one) => one.key !== field.key) })} />
            </div>
          </li>
        ))}
      </ol>
      <AddField onAdd={(kind) => set({ fields: [...value.fields, newField(kind, value.fields.map((one) => one.id))] })} />
    </EditPage>
  );
}

function nameOf(field: DraftField, n: number): string {
  return say(field.label) || tc('form.field.n', { n: n + 1 });
}

function AddField({ onAdd }: { onAdd: (kind: FieldKind) => void }) {
  const [kind, setKind] = useState<FieldKind>('check');
  return (
    <div class="pair pair--end">
      <SelectField label={tc('form.kind.next')} value={kind} options={kinds.map((one) => ({ value: one, word: tc(`form.kind.${one}`) }))} onChoose={(next) => setKind(next as FieldKind)} />
      <span>
        <Button icon="plus" onPress={() => onAdd(kind)}>
          {tc('form.add')}
        </Button>
      </span>
    </div>
  );
}
