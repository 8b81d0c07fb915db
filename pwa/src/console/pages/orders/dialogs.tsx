/** What is asked before something is done to an order. */
import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { send } from '../../api';
import { momentOf } from '../../dates';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { Refusal, Waiting } from '../../parts/Answers';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { SiteRef } from '../../types';
import type { ActName, Candidate, Candidates, Conflict, Order, OrderClass, OrderRow } from './types';
import { titleOf, wordOf } from './words';

export const CLASSES: readonly OrderClass[] = ['water', 'power', 'gas', 'lift', 'lighting', 'glass', 'door', 'fire', 'leak', 'other'];

export type OrderDialogProps = { site: SiteRef; order: OrderRow; onDone: (order: Order) => void; onStay: () => void };

/** Do something to an order as it was shown. */
export async function actOn(site: SiteRef, order: Pick<OrderRow, 'id' | 'version'>, act: ActName, members: object = {}): Promise<Order> {
  const done = await send<Order>('POST', `/sites/${site.id}/orders/${order.id}/acts`, { act, version: order.version, ...members });
  tell(tc('act.saved'));
  return done;
}

/** To whom: who is there, what they can, how much they have in hand. */
export function DispatchDialog({ site, order, onDone, onStay }: OrderDialogProps) {
  const loaded = useLoad<Candidates>(`/sites/${site.id}/orders/candidates`);
  const draft = useForm<{ to: string; text: string }>({ to: order.assignee ? `${order.assignee.kind} ${order.assignee.id}` : '', text: '' });
  const now = Date.now();
  const go = () =>
    draft.submit(async ({ to: who, text }) => {
      const [kind, id] = who.split(' ');
      onDone(await actOn(site, order, 'dispatch', { to: { kind, id }, ...(text ? { text } : {}) }));
    });
  const choices = loaded.value;
  return (
    <FormDialog title={tc('orders.dispatch.title', { n: order.number })} go={tc('wo.dispatch')} busy={draft.busy} onGo={() => void go()} onStay={onStay}>
      <p>{titleOf(order)}</p>
      <Refusal problem={draft.problem} />
      {!choices ? (
        <Waiting />
      ) : (
        <fieldset class="field candidates">
          <legend class="vh">{tc('orders.dispatch.who')}</legend>
          {choices.people.map((one) => (
            <Choice key={one.id} value={`person ${one.id}`} chosen={draft.value.to} onChoose={(to) => draft.set({ to })} name={one.name} facts={factsOf(one, site.time_zone, now)}>
              <Chip tone={one.on_shift ? 'good' : 'calm'} icon={one.on_shift ? 'st-done' : 'st-upcoming'}>{tc(one.on_shift ? 'orders.there' : 'orders.away')}</Chip>
            </Choice>
          ))}
          {choices.teams.map((one) => (
            <Choice key={one.id} value={`team ${one.id}`} chosen={draft.value.to} onChoose={(to) => draft.set({ to })} name={say(one.name)} facts={tc('orders.team')} />
          ))}
          {choices.companies.map((one) => (
            <Choice key={one.id} value={`company ${one.id}`} chosen={draft.value.to} onChoose={(to) => draft.set({ to })} name={one.name} facts={tc('orders.company')} />
          ))}
          {choices.people.length + choices.teams.length === 0 && <p class="meta">{tc('orders.dispatch.none')}</p>}
        </fieldset>
      )}
      <TextField label={tc('orders.dispatch.text')} optional value={draft.value.text} most={200} onText={(text) => draft.set({ text })} />
      {draft.errorAt('to') && <small class="field__e" role="alert" data-tone="bad">{tc('orders.dispatch.choose')}</small>}
    </FormDialog>
  );
}

type ChoiceProps = { value: string; chosen: string; onChoose: (value: string) => void; name: string; facts: string; children?: preact.ComponentChildren };

function Choice({ value, chosen, onChoose, name, facts, children }: ChoiceProps) {
  return (
    <label class="candidate" data-on={value === chosen ? '' : undefined}>
      <input type="radio" name="to" value={value} checked={value === chosen} onChange={() => onChoose(value)} />
      <span class="grow">
        <strong>{name}</strong>
        <small>{facts}</small>
      </span>
      {children}
    </label>
  );
}

