import { tc } from '../../../i18n/console';
import type { Label } from '../../../i18n/label';
import { send, sendFile } from '../../api';
import { Refusal } from '../../parts/Answers';
import { LabelField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { SiteMap } from './model';

/** The pictures that are taken. */
export const PICTURES = 'image/jpeg,image/png,image/webp';

/** Choose a picture. */
export function PictureField({ onFile }: { onFile: (file: File | null) => void }) {
  return (
    <label class="field">
      <span class="field__label">{tc('maps.file')}</span>
      <input type="file" accept={PICTURES} required onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)} />
      <small class="field__h">{tc('maps.file.hint')}</small>
    </label>
  );
}

type DialogProps = { path: string; onClose: () => void; onMap: (map: SiteMap) => void };

/** A better picture of the same map. */
export function PictureDialog({ path, onClose, onMap }: DialogProps) {
  const draft = useForm<{ file: File | null }>({ file: null });
  const save = (): void =>
    void draft.submit(async ({ file }) => {
      if (!file) return;
      onMap(await sendFile<SiteMap>(path, file, file.type));
      onClose();
    });
  return (
    <FormDialog title={tc('maps.replace')} go={tc('maps.replace.go')} busy={draft.busy} onStay={onClose} onGo={save}>
      <p>{tc('maps.replace.why')}</p>
      <PictureField onFile={(file) => draft.set({ file })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

/** Another name. */
export function RenameDialog({ path, map, onClose, onMap }: DialogProps & { map: SiteMap }) {
  const draft = useForm<{ name: Label }>({ name: map.name });
  const save = (): void =>
    void draft.submit(async ({ name }) => {
      onMap(await send<SiteMap>('PATCH', path, { name }));
      onClose();
    });
  return (
    <FormDialog title={tc('maps.rename')} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={save}>
      <LabelField label={tc('thing.name')} focus value={draft.value.name} errorAt={draft.errorAt} onLabel={(name) => draft.set({ name })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
