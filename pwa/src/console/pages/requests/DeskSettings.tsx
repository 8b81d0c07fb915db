import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { Failure, Waiting } from '../../parts/Answers';
import { CheckField, TextField, TickRow } from '../../parts/fields';
import { Page } from '../../parts/Page';
import { EditPage } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { SiteRef } from '../../types';
import { classes, type Desk } from './types';

/** The numbers to call, what is urgent by itself, and how long phone numbers are kept. */
export function DeskSettings({ site }: { site: SiteRef }) {
  const loaded = useLoad<Desk>(`/sites/${site.id}/desk`);
  const back = { href: to(site.id, 'requests'), word: tc('nav.requests') };
  if (!loaded.value) return <Page title={tc('desk.settings')} crumbs={[back]}>{loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}</Page>;
  return <Editor site={site} desk={loaded.value} back={back} />;
}

function Editor({ site, desk, back }: { site: SiteRef; desk: Desk; back: { href: string; word: string } }) {
  const draft = useForm({ phone: desk.phone, emergency_phone: desk.emergency_phone, urgent_classes: [...desk.urgent_classes] as string[], takes_reports: desk.takes_reports, contact_days: String(desk.contact_days) });
  const { value, set, errorAt } = draft;
  const save = () =>
    draft.submit(async (typed) => {
      await send('PATCH', `/sites/${site.id}/desk`, { ...typed, contact_days: Number(typed.contact_days) });
      tell(tc('act.saved'));
      go(back.href);
    });
  return (
    <EditPage title={tc('desk.settings')} back={back} draft={draft} onSave={() => void save()}>
      <div class="pair">
        <TextField label={tc('desk.emergency')} hint={tc('desk.emergency.hint')} optional most={24} value={value.emergency_phone} error={errorAt('emergency_phone')} onText={(text) => set({ emergency_phone: text })} />
        <TextField label={tc('desk.number')} hint={tc('desk.number.hint')} optional most={24} value={value.phone} error={errorAt('phone')} onText={(phone) => set({ phone })} />
      </div>
      <TickRow label={tc('desk.urgent')} options={classes.map((one) => ({ value: one, word: tc(`desk.class.${one}`) }))} chosen={value.urgent_classes} onChoose={(chosen) => set({ urgent_classes: chosen })} />
      <TextField label={tc('desk.days')} hint={tc('desk.days.hint')} type="number" narrow mode="numeric" min="1" max="1095" value={value.contact_days} error={errorAt('contact_days')} onText={(text) => set({ contact_days: text })} />
      <CheckField label={tc('desk.takes')} hint={tc('desk.takes.hint')} checked={value.takes_reports} onCheck={(checked) => set({ takes_reports: checked })} />
    </EditPage>
  );
}