function factsOf(one: Candidate, zone: string, now: number): string {
  return [
    one.trade ? wordOf('role', one.trade) : '',
    one.team ? say(one.team) : (one.company ?? ''),
    one.certificates.map((kind) => wordOf('cert', kind)).join(tc('list.and')),
    tc('orders.load', { n: one.orders }),
    one.urgent > 0 ? tc('orders.load.urgent', { n: one.urgent }) : '',
    one.heard_ms !== null ? tc('orders.heard', { time: moment(one.heard_ms, zone, now) }) : '',
  ].filter(Boolean).join(' · ');
}

type Asked = { why?: 'must' | 'may'; text?: 'must' | 'may'; amount?: true; what?: true; reason?: true; title: Parameters<typeof tc>[0]; go: Parameters<typeof tc>[0]; bad?: true; extra?: object };

/** What an act asks before it is done. */
export const ASKED: Partial<Record<ActName | 'verify_no' | 'follow_no', Asked>> = {
  recall: { why: 'may', title: 'orders.recall.title', go: 'orders.recall' },
  cancel: { why: 'must', title: 'orders.cancel.title', go: 'orders.cancel', bad: true },
  reopen: { why: 'must', title: 'orders.reopen.title', go: 'orders.reopen' },
  pause: { reason: true, why: 'may', title: 'orders.hold.title', go: 'wo.pause' },
  propose: { text: 'must', amount: true, title: 'orders.propose.title', go: 'orders.propose' },
  decline: { why: 'must', title: 'orders.decline.title', go: 'orders.decline', bad: true },
  note: { text: 'must', title: 'orders.note.title', go: 'act.save' },
  cost: { amount: true, what: true, title: 'orders.cost.title', go: 'act.save' },
  verify_no: { why: 'must', title: 'orders.verify.no.title', go: 'orders.verify.no', bad: true, extra: { ok: false } },
  follow_no: { text: 'may', title: 'orders.follow.no.title', go: 'orders.follow.no', bad: true, extra: { satisfied: false } },
};

export type AskDialogProps = OrderDialogProps & { what: keyof typeof ASKED };

/** One question for every act that wants words, an amount or a reason. */
export function AskDialog({ site, order, what, onDone, onStay }: AskDialogProps) {
  const asked = ASKED[what]!;
  const act = (what === 'verify_no' ? 'verify' : what === 'follow_no' ? 'follow' : what) as ActName;
  const draft = useForm({ why: '', text: '', amount: '', what: '', reason: 'parts' });
  const go = () =>
    draft.submit(async (value) => {
      const members: Record<string, unknown> = { ...asked.extra };
      for (const name of ['why', 'text'] as const) if (asked[name] && value[name].trim() !== '') members[name] = value[name];
      if (asked.amount) members['amount'] = value.amount.trim();
      if (asked.what) members['what'] = value.what;
      if (asked.reason) members['reason'] = value.reason;
      onDone(await actOn(site, order, act, members));
    });
  return (
    <FormDialog title={tc(asked.title)} go={tc(asked.go)} goKind={asked.bad ? 'bad' : 'ink'} busy={draft.busy} onGo={() => void go()} onStay={onStay}>
      <p>{order.number} · {titleOf(order)}</p>
      <Refusal problem={draft.problem} />
      {asked.reason && (
        <SelectField
          label={tc('orders.hold.reason')}
          value={draft.value.reason}
          options={(['parts', 'access', 'weather', 'approval', 'other'] as const).map((one) => ({ value: one, word: tc(`orders.pause.${one}`) }))}
          onChoose={(reason) => draft.set({ reason })}
        />
      )}
      {asked.text && <AreaField label={tc('orders.text')} optional={asked.text === 'may'} most={1000} value={draft.value.text} error={draft.errorAt('text')} onText={(text) => draft.set({ text })} />}
      {asked.what && <TextField label={tc('orders.cost.what')} required most={200} value={draft.value.what} error={draft.errorAt('what')} onText={(text) => draft.set({ what: text })} />}
      {asked.amount && <TextField label={tc('orders.amount')} hint={tc('orders.amount.hint')} mode="decimal" required narrow value={draft.value.amount} error={draft.errorAt('amount')} onText={(amount) => draft.set({ amount })} />}
      {asked.why && <AreaField label={tc('orders.why')} optional={asked.why === 'may'} most={500} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />}
    </FormDialog>
  );
}

export type SettleDialogProps = OrderDialogProps & { conflict: Conflict };

