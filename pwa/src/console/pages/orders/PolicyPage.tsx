import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Waiting } from '../../parts/Answers';
import { CheckField, SelectField, TextField, TickRow } from '../../parts/fields';
import { EditPage } from '../../parts/things';
import { Page } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import { clockOf, minutesOf } from '../service/words';
import { go, to } from '../../route';
import type { SiteRef } from '../../types';
import { CLASSES } from './dialogs';
import type { Clause, OrderKind, Policy } from './types';

const KINDS: readonly (OrderKind | 'complaint')[] = ['repair', 'request', 'upkeep', 'inspection', 'rectify', 'other', 'complaint'];
const DAY_MIN = 1440;
const UNITS = ['minutes', 'hours', 'days', 'working_days'] as const;
const WHATS = ['arrive', 'repair', 'follow', 'answer', 'report'] as const;

/** What the site sets of its orders: deadlines by clause, what opens an order by itself, rates, who is told. */
export function PolicyPage({ site }: { site: SiteRef }) {
  const loaded = useLoad<Policy>(`/sites/${site.id}/orders/policy`);
  if (!loaded.value) return <Page title={tc('orders.policy')} crumbs={[{ href: to(site.id, 'orders'), word: tc('nav.work_orders') }]}>{loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}</Page>;
  return <Editor site={site} policy={loaded.value} />;
}

