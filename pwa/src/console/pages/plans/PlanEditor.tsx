import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { dayOf } from '../../dates';
import { DemandField } from '../../parts/DemandField';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm, type Draft } from '../../parts/useForm';
import { to } from '../../route';
import type { PatrolRoute } from '../../routeTypes';
import type { Form, Place, Plan, Recurrence } from '../../types';
import { AssigneeField } from './AssigneeField';
import { Preview, usePreview } from './Preview';
import { readWhen, recurrenceOf, type When } from './when';
import { WhenFields } from './WhenFields';

type PlanDraft = {
  name: Label;
  walks: 'route' | 'stop';
  route: string;
  place: string;
  form: string;
  demand: string;
  also: readonly string[];
  crew: '1' | '2';
  within: string;
  grace: string;
  assignee: string;
  when: When;
  starts: string;
  ends: string;
  paused: boolean;
  standIn: boolean;
};
type Back = { href: string; word: string };

/** The form of a plan. Keeping it cuts its windows 35 days ahead; windows that have begun stay as they were. */
export function PlanEditor({ siteId, zone, id }: { siteId: string; zone: string; id: string }) {
  const plans = useThings<Plan>(siteId, 'plans');
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  const back = { href: to(siteId, 'plans'), word: tc('nav.plans') };
  if (id === 'new' && routes.value) {
    const fresh: Plan = {
      id: '', name: { zh: '', en: '' }, route: routes.value[0]?.id ?? null, stop: null, demand: null, also: [], crew: 1, grace_min: 30, assignee: null, special: null,
      recurrence: { kind: 'calendar', rule: 'FREQ=DAILY', windows: [{ from: '08:00', to: '10:00' }] }, starts_on: dayOf(Date.now(), zone), ends_on: null, paused: false, stand_in: true,
    };
    return <PlanForm plan={fresh} routes={routes.value} siteId={siteId} zone={zone} back={back} />;
  }
  return (
    <FindPage load={plans} pick={(one) => one.id === id} title={back.word} back={back}>
      {(plan) => <PlanForm plan={plan} routes={routes.value ?? []} siteId={siteId} zone={zone} back={back} />}
    </FindPage>
  );
}

type PlanFormProps = { plan: Plan; routes: readonly PatrolRoute[]; siteId: string; zone: string; back: Back };

function PlanForm({ plan, routes, siteId, zone, back }: PlanFormProps) {
  const draft = useForm<PlanDraft>(draftOf(plan, zone));
  const { value, set } = draft;
  const isNew = plan.id === '';
  const recurrence = recurrenceOf(value.when);
  const preview = usePreview(siteId, { recurrence, starts_on: startOf(recurrence, value.starts), ends_on: endOf(recurrence, value.ends) });
  // what the preview refuses is told at its field before anybody presses the button
  const errorAt = (path: string) => draft.errorAt(path) ?? preview.errors[path] ?? null;
  return (
    <EditPage
      title={isNew ? tc('plans.new') : say(plan.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, 'plans', isNew ? null : plan.id, bodyOf(next), back.href))}
      more={
        !isNew && (
          <Button icon="plan" href={to(siteId, 'plans', plan.id, { month: 'now' })}>
            {tc('month.show')}
          </Button>
        )
      }
    >
      <LabelField label={tc('thing.name')} focus={isNew} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <Walk draft={draft} routes={routes} siteId={siteId} />
      <WhenFields when={value.when} set={(changes) => set({ when: { ...value.when, ...changes } })} errorAt={errorAt} />
      {value.when.pattern !== 'once' && (
        <div class="pair">
          <TextField label={tc('plan.starts')} hint={tc('plan.starts.hint')} type="date" required value={value.starts} error={errorAt('starts_on')} onText={(starts) => set({ starts })} />
          <TextField label={tc('plan.ends')} type="date" optional value={value.ends} error={errorAt('ends_on')} onText={(ends) => set({ ends })} />
        </div>
      )}
      <Preview preview={preview} recurrence={recurrence} zone={zone} />
      <h2 class="form__h">{tc('plan.who')}</h2>
      <div class="pair">
        <AssigneeField siteId={siteId} value={value.assignee} error={errorAt('assignee')} onChoose={(assignee) => set({ assignee })} />
        <SelectField
          label={tc('plan.crew')}
          value={value.crew}
          options={[
            { value: '1', word: tc('plan.crew.1') },
            { value: '2', word: tc('plan.crew.2') },
          ]}
          onChoose={(crew) => set({ crew: crew as PlanDraft['crew'] })}
        />
        {value.crew === '2' && <TextField label={tc('plan.crew_within')} hint={tc('plan.crew_within.why')} type="number" min="1" max="60" mode="numeric" value={value.within} error={errorAt('crew_within_min')} onText={(within) => set({ within })} />}
        <TextField label={tc('plan.grace')} hint={tc('plan.grace.hint')} type="number" min="0" max="1440" mode="numeric" value={value.grace} error={errorAt('grace_min')} onText={(grace) => set({ grace })} />
      </div>
      {value.assignee !== '' && (
        <CheckField label={tc('plan.own')} hint={tc('plan.own.why')} checked={!value.standIn} onCheck={(own) => set({ standIn: !own })} />
      )}
      <CheckField label={tc('plan.pause')} hint={tc('plan.pause.why')} checked={value.paused} onCheck={(paused) => set({ paused })} />
      <p class="note">{tc('plan.cut')}</p>
    </EditPage>
  );
}