/** Choose between two, with a reason. */
export function SettleDialog({ site, order, conflict, onDone, onStay }: SettleDialogProps) {
  const draft = useForm({ keep: conflict.keep[0] ?? '', why: '' });
  const go = () => draft.submit(async ({ keep, why }) => onDone(await actOn(site, order, 'settle', { conflict: conflict.id, keep, why })));
  return (
    <FormDialog title={tc('orders.settle.title')} go={tc('orders.settle')} busy={draft.busy} onGo={() => void go()} onStay={onStay}>
      <p>{tc(`orders.conflict.${conflict.kind}`)}</p>
      <Refusal problem={draft.problem} />
      <fieldset class="field candidates">
        <legend class="vh">{tc('orders.settle.keep')}</legend>
        {conflict.keep.map((keep) => (
          <Choice key={keep} value={keep} chosen={draft.value.keep} onChoose={(value) => draft.set({ keep: value })} name={tc(`orders.keep.${conflict.kind}.${keep}` as Parameters<typeof tc>[0])} facts={keepFacts(conflict, keep)} />
        ))}
      </fieldset>
      <AreaField label={tc('orders.why')} most={500} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
    </FormDialog>
  );
}

function keepFacts(conflict: Conflict, keep: string): string {
  if (conflict.kind !== 'field') return '';
  const value = keep === 'phone' ? conflict.phone : conflict.office;
  return conflict.field === 'class' && value ? wordOf('wo.class', value) : (value ?? '—');
}

/** Change what the office may change. */
export function ChangeDialog({ site, order, onDone, onStay }: OrderDialogProps) {
  const draft = useForm({ urgency: order.urgency as string, class: order.class as string, place: order.place ?? '', title: order.title?.zh ?? '', due: order.due_ms === null ? '' : localInput(order.due_ms, site.time_zone) });
  const [began] = useState(draft.value);
  const go = () =>
    draft.submit(async (value) => {
      const members: Record<string, unknown> = {};
      if (value.urgency !== began.urgency) members['urgency'] = value.urgency;
      if (value.class !== began.class) members['class'] = value.class;
      if (value.place !== began.place) members['place'] = value.place || null;
      if (value.title !== began.title) members['title'] = value.title ? { zh: value.title, en: '' } : null;
      if (value.due !== began.due) members['due_ms'] = value.due ? fromInput(value.due, site.time_zone) : null;
      if (Object.keys(members).length === 0) onStay();
      else onDone(await actOn(site, order, 'change', members));
    });
  return (
    <FormDialog title={tc('orders.change.title', { n: order.number })} go={tc('act.save')} busy={draft.busy} onGo={() => void go()} onStay={onStay}>
      <Refusal problem={draft.problem} />
      <TextField label={tc('orders.what')} optional most={120} value={draft.value.title} onText={(title) => draft.set({ title })} />
      <ClassField value={draft.value.class} onChoose={(cls) => draft.set({ class: cls })} />
      <UrgencyField value={draft.value.urgency} onChoose={(urgency) => draft.set({ urgency })} />
      <TextField label={tc('orders.place')} optional most={200} value={draft.value.place} onText={(place) => draft.set({ place })} />
      <DueField value={draft.value.due} onText={(due) => draft.set({ due })} />
    </FormDialog>
  );
}

export function ClassField({ value, onChoose }: { value: string; onChoose: (value: string) => void }) {
  return <SelectField label={tc('orders.class')} value={value} options={CLASSES.map((one) => ({ value: one, word: tc(`wo.class.${one}`) }))} onChoose={onChoose} />;
}

export function UrgencyField({ value, onChoose }: { value: string; onChoose: (value: string) => void }) {
  return <SelectField label={tc('orders.urgency')} value={value} options={(['normal', 'urgent'] as const).map((one) => ({ value: one, word: tc(`orders.urgency.${one}`) }))} onChoose={onChoose} />;
}

/** A day and a time of the site, or none. */
export function DueField({ value, onText }: { value: string; onText: (value: string) => void }) {
  return (
    <label class="field">
      <span>{tc('orders.due')} <small>{tc('field.optional')}</small></span>
      <input class="input" type="datetime-local" value={value} onInput={(event) => onText(event.currentTarget.value)} />
    </label>
  );
}

/** `2026-11-30T22:10` of the site, as the input wants it. */
export function localInput(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(ms).replace(' ', 'T');
}

export function fromInput(text: string, zone: string): number {
  const [day = '', time = '00:00'] = text.split('T');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return momentOf(day, hours * 60 + minutes, zone);
}