function Editor({ site, policy }: { site: SiteRef; policy: Policy }) {
  const draft = useForm({ clauses: policy.clauses, findings: policy.findings, hours: policy.hours, rates: policy.rates, tell: policy.tell, signature: policy.signature });
  const { value, set } = draft;
  const change = (n: number, changes: Partial<Clause>) => set({ clauses: value.clauses.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  const save = () =>
    draft.submit(async (body) => {
      await send('PATCH', `/sites/${site.id}/orders/policy`, body);
      tell(tc('act.saved'));
      go(to(site.id, 'orders'));
    });
  const add = () => {
    const keys = new Set(value.clauses.map((one) => one.key));
    let n = 1;
    while (keys.has(`own-${n}`)) n += 1;
    set({ clauses: [...value.clauses, { key: `own-${n}`, id: 'P1-13', what: 'repair', amount: 1, unit: 'days', applies: { kind: ['repair'] }, pause_counts: false, in_hours: false }] });
  };
  return (
    <EditPage title={tc('orders.policy')} back={{ href: to(site.id, 'orders'), word: tc('nav.work_orders') }} draft={draft} onSave={() => void save()} may={mayAt(site, 'change.plan')}>
      <h2>{tc('orders.clauses')}</h2>
      <p class="meta">{tc('orders.clauses.why')} {policy.known_until ? tc('orders.holidays.known', { day: policy.known_until }) : tc('orders.holidays.none')}</p>
      {value.clauses.map((one, n) => (
        <details key={one.key} class="panel clause" open={one.key.startsWith('own-')}>
          <summary>
            <b>{one.id}</b>
            <span>{tc(`orders.what.${one.what}`)} · {one.amount} {tc(`orders.unit.${one.unit}`)}{one.in_hours && ` · ${tc('orders.hours')}`}</span>
          </summary>
          <div class="panel__b">
            <div class="clause__row">
              <TextField label={tc('plan.demand')} narrow value={one.id} most={16} error={draft.errorAt(`clauses.${n}.id`)} onText={(id) => change(n, { id })} />
              <SelectField label={tc('orders.figures.what')} narrow value={one.what} options={WHATS.map((what) => ({ value: what, word: tc(`orders.what.${what}`) }))} onChoose={(what) => change(n, { what: what as Clause['what'] })} />
              <TextField label={tc('orders.within')} type="number" narrow value={String(one.amount)} min="1" error={draft.errorAt(`clauses.${n}.amount`)} onText={(text) => change(n, { amount: Number(text) })} />
              <SelectField label={tc('orders.unit')} narrow value={one.unit} options={UNITS.map((unit) => ({ value: unit, word: tc(`orders.unit.${unit}`) }))} onChoose={(unit) => change(n, { unit: unit as Clause['unit'] })} />
            </div>
            <TickRow label={tc('orders.kind')} chosen={one.applies.kind ?? []} options={KINDS.map((kind) => ({ value: kind, word: kind === 'complaint' ? tc('orders.kind.complaint') : tc(`wo.kind.${kind}`) }))} onChoose={(kind) => change(n, { applies: but(one.applies, 'kind', kind) })} />
            <TickRow label={tc('orders.class.any')} chosen={one.applies.class ?? []} options={CLASSES.map((cls) => ({ value: cls, word: tc(`wo.class.${cls}`) }))} onChoose={(cls) => change(n, { applies: but(one.applies, 'class', cls) })} />
            <TickRow label={tc('orders.urgency.any')} chosen={one.applies.urgency ?? []} options={(['normal', 'urgent'] as const).map((urgency) => ({ value: urgency, word: tc(`orders.urgency.${urgency}`) }))} onChoose={(urgency) => change(n, { applies: but(one.applies, 'urgency', urgency) })} />
            {(one.unit === 'minutes' || one.unit === 'hours') && <CheckField label={tc('orders.in_hours')} checked={one.in_hours} onCheck={(in_hours) => change(n, { in_hours })} />}
            <CheckField label={tc('orders.pause_counts')} checked={one.pause_counts} onCheck={(pause_counts) => change(n, { pause_counts })} />
            <Button kind="quiet" icon="bin" onPress={() => set({ clauses: value.clauses.filter((_, i) => i !== n) })}>{tc('orders.clause.remove')}</Button>
          </div>
        </details>
      ))}
      <Button icon="plus" onPress={add}>{tc('orders.clause.add')}</Button>
      <h2>{tc('orders.hours')}</h2>
      <p class="meta">{tc('orders.hours.why')}</p>
      <div class="clause__row">
        <TextField label={tc('orders.hours.from')} type="time" narrow required value={clockOf(value.hours.from_min)} error={draft.errorAt('hours.from_min')} onText={(time) => set({ hours: { ...value.hours, from_min: minutesOf(time) } })} />
        <TextField label={tc('orders.hours.to')} type="time" narrow required value={clockOf(value.hours.to_min % DAY_MIN)} error={draft.errorAt('hours.to_min')} onText={(time) => set({ hours: { ...value.hours, to_min: minutesOf(time) || DAY_MIN } })} />
      </div>
      <CheckField label={tc('orders.hours.working')} checked={value.hours.working_days} onCheck={(working_days) => set({ hours: { ...value.hours, working_days } })} />
      <h2>{tc('orders.findings')}</h2>
      {(['alarm', 'fault', 'urgent', 'report', 'warning'] as const).map((one) => (
        <CheckField key={one} label={tc(`orders.findings.${one}`)} checked={value.findings[one]} onCheck={(is) => set({ findings: { ...value.findings, [one]: is } })} />
      ))}
      <h2>{tc('orders.tell')}</h2>
      {(['near', 'missed'] as const).map((step) => (
        <TickRow key={step} label={tc(`orders.tell.${step}`)} chosen={value.tell[step]} options={(['desk', 'team_leader', 'supervisor'] as const).map((role) => ({ value: role, word: tc(`role.${role}`) }))} onChoose={(who) => set({ tell: { ...value.tell, [step]: who } })} />
      ))}
      <h2>{tc('orders.rates')}</h2>
      <TextField label={tc('orders.rate.hour', { currency: value.rates.currency })} narrow mode="decimal" value={value.rates.labour_hour} error={draft.errorAt('rates.labour_hour')} onText={(labour_hour) => set({ rates: { ...value.rates, labour_hour } })} />
      <TickRow label={tc('orders.signature.kinds')} chosen={value.signature} options={KINDS.filter((kind) => kind !== 'complaint').map((kind) => ({ value: kind, word: tc(`wo.kind.${kind as OrderKind}`) }))} onChoose={(signature) => set({ signature: signature as OrderKind[] })} />
    </EditPage>
  );
}

/** Without a tick a member is for all. */
function but(applies: Clause['applies'], member: 'kind' | 'class' | 'urgency', words: string[]): Clause['applies'] {
  const next = { ...applies, [member]: words };
  if (words.length === 0) delete next[member];
  return next;
}
