import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { Refusal } from '../../parts/Answers';
import { AreaField, CheckField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { DeviceTrace } from '../../types';

export type Deed = 'drain' | 'revoke' | 'wipe';

type LeaveProps = { siteId: string; phone: DeviceTrace; deed: Deed; onClose: () => void; onDone: () => void };

/** Why a phone leaves, with what follows said once more; what may be lost is said in figures and agreed to by itself. */
export function LeaveDialog({ siteId, phone, deed, onClose, onDone }: LeaveProps) {
  const draft = useForm({ why: '' });
  const [agreed, setAgreed] = useState(false);
  const lose = { lose_records: phone.unsent_records, lose_photos: phone.unsent_photos };
  const loses = deed === 'wipe' && lose.lose_records + lose.lose_photos > 0;
  return (
    <FormDialog
      title={tc(`phone.${deed}.ask`, { name: phone.name })}
      go={tc(loses && agreed ? 'phone.wipe.lose' : `phone.${deed}`)}
      goKind={deed === 'drain' ? 'ink' : 'bad'}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async ({ why }) => {
          const none = { lose_records: 0, lose_photos: 0 };
          const body = deed === 'wipe' ? { why, ...(agreed ? lose : none) } : { why };
          await send('POST', `/sites/${siteId}/devices/${phone.id}/${deed}`, body);
          onDone();
        })
      }
    >
      <p>{tc(`phone.${deed}.why`)}</p>
      {deed === 'revoke' && phone.unsent_records > 0 && <p class="note">{tc('phone.revoke.unsent', { n: phone.unsent_records })}</p>}
      {deed === 'wipe' && <p>{tc('phone.wipe.opened')}</p>}
      {loses && <CheckField label={tc('phone.wipe.agree', { n: lose.lose_records, m: lose.lose_photos })} checked={agreed} onCheck={setAgreed} />}
      <AreaField label={tc('excuse.reason')} most={500} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
