import { say } from '../../../i18n/label';
import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { mayAt } from '../../model/may';
import { session } from '../../model/session';
import { Refusal } from '../../parts/Answers';
import { SelectField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { Device, SiteRef } from '../../types';

/** The other sites to which this person may give a phone. */
export function sitesToMoveTo(siteId: string): SiteRef[] {
  return session.value.sites.filter((one) => one.id !== siteId && mayAt(one, 'enrol.phone'));
}

type MoveProps = { siteId: string; device: Device; onClose: () => void; onDone: (to: SiteRef) => void };

/** Give a phone to another site. */
export function MoveDialog({ siteId, device, onClose, onDone }: MoveProps) {
  const sites = sitesToMoveTo(siteId);
  const draft = useForm({ site: sites[0]?.id ?? '' });
  const chosen = sites.find((one) => one.id === draft.value.site);
  return (
    <FormDialog
      title={tc('phone.move.ask', { name: device.name })}
      go={tc('phone.move')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async ({ site }) => {
          await send('POST', `/sites/${siteId}/devices/${device.id}/move`, { site });
          if (chosen) onDone(chosen);
        })
      }
    >
      <p>{tc('phone.move.why')}</p>
      {device.person && <p class="note">{tc('phone.move.person', { name: device.person.name })}</p>}
      <SelectField
        label={tc('phone.move.to')}
        value={draft.value.site}
        error={draft.errorAt('site')}
        options={sites.map((one) => ({ value: one.id, word: say(one.name) }))}
        onChoose={(site) => draft.set({ site })}
      />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
