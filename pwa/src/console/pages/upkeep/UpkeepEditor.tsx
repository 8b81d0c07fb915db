import { useState } from 'preact/hooks';
import { tc, type ConsoleKey } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { dayOf } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { DemandField } from '../../parts/DemandField';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm, type Draft } from '../../parts/useForm';
import { to } from '../../route';
import type { Asset, Checkpoint, Form, Recurrence, SiteRef } from '../../types';
import type { Meter } from '../meters/types';
import type { Part } from '../parts/types';
import { AssigneeField } from '../plans/AssigneeField';
import { Preview, usePreview } from '../plans/Preview';
import { readWhen, recurrenceOf, type When } from '../plans/when';
import { WhenFields } from '../plans/WhenFields';
import { useRules } from './load';
import type { UpkeepRule, UpkeepTemplate } from './types';

const CLASSES = ['water', 'power', 'gas', 'lift', 'lighting', 'glass', 'door', 'fire', 'leak', 'other'] as const;
const HALF_YEAR: Recurrence = { kind: 'after', every: { months: 6 }, open_days: 14 };

type RuleDraft = {
  name: Label;
  kind: UpkeepRule['target']['kind'];
  thing: string;
  category: string;
  by: 'calendar' | 'meter' | 'both';
  when: When;
  meterKey: string;
  every: string;
  origin: 'completion' | 'schedule';
  openDays: string;
  starts: string;
  ends: string;
  lead: string;
  assignee: string;
  form: string;
  parts: { part: string; quantity: string }[];
  cls: string;
  signature: boolean;
  demand: string;
  paused: boolean;
};

/** The form of a rule: what, when (with the next turns in words), by whom and with what. */
export function UpkeepEditor({ site, id }: { site: SiteRef; id: string }) {
  const rules = useRules(`/sites/${site.id}/upkeep`);
  const templates = useLoad<{ templates: UpkeepTemplate[] }>(id === 'new' ? `/sites/${site.id}/upkeep/templates` : null);
  const [template, setTemplate] = useState<UpkeepTemplate | null>(null);
  const back = { href: to(site.id, 'upkeep', id === 'new' ? null : id), word: tc('nav.upkeep') };
  if (id === 'new') {
    const fresh: UpkeepRule = {
      id: '', name: template?.name ?? { zh: '', en: '' }, target: { kind: template ? 'site' : 'asset', id: null, category: '' }, form: null, parts: [], assignee: null,
      class: template?.class ?? 'other', asks_signature: template?.asks_signature ?? false, demand: template?.demand ?? null, recurrence: template?.recurrence ?? HALF_YEAR, meter: null,
      starts_on: dayOf(Date.now(), site.time_zone), ends_on: null, lead_days: template?.lead_days ?? 7, paused: false, threads: [],
    }; // prettier-ignore
    return <RuleForm key={template?.key ?? ''} rule={fresh} site={site} back={back} templates={templates.value?.templates ?? []} chosen={template?.key ?? ''} onTemplate={setTemplate} />;
  }
  return (
    <FindPage load={rules} pick={(one) => one.id === id} title={back.word} back={back}>
      {(rule) => <RuleForm rule={rule} site={site} back={back} templates={[]} chosen="" onTemplate={() => undefined} />}
    </FindPage>
  );
}

type RuleFormProps = { rule: UpkeepRule; site: SiteRef; back: { href: string; word: string }; templates: readonly UpkeepTemplate[]; chosen: string; onTemplate: (template: UpkeepTemplate | null) => void };

