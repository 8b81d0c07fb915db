import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { tell } from '../../model/notice';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { EditPage } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, place, to } from '../../route';
import type { Asset, Checkpoint, SiteRef } from '../../types';
import { ClassField, DueField, fromInput, UrgencyField } from './dialogs';
import type { Candidates, Order, OrderKind } from './types';

const KINDS: readonly OrderKind[] = ['repair', 'request', 'inspection', 'rectify', 'other'];

/** A new work order of the office; the address may name the thing and the finding. */
export function NewOrder({ site }: { site: SiteRef }) {
  const { asset, checkpoint, finding } = place.value.query;
  const sees = mayAt(site, 'see.plan');
  const assets = useLoad<{ assets: Asset[] }>(sees ? `/sites/${site.id}/assets` : null).value?.assets ?? [];
  const points = useLoad<{ checkpoints: Checkpoint[] }>(sees ? `/sites/${site.id}/checkpoints` : null).value?.checkpoints ?? [];
  const people = useLoad<Candidates>(`/sites/${site.id}/orders/candidates`).value;
  const draft = useForm({
    kind: 'repair' as string,
    class: 'other' as string,
    urgency: 'normal' as string,
    title: '',
    note: '',
    place: '',
    target: asset ? `asset ${asset}` : checkpoint ? `checkpoint ${checkpoint}` : '',
    to: '',
    due: '',
  });
  const { value, set } = draft;
  const pair = (text: string) => {
    const [kind = '', id = ''] = text.split(' ');
    return text ? { kind, id } : null;
  };
  const save = () =>
    draft.submit(async () => {
      const made = await send<Order>('POST', `/sites/${site.id}/orders`, {
        kind: value.kind,
        class: value.class,
        urgency: value.urgency,
        title: value.title ? { zh: value.title, en: '' } : null,
        note: value.note || null,
        place: value.place || null,
        target: pair(value.target),
        assignee: pair(value.to),
        finding: finding ?? null,
        due_ms: value.due ? fromInput(value.due, site.time_zone) : null,
      });
      tell(tc('orders.opened', { n: made.number }));
      go(to(site.id, 'orders', made.id));
    });
  const candidates = [
    ...(people?.people ?? []).map((one) => ({ value: `person ${one.id}`, word: `${one.name}${one.on_shift ? ` · ${tc('orders.there')}` : ''} · ${tc('orders.load', { n: one.orders })}` })),
    ...(people?.teams ?? []).map((one) => ({ value: `team ${one.id}`, word: say(one.name) })),
    ...(people?.companies ?? []).map((one) => ({ value: `company ${one.id}`, word: one.name })),
  ];
  const things = [
    ...assets.filter((one) => !one.retired).map((one) => ({ value: `asset ${one.id}`, word: `${one.number} ${say(one.name)}` })),
    ...points.filter((one) => !one.retired).map((one) => ({ value: `checkpoint ${one.id}`, word: `${one.number} ${say(one.name)}` })),
  ];
  return (
    <EditPage title={tc('orders.new')} back={{ href: to(site.id, 'orders'), word: tc('nav.work_orders') }} draft={draft} onSave={() => void save()} save={tc('orders.new')} may={mayAt(site, 'dispatch')}>
      <TextField label={tc('orders.what')} focus required most={120} value={value.title} error={draft.errorAt('title.zh')} onText={(title) => set({ title })} />
      <SelectField label={tc('orders.kind')} value={value.kind} options={KINDS.map((one) => ({ value: one, word: tc(`wo.kind.${one}`) }))} onChoose={(kind) => set({ kind })} />
      <ClassField value={value.class} onChoose={(cls) => set({ class: cls })} />
      <UrgencyField value={value.urgency} onChoose={(urgency) => set({ urgency })} />
      {sees && <SelectField label={tc('orders.thing')} optional value={value.target} options={[{ value: '', word: tc('orders.thing.none') }, ...things]} onChoose={(target) => set({ target })} />}
      <TextField label={tc('orders.place')} optional most={200} value={value.place} onText={(text) => set({ place: text })} />
      <AreaField label={tc('orders.text')} optional most={1000} value={value.note} onText={(note) => set({ note })} />
      <SelectField label={tc('orders.dispatch.who')} optional value={value.to} options={[{ value: '', word: tc('wo.who.none') }, ...candidates]} onChoose={(who) => set({ to: who })} />
      <DueField value={value.due} onText={(due) => set({ due })} />
    </EditPage>
  );
}
