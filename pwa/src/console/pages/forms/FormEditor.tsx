import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { LabelField, SelectField } from '../../parts/fields';
import { MoveButtons, moved } from '../../parts/MoveButtons';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { FieldKind, Form } from '../../types';
import { kinds, newField, publish, read, type DraftField } from './draft';
import { FieldEditor, nameOf } from './FieldEditor';
import { Preview } from './Preview';
import { whenWords } from './When';

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
  const [open, setOpen] = useState<number | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const { value, set, errorAt, problem } = draft;
  const change = (key: number, changes: Partial<DraftField>) => set({ fields: value.fields.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
  // what the server refused is opened: it must be seen to be mended
  const wrong = (n: number): boolean => Object.keys(problem?.errors ?? {}).some((path) => path.startsWith(`fields.${n}.`));
  return (
    <EditPage
      title={isNew ? tc('forms.new') : say(form.name)}
      back={back}
      wide
      draft={draft}
      save={isNew ? tc('form.publish') : tc('form.publish.n', { n: form.edition + 1 })}
      onSave={() => void draft.submit(({ name, fields }) => keep(siteId, 'forms', isNew ? null : form.id, { name, fields: fields.map(publish) }, back.href))}
    >
      {!isNew && <p class="note">{tc('form.edition.why', { n: form.edition })}</p>}
      <LabelField label={tc('thing.name')} focus={isNew} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <div class="formedit">
        <div class="form">
          <h2 class="form__h">{tc('form.fields')}</h2>
          {errorAt('fields') && (
            <small class="field__e" role="alert" data-tone="bad">
              {tc('form.fields.count')}
            </small>
          )}
          <ol class="steps">
            {value.fields.map((field, n) => (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a target to drop on; the buttons move too
              <li
                key={field.key}
                class="step step--tall"
                data-dragged={dragged === n ? '' : undefined}
                onDragOver={(event) => {
                  if (dragged === null) return;
                  event.preventDefault();
                  if (dragged !== n) {
                    set({ fields: moved(value.fields, dragged, n - dragged) });
                    setDragged(n);
                  }
                }}
                onDrop={(event) => event.preventDefault()}
              >
                <span class="grip" draggable title={tc('form.drag')} aria-hidden="true" onDragStart={(event) => {
                  event.dataTransfer?.setData('text/plain', field.id);
                  setDragged(n);
                }} onDragEnd={() => setDragged(null)}>
                  <Icon name="list" />
                </span>
                {open === field.key || wrong(n) ? (
                  <FieldEditor siteId={siteId} field={field} index={n} fields={value.fields} errorAt={errorAt} onChange={(changes) => change(field.key, changes)} />
                ) : (
                  <Row field={field} n={n} fields={value.fields} />
                )}
                <div class="step__a">
                  <IconButton name={open === field.key ? 'check' : 'pen'} label={tc(open === field.key ? 'form.close' : 'form.edit', { name: nameOf(field, n) })} onPress={() => setOpen(open === field.key ? null : field.key)} />
                  <MoveButtons index={n} count={value.fields.length} name={nameOf(field, n)} onMove={(by) => set({ fields: moved(value.fields, n, by) })} />
                  <IconButton name="bin" label={tc('list.drop', { name: nameOf(field, n) })} onPress={() => set({ fields: value.fields.filter((one) => one.key !== field.key) })} />
                </div>
              </li>
            ))}
          </ol>
          <AddField
            onAdd={(kind) => {
              const field = newField(kind, value.fields.map((one) => one.id));
              set({ fields: [...value.fields, field] });
              setOpen(field.key);
            }}
          />
        </div>
        <Preview siteId={siteId} name={value.name} fields={value.fields.map(publish)} />
      </div>
    </EditPage>
  );
}

/** A field that is not being edited: what it asks, how it is answered, and when. */
function Row({ field, n, fields }: { field: DraftField; n: number; fields: readonly DraftField[] }) {
  const facts = [
    tc(`form.kind.${field.kind}`),
    typeof field.required === 'object' ? tc('form.required.when') : field.required && field.kind !== 'computed' ? tc('form.required.always') : null,
    field.when ? whenWords(field.when, fields) : null,
  ];
  return (
    <div>
      <b>{nameOf(field, n)}</b>
      <p class="meta">{facts.filter((fact) => fact !== null).join(' · ')}</p>
    </div>
  );
}

function AddField({ onAdd }: { onAdd: (kind: FieldKind) => void }) {
  const [kind, setKind] = useState<FieldKind>('check');
  return (
    <div class="pair pair--end">
      <SelectField label={tc('form.kind.next')} hint={tc(`form.kind.${kind}.why`)} value={kind} options={kinds.map((one) => ({ value: one, word: tc(`form.kind.${one}`) }))} onChoose={(next) => setKind(next as FieldKind)} />
      <span>
        <Button icon="plus" onPress={() => onAdd(kind)}>
          {tc('form.add')}
        </Button>
      </span>
    </div>
  );
}