function RuleForm({ rule, site, back, templates, chosen, onTemplate }: RuleFormProps) {
  const draft = useForm<RuleDraft>(draftOf(rule));
  const { value, set } = draft;
  const isNew = rule.id === '';
  const recurrence = recurrenceOf(value.when);
  const byCalendar = value.by !== 'meter';
  const preview = usePreview(site.id, { recurrence, starts_on: value.starts, ends_on: value.ends || null });
  const errorAt = (path: string) => draft.errorAt(path) ?? (byCalendar ? (preview.errors[path] ?? null) : null);
  const forms = useThings<Form>(site.id, 'forms').value ?? [];
  const changeWhen = (changes: Partial<When>): void => {
    // once in each period: more often is a shorter period
    set({ when: { ...value.when, ...changes, ...(changes.pattern === 'count' ? { times: '1', per: 'half_year' } : {}) } });
  };
  return (
    <EditPage
      title={isNew ? tc('upkeep.new') : say(rule.name)}
      back={back}
      draft={draft}
      may={may('change.assets')}
      onSave={() => void draft.submit((next) => keep(site.id, 'upkeep', isNew ? null : rule.id, bodyOf(next), back.href))}
    >
      {templates.length > 0 && (
        <SelectField
          label={tc('upkeep.template')}
          optional
          value={chosen}
          options={[{ value: '', word: tc('upkeep.template.none') }, ...templates.map((one) => ({ value: one.key, word: `${one.demand} ${say(one.name)}` }))]}
          onChoose={(key) => onTemplate(templates.find((one) => one.key === key) ?? null)}
        />
      )}
      <LabelField label={tc('thing.name')} focus={isNew && chosen === ''} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <Target draft={draft} site={site} />
      <h2 class="form__h">{tc('upkeep.when')}</h2>
      <SelectField
        label={tc('upkeep.by')}
        value={value.by}
        options={(['calendar', 'meter', 'both'] as const).map((by) => ({ value: by, word: tc(`upkeep.goes.${by}`) }))}
        error={byCalendar ? null : errorAt('recurrence')}
        onChoose={(by) => set({ by: by as RuleDraft['by'] })}
      />
      {value.by !== 'calendar' && <ByMeter draft={draft} site={site} />}
      {byCalendar && <WhenFields bare when={value.when} set={changeWhen} errorAt={errorAt} />}
      <div class="pair">
        <TextField label={tc('plan.starts')} type="date" required value={value.starts} error={errorAt('starts_on')} onText={(starts) => set({ starts })} />
        <TextField label={tc('plan.ends')} type="date" optional value={value.ends} error={errorAt('ends_on')} onText={(ends) => set({ ends })} />
        <TextField label={tc('upkeep.lead')} hint={tc('upkeep.lead.hint')} type="number" mode="numeric" min="0" max="180" value={value.lead} error={errorAt('lead_days')} onText={(lead) => set({ lead })} />
      </div>
      {byCalendar && <Preview preview={preview} recurrence={recurrence} zone={site.time_zone} />}
      <h2 class="form__h">{tc('upkeep.how')}</h2>
      <AssigneeField siteId={site.id} value={value.assignee} error={errorAt('assignee') ?? errorAt('assignee.id') ?? errorAt('assignee.kind')} makesPosts={false} posts={false} label={tc('upkeep.who')} hint={tc('upkeep.who.hint')} onChoose={(assignee) => set({ assignee })} />
      <div class="pair">
        <SelectField label={tc('upkeep.form')} optional value={value.form} options={[{ value: '', word: '—' }, ...forms.map((one) => ({ value: one.id, word: say(one.name) }))]} error={errorAt('form')} onChoose={(form) => set({ form })} />
        <SelectField label={tc('upkeep.class')} value={value.cls} options={CLASSES.map((one) => ({ value: one, word: tc(`upkeep.class.${one}` as ConsoleKey) }))} error={errorAt('class')} onChoose={(cls) => set({ cls })} />
      </div>
      <PartsNeeded draft={draft} siteId={site.id} />
      <CheckField label={tc('upkeep.signature')} hint={tc('upkeep.signature.hint')} checked={value.signature} onCheck={(signature) => set({ signature })} />
      <DemandField demand={value.demand} also={[]} error={errorAt('demand')} onDemands={(demand) => set({ demand })} />
      <CheckField label={tc('upkeep.pause')} hint={tc('upkeep.pause.hint')} checked={value.paused} onCheck={(paused) => set({ paused })} />
    </EditPage>
  );
}

/** What is kept up. */
function Target({ draft, site }: { draft: Draft<RuleDraft>; site: SiteRef }) {
  const { value, set, errorAt } = draft;
  const assets = useThings<Asset>(site.id, 'assets').value ?? [];
  const checkpoints = useThings<Checkpoint>(value.kind === 'checkpoint' ? site.id : null, 'checkpoints').value ?? [];
  const things: readonly Pick<Asset, 'id' | 'number' | 'name'>[] = value.kind === 'asset' ? assets.filter((one) => !one.retired) : checkpoints;
  const categories = [...new Set(assets.filter((one) => !one.retired).map((one) => one.category))].filter(Boolean).sort();
  const error = errorAt('target.id') ?? errorAt('target.category') ?? errorAt('target');
  return (
    <div class="pair">
      <SelectField label={tc('upkeep.target')} value={value.kind} options={(['asset', 'category', 'checkpoint', 'site'] as const).map((kind) => ({ value: kind, word: tc(`upkeep.target.${kind}`) }))} onChoose={(kind) => set({ kind: kind as RuleDraft['kind'], thing: '', category: '' })} />
      {(value.kind === 'asset' || value.kind === 'checkpoint') && (
        <SelectField label={tc('upkeep.thing')} value={value.thing} options={[{ value: '', word: '—' }, ...things.map((one) => ({ value: one.id, word: `${one.number} ${say(one.name)}` }))]} error={error} onChoose={(thing) => set({ thing })} />
      )}
      {value.kind === 'category' && (
        <SelectField label={tc('part.category')} hint={tc('upkeep.category.hint')} value={value.category} options={[{ value: '', word: '—' }, ...categories.map((one) => ({ value: one, word: one }))]} error={error} onChoose={(category) => set({ category })} />
      )}
    </div>
  );
}

