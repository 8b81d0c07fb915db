import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { Refusal } from '../../parts/Answers';
import { AreaField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { Round } from '../../types';

export type ExcuseDialogProps = { path: string; title: string; onClose: () => void; onDone: (round: Round) => void };

/** Excuses a round with a written reason, under the person's name. */
export function ExcuseDialog({ path, title, onClose, onDone }: ExcuseDialogProps) {
  const draft = useForm({ why: '' });
  return (
    <FormDialog
      title={tc('excuse.title', { name: title })}
      go={tc('excuse.go')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async ({ why }) => onDone(await send<Round>('POST', `${path}/excuse`, { why })))}
    >
      <p>{tc('excuse.why')}</p>
      <AreaField label={tc('excuse.reason')} hint={tc('excuse.hint')} most={500} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