/** What is walked: a route, or one place alone. */
function Walk({ draft, routes, siteId }: { draft: Draft<PlanDraft>; routes: readonly PatrolRoute[]; siteId: string }) {
  const { value, set, errorAt } = draft;
  const one = value.walks === 'stop' ? siteId : null;
  const checkpoints = useThings<Place>(one, 'checkpoints').value ?? [];
  const assets = useThings<Place>(one, 'assets').value ?? [];
  const forms = useThings<Form>(one, 'forms').value ?? [];
  const places = [...checkpoints.map((place) => ({ place, kind: 'checkpoint' })), ...assets.map((place) => ({ place, kind: 'asset' }))];
  return (
    <div class="pair">
      <SelectField
        label={tc('plan.walks')}
        value={value.walks}
        options={[
          { value: 'route', word: tc('plan.walks.route') },
          { value: 'stop', word: tc('plan.walks.stop') },
        ]}
        onChoose={(walks) => set({ walks: walks as PlanDraft['walks'] })}
      />
      {value.walks === 'route' ? (
        <SelectField
          label={tc('plan.route')}
          value={value.route}
          options={routes.map((route) => ({ value: route.id, word: `${say(route.name)} · ${tc('route.stops.n', { n: route.stops.length })}` }))}
          error={draft.problem?.slug === 'empty-route' ? tc('problem.empty-route') : errorAt('route')}
          onChoose={(route) => set({ route })}
        />
      ) : (
        <>
          <SelectField
            label={tc('plan.place')}
            value={value.place}
            options={[{ value: '', word: '—' }, ...places.map(({ place, kind }) => ({ value: `${kind} ${place.id}`, word: `${place.number} ${say(place.name)}` }))]}
            error={errorAt('stop.target') ?? errorAt('stop.target.id') ?? errorAt('stop') ?? errorAt('route')}
            onChoose={(place) => set({ place })}
          />
          <SelectField label={tc('plan.form')} value={value.form} options={[{ value: '', word: tc('plan.form.none') }, ...forms.map((form) => ({ value: form.id, word: say(form.name) }))]} error={errorAt('stop.form')} onChoose={(form) => set({ form })} />
        </>
      )}
      <DemandField demand={value.demand} also={value.also} error={errorAt('demand') ?? errorAt('also')} onDemands={(demand, also) => set({ demand, also })} />
    </div>
  );
}

function draftOf(plan: Plan, zone: string): PlanDraft {
  const when = readWhen(plan.recurrence);
  const today = dayOf(Date.now(), zone);
  return {
    name: plan.name, walks: plan.stop ? 'stop' : 'route', route: plan.route ?? '', place: plan.stop ? `${plan.stop.target.kind} ${plan.stop.target.id}` : '', form: plan.stop?.form ?? '',
    demand: plan.demand ?? '', also: plan.also, crew: plan.crew === 2 ? '2' : '1', within: String(plan.crew_within_min ?? 10), grace: String(plan.grace_min), assignee: plan.assignee ? `${plan.assignee.kind} ${plan.assignee.id}` : '',
    when: when.once.from === '' ? { ...when, once: { from: `${today}T08:00`, to: `${today}T18:00` } } : when,
    starts: plan.starts_on, ends: plan.ends_on ?? '', paused: plan.paused, standIn: plan.stand_in,
  };
}

// a plan of one window begins and ends with it
function startOf(recurrence: Recurrence, starts: string): string {
  return recurrence.kind === 'once' ? recurrence.from.slice(0, 10) : starts;
}

function endOf(recurrence: Recurrence, ends: string): string | null {
  return recurrence.kind === 'once' ? recurrence.from.slice(0, 10) : ends || null;
}

function pairOf(text: string): { kind: string; id: string } | null {
  const [kind, id] = text.split(' ');
  return kind && id ? { kind, id } : null;
}

function bodyOf(draft: PlanDraft) {
  const grace = Number(draft.grace);
  const within = Number(draft.within);
  const recurrence = recurrenceOf(draft.when);
  const target = pairOf(draft.place);
  const walk = draft.walks === 'route' ? { route: draft.route } : { route: null, ...(target ? { stop: { target, form: draft.form || null } } : {}) };
  return {
    name: draft.name,
    ...walk,
    demand: draft.demand || null,
    also: draft.also,
    crew: draft.crew === '2' ? 2 : 1,
    ...(draft.crew === '2' ? { crew_within_min: Number.isInteger(within) ? within : draft.within } : {}),
    grace_min: Number.isInteger(grace) ? grace : draft.grace,
    assignee: pairOf(draft.assignee),
    recurrence,
    starts_on: startOf(recurrence, draft.starts),
    ends_on: endOf(recurrence, draft.ends),
    paused: draft.paused,
    stand_in: draft.standIn,
  };
}