/** By which counter, and every how much. */
function ByMeter({ draft, site }: { draft: Draft<RuleDraft>; site: SiteRef }) {
  const { value, set, errorAt } = draft;
  const meters = useThings<Meter>(site.id, 'meters').value ?? [];
  const counters = meters.filter((one) => one.kind === 'counter' && !one.retired && (value.kind !== 'asset' || value.thing === '' || one.asset.id === value.thing));
  const keys = [...new Map(counters.map((one) => [one.key, one])).values()];
  const unit = keys.find((one) => one.key === value.meterKey)?.unit ?? '';
  const options = [{ value: '', word: '—' }, ...keys.map((one) => ({ value: one.key, word: `${say(one.name)} (${one.unit})` }))];
  if (value.meterKey !== '' && !keys.some((one) => one.key === value.meterKey)) options.push({ value: value.meterKey, word: value.meterKey });
  return (
    <>
      <div class="pair">
        <SelectField label={tc('upkeep.meter')} hint={keys.length === 0 ? tc('upkeep.meter.none') : undefined} value={value.meterKey} options={options} error={errorAt('meter.key')} onChoose={(meterKey) => set({ meterKey })} />
        <TextField label={`${tc('upkeep.meter.every')}${unit ? ` · ${unit}` : ''}`} mode="decimal" value={value.every} error={errorAt('meter.every')} onText={(every) => set({ every })} />
      </div>
      <div class="pair">
        <SelectField label={tc('upkeep.origin')} value={value.origin} options={(['completion', 'schedule'] as const).map((one) => ({ value: one, word: tc(`upkeep.origin.${one}`) }))} onChoose={(origin) => set({ origin: origin as RuleDraft['origin'] })} />
        <TextField label={tc('upkeep.open_days')} hint={tc('upkeep.open_days.hint')} type="number" mode="numeric" min="1" max="366" value={value.openDays} error={errorAt('meter.open_days')} onText={(openDays) => set({ openDays })} />
      </div>
    </>
  );
}

/** The parts that it takes each time. */
function PartsNeeded({ draft, siteId }: { draft: Draft<RuleDraft>; siteId: string }) {
  const { value, set, errorAt } = draft;
  const parts = useThings<Part>(siteId, 'parts').value ?? [];
  const options = [{ value: '', word: '—' }, ...parts.filter((one) => !one.retired).map((one) => ({ value: one.id, word: `${one.number} ${say(one.name)} (${one.unit})` }))];
  const put = (n: number, changes: Partial<RuleDraft['parts'][number]>): void => set({ parts: value.parts.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  if (parts.length === 0) return null;
  return (
    <div class="field">
      {value.parts.map((one, n) => (
        <div key={n} class="partrow">
          <SelectField label={tc('upkeep.part')} value={one.part} options={options} error={errorAt(`parts.${n}.part`)} onChoose={(part) => put(n, { part })} />
          <TextField label={tc('part.quantity')} mode="decimal" value={one.quantity} error={errorAt(`parts.${n}.quantity`)} onText={(quantity) => put(n, { quantity })} />
          <IconButton name="close" label={tc('upkeep.part.drop')} onPress={() => set({ parts: value.parts.filter((_, i) => i !== n) })} />
        </div>
      ))}
      <span>
        <Button kind="quiet" icon="plus" onPress={() => set({ parts: [...value.parts, { part: '', quantity: '1' }] })}>{tc('upkeep.part.add')}</Button>
      </span>
    </div>
  );
}

function draftOf(rule: UpkeepRule): RuleDraft {
  return {
    name: rule.name,
    kind: rule.target.kind,
    thing: rule.target.id ?? '',
    category: rule.target.category,
    by: rule.recurrence && rule.meter ? 'both' : rule.meter ? 'meter' : 'calendar',
    when: readWhen(rule.recurrence ?? HALF_YEAR),
    meterKey: rule.meter?.key ?? '',
    every: rule.meter?.every ?? '',
    origin: rule.meter?.origin ?? 'completion',
    openDays: String(rule.meter?.open_days ?? 7),
    starts: rule.starts_on,
    ends: rule.ends_on ?? '',
    lead: String(rule.lead_days),
    assignee: rule.assignee ? `${rule.assignee.kind} ${rule.assignee.id}` : '',
    form: rule.form ?? '',
    parts: rule.parts,
    cls: rule.class,
    signature: rule.asks_signature,
    demand: rule.demand ?? '',
    paused: rule.paused,
  };
}

function bodyOf(value: RuleDraft) {
  const [kind, id] = value.assignee.split(' ');
  return {
    name: value.name,
    target: { kind: value.kind, id: value.kind === 'asset' || value.kind === 'checkpoint' ? value.thing || null : null, category: value.kind === 'category' ? value.category : '' },
    recurrence: value.by === 'meter' ? null : recurrenceOf(value.when),
    meter: value.by === 'calendar' ? null : { key: value.meterKey, every: value.every.trim(), origin: value.origin, open_days: Number(value.openDays) },
    starts_on: value.starts,
    ends_on: value.ends || null,
    lead_days: Number(value.lead),
    assignee: value.assignee === '' ? null : { kind, id },
    form: value.form || null,
    parts: value.parts.filter((one) => one.part !== '').map((one) => ({ part: one.part, quantity: one.quantity.trim() })),
    class: value.cls,
    asks_signature: value.signature,
    demand: value.demand || null,
    paused: value.paused,
  };
}
