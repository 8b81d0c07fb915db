import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button, type ButtonKind } from '../../../ui/Button';
import { send } from '../../api';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { AreaField, SelectField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import type { PatrolRoute } from '../../routeTypes';
import type { SpecialWhy } from '../../types';
import { problemSentence } from '../../words';
import { AssigneeField } from './AssigneeField';

const WHY: SpecialWhy[] = ['storm', 'power_cut', 'festival', 'other'];
const MINUTES = ['30', '60', '120', '180', '240', '480', '1440'];

type SpecialDraft = { route: string; why: SpecialWhy; text: string; minutes: string; assignee: string; crew: string };

/** The button that sends out a special round at once, for whoever may change plans. */
export function SpecialRound({ siteId, kind = 'plain', onSent }: { siteId: string; kind?: ButtonKind; onSent?: () => void }) {
  const [open, setOpen] = useState(false);
  if (!may('change.plan')) return null;
  return (
    <>
      <Button kind={kind} icon="bell" onPress={() => setOpen(true)}>
        {tc('special.send')}
      </Button>
      {open && (
        <SpecialDialog
          siteId={siteId}
          onClose={() => setOpen(false)}
          onSent={() => {
            setOpen(false);
            tell(tc('special.sent'));
            onSent?.();
          }}
        />
      )}
    </>
  );
}

function SpecialDialog({ siteId, onSent, onClose }: { siteId: string; onSent: () => void; onClose: () => void }) {
  const routes = useThings<PatrolRoute>(siteId, 'routes').value ?? [];
  const draft = useForm<SpecialDraft>({ route: '', why: 'storm', text: '', minutes: '120', assignee: '', crew: '1' });
  const { value, set, errorAt, problem } = draft;
  const walked = routes.filter((one) => one.stops.length > 0);
  return (
    <FormDialog
      title={tc('special.title')}
      go={tc('special.go')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async (next) => void (await send('POST', `/sites/${siteId}/special-rounds`, bodyOf(next, walked[0]?.id)), onSent()))}
    >
      <p>{tc('special.what')}</p>
      <SelectField label={tc('plan.route')} value={value.route || (walked[0]?.id ?? '')} options={walked.map((one) => ({ value: one.id, word: say(one.name) }))} error={errorAt('route')} onChoose={(route) => set({ route })} />
      <SelectField label={tc('special.why')} value={value.why} options={WHY.map((one) => ({ value: one, word: tc(`special.why.${one}`) }))} onChoose={(why) => set({ why: why as SpecialWhy })} />
      <AreaField label={tc('special.text')} optional rows={2} most={200} value={value.text} error={errorAt('text')} onText={(text) => set({ text })} />
      <SelectField label={tc('special.by')} value={value.minutes} options={MINUTES.map((n) => ({ value: n, word: Number(n) < 60 ? tc('special.minutes', { n }) : tc('special.hours', { n: Number(n) / 60 }) }))} error={errorAt('minutes')} onChoose={(minutes) => set({ minutes })} />
      <AssigneeField siteId={siteId} makesPosts={false} value={value.assignee} error={errorAt('assignee')} onChoose={(assignee) => set({ assignee })} />
      {problem && Object.keys(problem.errors).length === 0 && (
        <p class="refusal" role="alert">
          {problemSentence(problem)}
        </p>
      )}
    </FormDialog>
  );
}

function bodyOf(draft: SpecialDraft, first: string | undefined) {
  const [kind, id] = draft.assignee.split(' ');
  return { route: draft.route || first || null, why: draft.why, text: draft.text.trim(), minutes: Number(draft.minutes), assignee: kind && id ? { kind, id } : null };
}
